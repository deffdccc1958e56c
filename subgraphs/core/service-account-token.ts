import { leastTokenSecs, type TokenWish } from '../../access/tokens/service-account-tokens.ts';
import { invalid } from '../../kinds/problem.ts';
import { StoreError } from '../../store/errors.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { userErrors } from '../uniform/user-errors.ts';

interface TokenArguments {
  readonly namespace: string;
  readonly name: string;
  readonly audiences: readonly string[];
  /** Seconds. */
  readonly expirationSeconds: number;
  readonly boundObjectRef?: { readonly kind: string; readonly name: string; readonly uid?: string | null } | null;
}

/** Root field that makes tokens of service accounts. */
export const tokenResolvers = {
  async createServiceAccountToken(_: unknown, args: TokenArguments, context: SubgraphContext): Promise<object> {
    const none = { token: null, expirationTimestamp: null, audiences: null, warnings: [] };
    try {
      const { token, expiresAt, audiences } = await requested(args, context);
      return { ...none, token, expirationTimestamp: expiresAt.toISOString(), audiences, userErrors: [] };
    } catch (error) {
      const errors = userErrors(error);
      if (errors === undefined) throw error;
      return { ...none, userErrors: errors };
    }
  },
};

async function requested(args: TokenArguments, { guard, registry, request, serviceAccounts }: SubgraphContext) {
  const { namespace, name, audiences, expirationSeconds } = args;
  guard.require(registry.get('ServiceAccount'), 'create', { namespace, name, subresource: 'token' });
  if (expirationSeconds < leastTokenSecs) {
    const problem = invalid('expirationSeconds', expirationSeconds, 'may not specify a duration less than 10 minutes');
    throw new StoreError('Invalid', problem.message, { problems: [problem] });
  }
  return serviceAccounts.request(request, {
    namespace,
    name,
    audiences,
    expiresInSecs: expirationSeconds,
    ...boundOf(args, registry),
  });
}

function boundOf({ boundObjectRef }: TokenArguments, registry: SubgraphContext['registry']): Pick<TokenWish, 'bound'> {
  if (boundObjectRef === undefined || boundObjectRef === null) return {};
  const { kind, name, uid } = boundObjectRef;
  if (registry.byId(kind)?.scope !== 'Namespaced') {
    const problem = invalid('boundObjectRef.kind', kind, 'cannot bind token to object of this type');
    throw new StoreError('Invalid', problem.message, { problems: [problem] });
  }
  return { bound: { kind, name, ...(uid ? { uid } : {}) } };
}
