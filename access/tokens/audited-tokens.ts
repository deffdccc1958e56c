import type { TellDone } from '../../store/audit/attempts.ts';
import { readOrigin } from '../../store/audit/write-origin.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

/** Tokens of service accounts of which audit knows: nobody gets one that could not be written down. */
export function auditedTokens(tokens: ServiceAccountTokens, tell: TellDone): ServiceAccountTokens {
  return {
    ...tokens,
    async request(context, wish) {
      const issued = await tokens.request(context, wish);
      const { project, actor: user, requestId } = context;
      await tell({
        ...(readOrigin(context.origin?.() ?? null) ?? { door: 'internal' }),
        project,
        user,
        verb: 'create',
        kind: 'ServiceAccount',
        subresource: 'token',
        namespace: wish.namespace,
        name: wish.name,
        requestId,
      });
      return issued;
    },
  };
}
