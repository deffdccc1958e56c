import { parseCidr } from '../cidr.ts';
import type { IPFamily, Network } from '../generated/types.ts';
import { invalid, required, type Problem } from '../problem.ts';

/** A network has a family, and a range of each family's own kind. */
export function admit({ spec }: Network): Problem[] {
  const { ipv4Range, ipv6Range } = spec.ipam;
  return [
    ...familyProblems('spec.ipam.ipv4Range', ipv4Range, 'IPv4'),
    ...familyProblems('spec.ipam.ipv6Range', ipv6Range, 'IPv6'),
    ...(spec.ipFamilies?.length === 0 ? [required('spec.ipFamilies', 'at least one of IPv4, IPv6')] : []),
  ];
}

function familyProblems(path: string, range: string | undefined, family: IPFamily): Problem[] {
  if (range === undefined || parseCidr(range)?.family === family) return [];
  return [invalid(path, range, `must be an ${family} range`)];
}
