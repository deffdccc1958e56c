import type { Network, Subnet } from '../../kinds/generated/types.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import { networkName, subnetworkName } from '../clouds/gcp/names.ts';
import type { Place } from '../clouds/gcp/places.ts';
import { subnetworkBody } from '../clouds/gcp/subnetworks.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { describe, reasonOf } from '../gcp-objects/reasons.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { isTrue, notYetImplemented, type Verdict } from '../objects/condition.ts';

/** Fact of the range that a subnetwork was made with. */
export const rangeFact = 'range';

/** Range that a subnet was given; undefined while it has none. */
export function rangeOf(subnet: Subnet): string | undefined {
  const { startAddress, prefixLength } = subnet.status ?? {};
  if (!isTrue(subnet, 'Allocated') || startAddress === undefined || prefixLength === undefined) return undefined;
  return `${startAddress}/${prefixLength}`;
}

/** The subnetwork that an IPv4 subnet with this range is in the location's region. */
export function wantedSubnetwork(
  subnet: Subnet,
  range: string,
  network: Network,
  place: Place,
  by: By,
): Wanted<'compute.subnetworks'> {
  const { uid } = subnet.metadata;
  const { account, region } = place;
  const name = subnetworkName(uid);
  const marker = { ownerKind: 'Subnet', ownerUid: uid };
  const body = subnetworkBody({ account, region, name, network: networkName(network.metadata.uid), range, marker });
  return {
    ...ownedIn(subnet, by),
    account,
    scope: `regions/${region}`,
    type: 'compute.subnetworks',
    name,
    body,
    specHash: specHash(body),
    facts: { [rangeFact]: range },
  };
}

/** Programmed of a subnet, from where its subnetwork is. */
export function programmed(stage: Stage): Verdict {
  switch (stage.at) {
    case 'ready':
      return {
        type: 'Programmed',
        status: 'True',
        reason: 'Programmed',
        message: `Subnetwork ${stage.row.name} is ready in project ${stage.row.account}`,
      };
    case 'failed':
      return notProgrammed(reasonOf(stage.failure) ?? 'ProgrammingInProgress', describe(stage));
    default:
      return notProgrammed('ProgrammingInProgress', 'The subnetwork is being made or changed');
  }
}

export function notProgrammed(reason: string, message: string): Verdict {
  return { type: 'Programmed', status: 'False', reason, message };
}

/** The IPv6 subnet of a context shares the subnetwork of the IPv4 one, which stays IPv4 for now. */
export const ipv6Verdict = notProgrammed(
  notYetImplemented,
  'IPv6 is allocated, but not programmed in Google Cloud yet; IPv4 is not affected',
);
