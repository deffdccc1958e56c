import type { Subnet } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { ipv4SubnetAnnotation } from '../objects/labels.ts';
import { isDeleting } from '../objects/owner.ts';
import { workerContext } from '../objects/worker-context.ts';

/** An IPv6 subnet has no place of its own in Google: it is what makes the subnetwork of an IPv4 subnet dual-stack. */
function ipv4NameOf({ metadata }: Pick<Subnet, 'metadata'>): string | undefined {
  return metadata.annotations?.[ipv4SubnetAnnotation];
}

/** The IPv6 subnet that goes with an IPv4 one, among those of their context. */
export function companionOf(subnet: Subnet, others: readonly Subnet[]): Subnet | undefined {
  return others.find(
    (one) => one.spec.ipFamily === 'IPv6' && !isDeleting(one) && ipv4NameOf(one) === subnet.metadata.name,
  );
}

/** The IPv4 subnet that an IPv6 one goes with: the one it had, else the oldest of its class that has none. */
export function partnerOf(subnet: Subnet, others: readonly Subnet[]): Subnet | undefined {
  const fitting = others.filter(
    ({ spec, ...one }) => spec.ipFamily === 'IPv4' && spec.subnetClass === subnet.spec.subnetClass && !isDeleting(one),
  );
  const own = fitting.find(({ metadata }) => metadata.name === ipv4NameOf(subnet));
  return own ?? fitting.find((one) => companionOf(one, others) === undefined);
}

/** All subnets of a subnet's context, oldest first. */
export async function subnetsBeside(store: Store, context: RequestContext, subnet: Subnet): Promise<readonly Subnet[]> {
  const key = { namespace: keyOf(subnet).namespace, name: subnet.spec.networkContext.name };
  const { items } = await store.list(context, 'Subnet', {
    refersTo: { kind: 'NetworkContext', ...key },
    order: 'created',
  });
  return items;
}

/** IPv6 subnets that may wait for an IPv4 one, or have lost theirs, when one comes or goes. */
export function ipv6Beside(controller: string): (change: Change, store: Store) => Promise<Key[]> {
  return async (change, store) => {
    const subnet = change.object as Subnet;
    if (subnet.spec.ipFamily !== 'IPv4' || (change.type === 'MODIFIED' && !isDeleting(subnet))) return [];
    const others = await subnetsBeside(store, workerContext(controller, change), subnet);
    return others.filter(({ spec }) => spec.ipFamily === 'IPv6').map(keyOf);
  };
}
