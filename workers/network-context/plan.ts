import type { Instance, NetworkBinding, NetworkContext, Subnet, SubnetClaim } from '../../kinds/generated/types.ts';
import type { Verdict } from '../objects/condition.ts';
import { conditionOf } from '../objects/condition.ts';
import { controllerOf, isControlledBy, isDeleting } from '../objects/owner.ts';

/** What is in a context, and who needs it; instances are asked last, since there are most of them. */
export interface Surroundings {
  /** Bindings of the context's network, in any location. */
  readonly bindings: readonly NetworkBinding[];
  readonly claims: readonly SubnetClaim[];
  readonly subnets: readonly Subnet[];
}

/** Reason of Ready on a context that is about to go; no binding becomes ready on it any more. */
export const unused = 'Unused';

/** Ready of a context that is needed follows Programmed. */
export function readiness(context: NetworkContext): Verdict | undefined {
  const programmed = conditionOf(context, 'Programmed');
  if (programmed === undefined || programmed.status === 'Unknown') {
    // Not reported yet: Ready says the same, and need not be written while it still does.
    return conditionOf(context, 'Ready')?.status === 'Unknown'
      ? undefined
      : notReady('NotProgrammed', 'Waiting for the provider');
  }
  if (programmed.status === 'False') return notReady(programmed.reason, programmed.message);
  return { type: 'Ready', status: 'True', reason: 'Ready', message: 'Network is ready in the location' };
}

export const unusedVerdict: Verdict = notReady(unused, 'No network binding needs the network in the location');

/**
 * Whether a context stays: a binding needs it, or a user declared a claim or subnet in it. Contexts that no controller
 * made stay in any case.
 */
export function isNeeded(context: NetworkContext, { bindings, claims, subnets }: Surroundings): boolean {
  if (controllerOf(context)?.kind !== 'Network') return true;
  return (
    bindings.some((binding) => isFor(binding, context)) ||
    claims.some((claim) => !isControlledBy(claim, context.metadata.uid)) ||
    subnets.some((subnet) => controllerOf(subnet)?.kind !== 'SubnetClaim')
  );
}

/** Whether an interface of an instance is in the context, although no binding says so any more. */
export function isInhabited(context: NetworkContext, instances: readonly Instance[]): boolean {
  const { location } = context.spec;
  return instances.some(
    ({ metadata, spec }) =>
      spec.location?.name === location.name &&
      spec.location.namespace === location.namespace &&
      spec.networkInterfaces.some(({ network }) => isNetworkOf(context, network, metadata.namespace)),
  );
}

/** Claims and subnets that have to go before their context; undefined when none is left. */
export function leftovers({
  claims,
  subnets,
}: Pick<Surroundings, 'claims' | 'subnets'>): (SubnetClaim | Subnet)[] | undefined {
  const left = [...claims, ...subnets];
  return left.length === 0 ? undefined : left.filter((object) => !isDeleting(object));
}

function isFor(binding: NetworkBinding, context: NetworkContext): boolean {
  const { network, location } = binding.spec;
  return (
    isNetworkOf(context, network, binding.metadata.namespace) &&
    location.name === context.spec.location.name &&
    location.namespace === context.spec.location.namespace
  );
}

function isNetworkOf(
  context: NetworkContext,
  network: { readonly name: string; readonly namespace?: string },
  ownNamespace: string | undefined,
): boolean {
  return (
    network.name === context.spec.network.name && (network.namespace ?? ownNamespace) === context.metadata.namespace
  );
}

function notReady(reason: string, message: string): Verdict {
  return { type: 'Ready', status: 'False', reason, message };
}
