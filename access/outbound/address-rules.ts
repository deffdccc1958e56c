import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses that are no other machine of the internet, by what they are; IPv4. */
const special4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local; clouds answer for their machines' metadata, credentials included, at 169.254.169.254.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** The one part of IPv6 that is given out, and what of it is not the internet. fd00:ec2::254 is outside, as is ::1. */
const global6 = ['2000::', 3] as const;
const special6: readonly (readonly [network: string, prefix: number])[] = [
  // Teredo and others that lead to IPv4 addresses of somebody's choice.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** Never allowed, whatever ranges are: where clouds hand out credentials. */
const metadata = ['169.254.169.254', 'fd00:ec2::254', '169.254.170.2', '169.254.170.23', '100.100.100.200'] as const;

const internet6 = new BlockList();
internet6.addSubnet(...global6, 'ipv6');
const special = new BlockList();
for (const [network, prefix] of special4) special.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of special6) special.addSubnet(network, prefix, 'ipv6');
const never = new BlockList();
for (const address of metadata) never.addAddress(address, isIPv4(address) ? 'ipv4' : 'ipv6');

/** Whether a request of somebody else's making may go to an address. */
export type AddressRule = (address: string) => boolean;

/**
 * The internet, and `allowed` ranges (`10.1.0.0/16`) that are not; never an address that hands out a cloud's credentials.
 * Throws for a range that is none.
 */
export function addressRule(allowed: readonly string[] = []): AddressRule {
  const own = new BlockList();
  for (const range of allowed) {
    const [network = '', prefix = ''] = range.split('/');
    if (isIP(network) === 0 || !/^\d{1,3}$/.test(prefix))
      throw new Error(`${JSON.stringify(range)} is no address range`);
    own.addSubnet(network, Number(prefix), isIPv4(network) ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const plain = inner(address);
    const version = isIP(plain);
    if (version === 0) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    if (never.check(plain, family)) return false;
    if (own.check(plain, family)) return true;
    return !special.check(plain, family) && (version === 4 || internet6.check(plain, family));
  };
}

/** The IPv4 address that an IPv6 address stands for, as `::ffff:127.0.0.1` and `64:ff9b::7f00:1` do; else the address itself. */
function inner(address: string): string {
  const [plain = ''] = address.split('%', 1);
  if (isIP(plain) !== 6) return plain;
  // URL writes an IPv6 address in its one shortest form.
  const short = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [, high, low] = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}
