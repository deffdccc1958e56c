import { parseCidr } from '../cidr.ts';
import type { IPFamily, Network } from '../generated/types.ts';
import { invalid, type Problem } from '../problem.ts';

/** The range of a family is of that family. */
export function admit({ spec }: Network): Problem[] {
  const { ipv4Range, ipv6Range } = spec.ipam;
  return [
    ...familyProblems('spec.ipam.ipv4Range', ipv4Range, 'IPv4'),
    ...familyProblems('spec.ipam.ipv6Range', ipv6Range, 'IPv6'),
  ];
}

function familyProblems(path: string, range: string | undefined, family: IPFamily): Problem[] {
  if (range === undefined || parseCidr(range)?.family === family) return [];
  return [invalid(path, range, `must be an ${family} range`)];
}
