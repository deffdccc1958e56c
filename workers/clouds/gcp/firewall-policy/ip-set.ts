import { isIPv4 } from 'node:net';

export type Family = 'IPv4' | 'IPv6';

/** Addresses from `first` to `last`, both included. */
interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses of one family: ranges in order that neither touch nor overlap. */
export type IpSet = readonly Range[];

export function familyOf(cidr: string): Family {
  return cidr.includes(':') ? 'IPv6' : 'IPv4';
}

function bitsOf(family: Family): number {
  return family === 'IPv4' ? 32 : 128;
}

/** The addresses of a CIDR; host bits are ignored, and an address alone is itself. */
export function setOf(cidr: string): IpSet {
  const [address = '', prefix] = cidr.split('/');
  const bits = bitsOf(familyOf(cidr));
  const hostBits = BigInt(bits - Number(prefix ?? bits));
  const first = (numberOf(address) >> hostBits) << hostBits;
  return [{ first, last: first + (1n << hostBits) - 1n }];
}

/** An address as a number. */
export function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  return groupsOf(address).reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
}

/** The eight groups of an IPv6 address, with `::` and an IPv4 ending written out. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const parse = (part: string) =>
    part === ''
      ? []
      : part.split(':').flatMap((group) => {
          if (!group.includes('.')) return [Number.parseInt(group, 16)];
          const value = Number(numberOf(group));
          return [Math.floor(value / 65_536), value % 65_536];
        });
  const left = parse(head);
  if (tail === undefined) return left;
  const right = parse(tail);
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

export function union(...sets: readonly IpSet[]): IpSet {
  const merged: Range[] = [];
  for (const range of sets.flat().toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last + 1n) merged.push(range);
    else if (range.last > before.last) merged[merged.length - 1] = { first: before.first, last: range.last };
  }
  return merged;
}

/** What is in `from` and not in `less`. */
export function difference(from: IpSet, less: IpSet): IpSet {
  let rest: Range[] = [...from];
  for (const hole of less) {
    rest = rest.flatMap((range) => {
      if (hole.last < range.first || hole.first > range.last) return [range];
      const pieces: Range[] = [];
      if (hole.first > range.first) pieces.push({ first: range.first, last: hole.first - 1n });
      if (hole.last < range.last) pieces.push({ first: hole.last + 1n, last: range.last });
      return pieces;
    });
  }
  return rest;
}

/** The fewest CIDRs that are exactly the set, in order. */
export function cidrsOf(set: IpSet, family: Family): string[] {
  const bits = bitsOf(family);
  const cidrs: string[] = [];
  for (const { first, last } of set) {
    for (let at = first; at <= last;) {
      let hostBits = 0;
      while (
        hostBits < bits &&
        (at & (1n << BigInt(hostBits))) === 0n &&
        at + (1n << BigInt(hostBits + 1)) - 1n <= last
      )
        hostBits += 1;
      cidrs.push(`${textOf(at, family)}/${bits - hostBits}`);
      at += 1n << BigInt(hostBits);
    }
  }
  return cidrs;
}

function textOf(address: bigint, family: Family): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  ).join(':');
  // The URL parser writes the canonical short form.
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}
