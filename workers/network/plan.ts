import type { Network, NetworkContext, NetworkIpamStatus, Subnet } from '../../kinds/generated/types.ts';
import type { Key, Resource } from '../../kinds/object.ts';
import type { IpFamily, Refusal, SpaceUse } from '../../store/ipam/types.ts';
import { conditionOf, type Verdict } from '../objects/condition.ts';
import { externalIpv6Range } from '../objects/ip-families.ts';
import { isDeleting } from '../objects/owner.ts';

/** Range that a network without one of its own gets; for IPv6 without one the address management picks a /48. */
export function rangeOf(network: Network, family: IpFamily): string | undefined {
  const { ipam } = network.spec;
  if (family === 'IPv6') return externalIpv6Range(network) ?? ipam.ipv6Range ?? undefined;
  // In Policy mode whoever writes a subnet gives its range, so without a range of the network none is out of place.
  return ipam.ipv4Range ?? (ipam.mode === 'Auto' ? '10.128.0.0/9' : '0.0.0.0/0');
}

/** Ready of a network that stays: whether its address spaces could be made. */
export function readiness(refusals: readonly Refusal[]): Verdict {
  const [refusal] = refusals;
  if (refusal !== undefined)
    return { type: 'Ready', status: 'False', reason: refusal.reason, message: refusal.message };
  return { type: 'Ready', status: 'True', reason: 'Ready', message: 'Network is ready' };
}

/** `status.ipam`: how the address spaces are used, all families together. Addresses are those that interfaces have. */
export function ipamStatus(
  network: Pick<Network, 'spec'>,
  use: Partial<Record<IpFamily, SpaceUse>>,
  subnets: readonly Subnet[],
): NetworkIpamStatus {
  const spaces = Object.values(use);
  // External IPv6 ranges are the cloud's, not the network's.
  const { IPv4, IPv6 } = externalIpv6Range(network) === undefined ? use : { ...use, IPv6: undefined };
  return {
    ...(IPv4 ? { ipv4Range: IPv4.range } : {}),
    ...(IPv6 ? { ipv6Range: IPv6.range } : {}),
    subnets: spaces.reduce((sum, space) => sum + space.blocks, 0),
    allocatedAddresses: subnets.reduce((sum, { status }) => sum + (status?.addresses?.allocated ?? 0), 0),
    capacity: String((IPv4?.capacity ?? 0n) + (IPv6?.capacity ?? 0n)),
  };
}

/** What still holds a network that is being deleted. */
export interface Holders {
  /** Namespace of the network: who reads it need not know what is in others. */
  readonly home: string;
  /** Bindings and instances, as many as a message should name. */
  readonly users: readonly Resource[];
  /** Whether there are more users than those. */
  readonly moreUsers: boolean;
  readonly contexts: readonly NetworkContext[];
}

/** The next step of a deletion: nothing is removed under a user's feet, contexts go before their network. */
export type TeardownStep =
  | { readonly step: 'wait'; readonly ready: Verdict; readonly remove: readonly NetworkContext[] }
  | { readonly step: 'release' };

export function teardown({ home, users, moreUsers, contexts }: Holders): TeardownStep {
  if (users.length > 0) {
    const own = users.filter(({ metadata }) => metadata.namespace === home).map(nameOf);
    const names = [...own, ...(own.length < users.length ? ['objects in other namespaces'] : [])].join(', ');
    return { step: 'wait', ready: waiting('InUse', `In use by ${names}${moreUsers ? ' and more' : ''}`), remove: [] };
  }
  if (contexts.length > 0) {
    const remove = contexts.filter((context) => !isDeleting(context));
    return { step: 'wait', ready: waiting('Terminating', `Waiting for ${contexts.map(nameOf).join(', ')}`), remove };
  }
  return { step: 'release' };
}

function waiting(reason: string, message: string): Verdict {
  return { type: 'Ready', status: 'False', reason, message };
}

function nameOf(object: Resource): string {
  const key: Key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
  return `${object.kind} ${key.namespace}/${key.name}`;
}

/** Whether use was shown for the network as it is declared now; only then it may be shown later than it changes. */
export function showsUse(network: Network): boolean {
  return (
    network.status?.ipam !== undefined &&
    conditionOf(network, 'Ready')?.observedGeneration === network.metadata.generation
  );
}
