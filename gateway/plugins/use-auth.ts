import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { Authenticate } from '../../access/authenticate.ts';
import type { Caller } from '../../access/identity.ts';
import { refusal, refusalBody } from '../errors.ts';
import { admitCaller, callerOf, requestIdOf } from '../sessions.ts';

/** What every operation's context has. */
export interface CallerContext {
  readonly caller: Caller;
}

/** Answers 401 to every request of nobody, and gives every operation its caller; one that has none does not run. */
export function useAuth(authenticate: Authenticate): GatewayPlugin {
  return {
    async onRequest({ request, endResponse, fetchAPI }) {
      const identity = await authenticate(request.headers.get('authorization') ?? undefined);
      if (identity !== undefined) return admitCaller(request, identity);
      const body = refusalBody(
        'A bearer token is needed: authorization: Bearer <token>',
        'UNAUTHENTICATED',
        requestIdOf(request),
      );
      endResponse(
        new fetchAPI.Response(body, {
          status: 401,
          headers: { 'content-type': 'application/json; charset=utf-8', 'www-authenticate': 'Bearer' },
        }),
      );
    },
    onContextBuilding({ context, extendContext }) {
      const { caller, request } = context as Partial<CallerContext> & { request?: Request };
      const known = request === undefined ? caller : callerOf(request);
      if (known === undefined) throw refusal('Unauthenticated', 'UNAUTHENTICATED', 401);
      extendContext({ caller: known } satisfies CallerContext);
    },
  };
}
