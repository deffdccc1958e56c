import type { Ipv4Range } from './cidr.ts';
import { overlaps, parseIpv4Range } from './cidr.ts';

const FORBIDDEN = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '199.36.153.4/30',
  '199.36.153.8/30',
];
const FORBIDDEN_RANGES = FORBIDDEN.flatMap((text) => parseIpv4Range(text) ?? []);

/** The range of a subnetwork, or why it cannot be one: form, host bits, size /4 to /29, reserved by Google. */
export function parseSubnetRange(text: string): Ipv4Range | string {
  const range = parseIpv4Range(text);
  if (range === undefined) return 'Must be a CIDR range whose address is the first of the range.';
  if (range.prefixLength > 29 || range.prefixLength < 4)
    return 'The prefix length must be between 4 and 29, inclusive.';
  if (FORBIDDEN_RANGES.some((forbidden) => overlaps(forbidden, range))) return 'The range is reserved.';
  return range;
}

/** What instances can have: all but the network, the gateway, the second to last and the last address. */
export function usableRange(range: Ipv4Range): Ipv4Range {
  return { ...range, first: range.first + 2, last: range.last - 2 };
}
