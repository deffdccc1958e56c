import type { Ipv4Range } from './cidr.ts';
import { parseIpv4Range } from './cidr.ts';
import type { Ipv6Range } from './ipv6.ts';
import { parseIpv6Range } from './ipv6.ts';

/** Where external IPv4 addresses come from. */
export const EXTERNAL_POOL = 'external';

/** Addresses reserved for benchmarks (RFC 2544) stand for Google's: an answer never names somebody's machine. */
// The text is a range.
export const EXTERNAL_RANGE: Ipv4Range = parseIpv4Range('198.18.0.0/15')!;

/** Where external /64 ranges of subnetworks and external IPv6 addresses come from. */
export const EXTERNAL_V6_POOL = 'external-v6';

/** The range for documentation (RFC 3849), for the same reason. */
// The text is a range.
export const EXTERNAL_V6_RANGE: Ipv6Range = parseIpv6Range('2001:db8::/32')!;
