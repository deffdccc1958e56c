import { isIPv4, isIPv6 } from 'node:net';

/** An address as a number, with the family that gives it its width. */
export interface Address {
  readonly family: 'IPv4' | 'IPv6';
  readonly value: bigint;
}

/** A range of addresses. `address` is as written; `first` has the host bits cleared. */
export interface Range {
  readonly family: 'IPv4' | 'IPv6';
  readonly address: bigint;
  readonly first: bigint;
  /** Bits of prefix. */
  readonly length: number;
}

const bitsOf = { IPv4: 32, IPv6: 128 } as const;

/** Bits of an address of the family: 32 or 128. */
export function widthOf(family: Address['family']): number {
  return bitsOf[family];
}

/** Reads an IPv4 or IPv6 address without zone; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 'IPv4', value: parseIPv4(text) };
  if (isIPv6(text) && !text.includes('%')) return { family: 'IPv6', value: parseIPv6(text) };
  return undefined;
}

/** Reads `address/length`; host bits may be set. Undefined when it is no such text. */
export function parseCidr(text: string): Range | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseAddress(match[1]);
  if (address === undefined) return undefined;
  const length = Number(match?.[2]);
  const width = bitsOf[address.family];
  if (length > width) return undefined;
  return { family: address.family, address: address.value, first: firstOf(address, length), length };
}

/** The address with all bits after the prefix cleared. */
export function firstOf({ family, value }: Address, length: number): bigint {
  const hostBits = BigInt(bitsOf[family] - length);
  return (value >> hostBits) << hostBits;
}

/** Whether every address of `inner` is in `outer`. A range contains itself. */
export function contains(outer: Range, inner: Range): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  return firstOf({ family: inner.family, value: inner.first }, outer.length) === outer.first;
}

/** Text of an address; IPv6 in the short form of RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return shorten(groups);
}

function parseIPv4(text: string): bigint {
  return text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function parseIPv6(text: string): bigint {
  // A dotted end, as in ::ffff:10.0.0.1, is two groups.
  const plain = text.replace(/\d+\.\d+\.\d+\.\d+$/, (dotted) => {
    const value = parseIPv4(dotted);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** Joins groups, the longest run of two or more zeros, the first of them, as `::`. */
function shorten(groups: readonly string[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === '0') length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.length === 1) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
