import { isIPv4, isIPv6 } from 'node:net';
import type { Cidr, IpFamily } from './types.ts';

const bits = { IPv4: 32, IPv6: 128 } as const;

/** Family as Postgres' `family()` counts it. */
export function familyNumber(family: IpFamily): 4 | 6 {
  return family === 'IPv4' ? 4 : 6;
}

/** Whether a text is an address of the family. */
export function isAddress(text: string, family: IpFamily): boolean {
  return family === 'IPv4' ? isIPv4(text) : isIPv6(text);
}

/** Whether a number is a prefix length of the family. */
export function isPrefixLength(length: number, family: IpFamily): boolean {
  return Number.isInteger(length) && length >= 0 && length <= bits[family];
}

/** Whether a text is `address/length` of the family; host bits are not looked at. */
export function isCidr(text: string, family: IpFamily): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  return (
    rest.length === 0 &&
    isAddress(address, family) &&
    /^\d{1,3}$/.test(length) &&
    isPrefixLength(Number(length), family)
  );
}

/** Number of addresses in a block. */
export function sizeOf(block: Cidr): bigint {
  return 1n << BigInt(bits[block.includes(':') ? 'IPv6' : 'IPv4'] - prefixLengthOf(block));
}

/** Addresses of a block that may be given: not network and gateway, and not the last two of an IPv4 block. */
export function usableOf(block: Cidr): bigint {
  const reserved = block.includes(':') ? 2n : 4n;
  const size = sizeOf(block);
  return size > reserved ? size - reserved : 0n;
}

/** Length of a block's prefix. */
export function prefixLengthOf(block: Cidr): number {
  return Number(block.split('/')[1]);
}
