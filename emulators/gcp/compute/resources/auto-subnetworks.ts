import { formatIpv4, parseIpv4 } from '../../net/cidr.ts';
import { REGION_NAMES } from '../catalog/places.ts';
import { linkOf } from '../links.ts';
import type { Companion, Target } from '../resource-type.ts';
import { subnetworkBody } from './subnetwork-body.ts';

/** In auto mode each region has a /20 of this range. */
// The text is an address.
const FIRST = parseIpv4('10.128.0.0')!;
const SIZE = 2 ** 12;

/** The subnetworks of a network in auto mode: one in each region, with the network's name. */
export function autoSubnetworks(target: Target): readonly Companion[] {
  return [...REGION_NAMES].map((region, index) => ({
    key: `projects/${target.project}/regions/${region}/subnetworks/${target.name}`,
    type: 'subnetworks',
    body: subnetworkBody({
      name: target.name,
      network: linkOf(target.key),
      ipCidrRange: `${formatIpv4(FIRST + index * SIZE)}/20`,
    }),
    hidden: { isAuto: true },
  }));
}
