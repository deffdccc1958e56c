import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { impersonationInHeaders } from '../../access/impersonation-in.ts';
import type { Caller, Identity } from '../../access/identity.ts';
import type { AuthenticateFrom } from '../../access/limits/authenticate-from.ts';
import type { RequestLimits } from '../../access/limits/request-limits.ts';
import { TooMany } from '../../access/limits/too-many.ts';
import { type Doorkeepers, enterAs, type Entered } from '../entrance.ts';
import { refusal, refusalBody } from '../errors.ts';
import { holdBody } from '../hold-body.ts';
import { originOf } from '../origin.ts';
import { admitCaller, callerOf, requestIdOf } from '../sessions.ts';
import { projectHeader, unknownProject } from '../target.ts';
import { tooManyAnswer } from '../too-many.ts';

const json = 'application/json; charset=utf-8';

/** What every operation's context has. */
export interface CallerContext {
  readonly caller: Caller;
}

interface Answer {
  readonly text: string;
  readonly code: string;
  readonly status: number;
}

function refusalOf(entered: Exclude<Entered, { readonly identity: Identity }>, project: string): Answer {
  if ('unknown' in entered) return { text: unknownProject(project), code: 'NOT_FOUND', status: 404 };
  const { refused: text, wanted } = entered;
  return wanted === undefined
    ? { text, code: 'BAD_USER_INPUT', status: 400 }
    : { text, code: 'FORBIDDEN', status: 403 };
}

/**
 * Answers 401 to every request of nobody, 429 to one too many of somebody, 404 to one about a project that its caller does not
 * know, 403 to one as somebody else without the right to, and gives every operation its caller; one that has none does not run.
 */
export function useAuth(
  authenticate: AuthenticateFrom,
  doorkeepers: Doorkeepers,
  limits: RequestLimits,
): GatewayPlugin {
  return {
    async onRequest({ request, endResponse, fetchAPI, serverContext }) {
      const { req, res } = serverContext as { readonly req?: IncomingMessage; readonly res?: ServerResponse };
      const { socket } = req ?? {};
      const address = socket?.remoteAddress ?? '';
      let identity: Identity | undefined;
      try {
        identity = await authenticate(request.headers.get('authorization') ?? undefined, address);
        if (identity !== undefined) {
          if (socket !== undefined) limits.useConnection(identity, socket);
          limits.spend(identity, 'read');
          if (req !== undefined && res !== undefined) holdBody(limits, identity, req, res);
          const project = request.headers.get(projectHeader) ?? undefined;
          const origin = req && originOf(req);
          const asked = impersonationInHeaders(request.headers);
          const entered = enterAs(doorkeepers, identity, { project, asked, origin, requestId: requestIdOf(request) });
          if ('identity' in entered) return admitCaller(request, entered.identity, limits, origin);
          const { text, code, status } = refusalOf(entered, project ?? identity.project);
          const body = refusalBody(text, code, requestIdOf(request));
          return endResponse(new fetchAPI.Response(body, { status, headers: { 'content-type': json } }));
        }
      } catch (error) {
        if (!(error instanceof TooMany)) throw error;
        const bodyBytes = Number(req?.headers['content-length'] ?? 0);
        const told = await (identity === undefined
          ? limits.addresses.turnAway(address, bodyBytes)
          : limits.turnAway(identity, bodyBytes));
        if (!told) socket?.destroy();
        return endResponse(tooManyAnswer(error, requestIdOf(request), fetchAPI.Response));
      }
      if (req !== undefined) doorkeepers.onUnknown?.(originOf(req), requestIdOf(request));
      const body = refusalBody(
        'A bearer token is needed: authorization: Bearer <token>',
        'UNAUTHENTICATED',
        requestIdOf(request),
      );
      endResponse(
        new fetchAPI.Response(body, {
          status: 401,
          headers: { 'content-type': json, 'www-authenticate': 'Bearer' },
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
