import type { GcpDeps } from '../gcp-objects/deps.ts';
import { quotaRetryMs } from '../objects/quota.ts';
import type { Missing } from './plan.ts';
import type { InterfacePlace } from './surroundings.ts';

/** An address of one interface, and the subnetwork that it is in. */
export interface InterfaceAddress {
  readonly address: string;
  readonly subnetwork: string;
  /** Uid of the IPv6 subnet of that subnetwork, if it has one. */
  readonly ipv6: string | undefined;
  /** IPv6 address there that the interface had before; a machine that is made again gets the same. */
  readonly ipv6Address: string | undefined;
}

/**
 * An address for each interface, in order: those that the instance has, or new ones from the first subnet with room. Asked
 * again, it answers the same.
 */
export async function addressesFor(
  deps: Pick<GcpDeps, 'ipam'>,
  instance: {
    readonly project: string;
    readonly namespace: string;
    readonly uid: string;
    readonly mayHaveSome: boolean;
  },
  places: readonly InterfacePlace[],
): Promise<InterfaceAddress[] | Missing> {
  const { project, namespace, uid: owner } = instance;
  const held = instance.mayHaveSome ? await deps.ipam.addressesOf({ project, owner }) : [];
  const addresses: InterfaceAddress[] = [];
  for (const [interfaceIndex, { subnets }] of places.entries()) {
    const own = held.find((one) => one.interfaceIndex === interfaceIndex);
    const home = own && subnets.find(({ uid }) => uid === own.subnet);
    if (own !== undefined && home !== undefined) {
      const { subnetwork, ipv6 } = home;
      const kept = held.find((one) => one.interfaceIndex === interfaceIndex && one.subnet === ipv6);
      addresses.push({ address: own.address, subnetwork, ipv6, ipv6Address: kept?.address });
      continue;
    }
    const refusals: string[] = [];
    let reason = 'RangeExhausted';
    for (const { uid: subnet, subnetwork, ipv6 } of subnets.filter(({ usable }) => usable)) {
      const answer = await deps.ipam.allocateAddress({ project, namespace, subnet, owner, interfaceIndex });
      if (answer.ok) {
        addresses.push({ address: answer.address, subnetwork, ipv6, ipv6Address: undefined });
        break;
      }
      refusals.push(answer.message);
      // Another subnet would not help.
      if (answer.reason === 'QuotaExceeded') {
        reason = answer.reason;
        break;
      }
    }
    if (addresses.length <= interfaceIndex && refusals.length === 0) return noSubnet(interfaceIndex);
    if (addresses.length <= interfaceIndex)
      return {
        reason,
        ...(reason === 'QuotaExceeded' ? { retryAfterMs: quotaRetryMs } : {}),
        message: `No address for interface ${interfaceIndex}: ${refusals.join('; ')}`,
      };
  }
  return addresses;
}

/** An interface whose network has no subnet, in the location, that addresses can come from now. */
export function noSubnet(interfaceIndex: number): Missing {
  return {
    reason: 'ProgrammingInProgress',
    message: `Waiting for a subnet of the network of interface ${interfaceIndex}`,
  };
}
