import { parseCidr } from '../cidr.ts';
import type { IPFamily, IPv6Access, Network } from '../generated/types.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';

/** The range of a family is of that family, and a family that subnets may have by now stays. */
export function admit({ spec }: Network, previous: Network | undefined): Problem[] {
  const { ipv4Range, ipv6Range } = spec.ipam;
  return [
    ...familyProblems('spec.ipam.ipv4Range', ipv4Range, 'IPv4'),
    ...familyProblems('spec.ipam.ipv6Range', ipv6Range, 'IPv6'),
    ...(spec.ipv6Access === 'External' && ipv6Range !== undefined
      ? [forbidden('spec.ipam.ipv6Range', 'the cloud chooses the ranges of external IPv6 addresses')]
      : []),
    // Here and not by a rule of the schema: a rule would change how a real API server answers other faults of networks.
    ...(previous === undefined || accessOf({ spec }) === accessOf(previous)
      ? []
      : [invalid('spec.ipv6Access', spec.ipv6Access ?? null, 'ipv6Access is immutable')]),
    ...(previous === undefined ||
    !isInUse(previous) ||
    familiesOf(previous).every((family) => familiesOf({ spec }).includes(family))
      ? []
      : [forbidden('spec.ipFamilies', 'a family that the network has cannot be taken away')]),
  ];
}

function accessOf({ spec: { ipv6Access = 'Internal' } }: Pick<Network, 'spec'>): IPv6Access {
  return ipv6Access;
}

/** Only a network that is ready has subnets. */
function isInUse({ status }: Network): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

function familiesOf({ spec: { ipFamilies } }: Pick<Network, 'spec'>): readonly IPFamily[] {
  return ipFamilies === undefined || ipFamilies.length === 0 ? ['IPv4'] : ipFamilies;
}

function familyProblems(path: string, range: string | undefined, family: IPFamily): Problem[] {
  if (range === undefined || parseCidr(range)?.family === family) return [];
  return [invalid(path, range, `must be an ${family} range`)];
}
