import { contains, firstOf, formatAddress, parseAddress, parseCidr, widthOf } from '../cidr.ts';
import type { IPFamily } from '../generated/types.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';

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

interface Request {
  readonly startAddress?: string;
  readonly prefixLength?: number;
}

/**
 * What breaks the rule that a range which was given only grows, around where it lies. `given` is the range of the status. An
 * IPv6 range has the one size that machines can use.
 */
export function growthProblems(
  next: Request & { readonly ipFamily: IPFamily },
  previous: Request,
  given: Request | undefined,
): Problem[] {
  if (given?.startAddress === undefined) return [];
  const { startAddress, prefixLength } = next;
  const isMoved = startAddress !== previous.startAddress;
  if (!isMoved && prefixLength === previous.prefixLength) return [];
  const kept = 'may not change after the range was allocated';
  const length = given.prefixLength ?? previous.prefixLength;
  if (next.ipFamily === 'IPv6' || prefixLength === undefined || length === undefined)
    return [forbidden(isMoved ? 'spec.startAddress' : 'spec.prefixLength', kept)];
  const range = `${given.startAddress}/${length}`;
  if (prefixLength > length)
    return [forbidden('spec.prefixLength', `a range that is allocated only grows, and it is ${range}`)];
  if (!isMoved && startAddress === undefined) return [];
  const [outer, inner] = [parseCidr(`${startAddress}/${prefixLength}`), parseCidr(range)];
  if (startAddress !== undefined && outer !== undefined && inner !== undefined && contains(outer, inner)) return [];
  return [forbidden('spec.startAddress', `a range that is allocated only grows around itself, and it is ${range}`)];
}
