import type { Network, Subnet } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
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

/** The subnetwork that an IPv4 subnet with this range is in the location's region; dual-stack where it has IPv6 as well. */
export function wantedSubnetwork(
  subnet: Subnet,
  { range, isDual }: { readonly range: string; readonly isDual: boolean },
  network: Network,
  place: Place,
  by: By,
): Wanted<'compute.subnetworks'> {
  const { uid } = subnet.metadata;
  const { account, region } = place;
  const name = subnetworkName(uid);
  const marker = { ownerKind: 'Subnet', ownerUid: uid };
  const ipv6 = network.spec.ipv6Access === 'External' ? 'EXTERNAL' : 'INTERNAL';
  const body = subnetworkBody({
    account,
    region,
    name,
    network: networkName(network.metadata.uid),
    range,
    ipv6: isDual ? ipv6 : undefined,
    marker,
  });
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

/** A network without IPv4 would need subnetworks of another kind. */
export const ipv6OnlyVerdict = notProgrammed(
  notYetImplemented,
  'A network of IPv6 alone is not programmed in Google Cloud; add IPv4 to its ipFamilies',
);

/** The subnetwork among the rows of a subnet. */
export function subnetworkRow(rows: readonly CloudResource[]): CloudResource | undefined {
  return rows.find(({ type }) => type === 'compute.subnetworks');
}
