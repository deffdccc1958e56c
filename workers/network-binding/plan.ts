import type { Network, NetworkBinding, NetworkContext } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import type { Verdict } from '../objects/condition.ts';
import { conditionOf, failureOf } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';

/** What a binding comes to: a context to create, or none, and the status to show. */
export interface BindingPlan {
  readonly createContext: boolean;
  readonly ready: Verdict;
  /** Set once the context is ready; undefined keeps what is there. */
  readonly networkContextRef?: { readonly namespace: string; readonly name: string };
}

/** Network that a binding names; without a namespace its own is meant. */
export function networkKey(binding: NetworkBinding): Key {
  const { network } = binding.spec;
  return { namespace: network.namespace ?? binding.metadata.namespace ?? '', name: network.name };
}

/** Full name of the context of a network in a location, before it is shortened. */
export function contextName({ spec }: NetworkBinding): string {
  return `${spec.network.name}-${spec.location.namespace}-${spec.location.name}`;
}

/** The context of the binding's location among those that the network owns; one that is going only if no other is there. */
export function contextFor({ spec }: NetworkBinding, contexts: readonly NetworkContext[]): NetworkContext | undefined {
  const fitting = contexts.filter(
    (context) =>
      context.spec.location.name === spec.location.name && context.spec.location.namespace === spec.location.namespace,
  );
  return fitting.find((context) => !isDeleting(context)) ?? fitting[0];
}

export function plan(
  binding: NetworkBinding,
  network: Network | undefined,
  context: NetworkContext | undefined,
): BindingPlan {
  const { namespace, name } = networkKey(binding);
  if (network === undefined) return waiting('NetworkNotFound', `Network ${namespace}/${name} was not found`);
  if (context === undefined) {
    if (isDeleting(network)) return waiting('NetworkNotFound', `Network ${namespace}/${name} is being deleted`);
    return {
      ...waiting('NetworkContextNotReady', `Waiting for the network in ${binding.spec.location.name}`),
      createContext: true,
    };
  }
  const { metadata } = context;
  if (isDeleting(context)) return waiting('NetworkContextNotReady', `NetworkContext ${metadata.name} is being deleted`);
  if (conditionOf(context, 'Ready')?.status === 'True') {
    return {
      createContext: false,
      ready: {
        type: 'Ready',
        status: 'True',
        reason: 'NetworkContextReady',
        message: `NetworkContext ${metadata.name} is ready`,
      },
      networkContextRef: { namespace: metadata.namespace ?? '', name: metadata.name },
    };
  }
  const failure = failureOf(context, 'Programmed');
  if (failure !== undefined) return waiting(failure.reason, failure.message);
  return waiting('NetworkContextNotReady', `Waiting for NetworkContext ${metadata.name}`);
}

function waiting(reason: string, message: string): BindingPlan {
  return { createContext: false, ready: { type: 'Ready', status: 'False', reason, message } };
}
