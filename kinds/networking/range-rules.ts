import { firstOf, formatAddress, parseAddress, widthOf } from '../cidr.ts';
import type { IPFamily } from '../generated/types.ts';
import { invalid, type Problem } from '../problem.ts';

/** What breaks the rules on a range that is asked for: both parts are of the family, and together they have no host bits. */
export function rangeProblems(spec: {
  readonly ipFamily: IPFamily;
  readonly startAddress?: string;
  readonly prefixLength?: number;
}): Problem[] {
  const { ipFamily, startAddress, prefixLength } = spec;
  const problems: Problem[] = [];
  const width = widthOf(ipFamily);
  if (prefixLength !== undefined && prefixLength > width) {
    problems.push(invalid('spec.prefixLength', prefixLength, `must be less than or equal to ${width} for ${ipFamily}`));
  }
  const address = startAddress === undefined ? undefined : parseAddress(startAddress);
  if (address === undefined) return problems;
  if (address.family !== ipFamily)
    problems.push(invalid('spec.startAddress', startAddress, `must be an ${ipFamily} address`));
  if (problems.length > 0 || prefixLength === undefined) return problems;
  const first = firstOf(address, prefixLength);
  if (first === address.value) return [];
  const text = formatAddress({ family: ipFamily, value: first });
  return [
    invalid(
      'spec.startAddress',
      startAddress,
      `must be the first address of a range of prefix length ${prefixLength}: ${text}`,
    ),
  ];
}
