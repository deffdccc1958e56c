/** Address families, and the bits of an address of each. */
const widths = { IPv4: 32, IPv6: 128 } as const;
export type Family = keyof typeof widths;

/** An address as a number. */
export interface IpAddress {
  readonly family: Family;
  readonly value: bigint;
}

/** A range as CIDR writes it: `2^(width - length)` addresses from `first` on, which has no bit behind the prefix. */
export interface IpRange {
  readonly family: Family;
  readonly first: bigint;
  /** Bits of prefix. */
  readonly length: number;
}

/** Bits of an address of the family: 32 or 128. */
export function widthOf(family: Family): number {
  return widths[family];
}

/** Number of addresses. */
export function sizeOf({ family, length }: IpRange): bigint {
  return 1n << BigInt(widths[family] - length);
}

/** First address behind the range. */
export function endOf(range: IpRange): bigint {
  return range.first + sizeOf(range);
}

/** The range of this length around an address. */
export function rangeAround({ family, value }: IpAddress, length: number): IpRange {
  const hostBits = BigInt(widths[family] - length);
  return { family, first: (value >> hostBits) << hostBits, length };
}

/** Whether all of `inner` is in `outer`; a range is in itself. */
export function contains(outer: IpRange, inner: IpRange): boolean {
  return (
    outer.family === inner.family &&
    outer.length <= inner.length &&
    inner.first >= outer.first &&
    inner.first < endOf(outer)
  );
}

/** Whether two ranges are the same. */
export function sameRange(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first === b.first && a.length === b.length;
}

/** Reads an address without zone; undefined when it is none. */
export function parseAddress(text: string): IpAddress | undefined {
  const value = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return value === undefined ? undefined : { family: text.includes(':') ? 'IPv6' : 'IPv4', value };
}

/** Reads `address/length`, whose host bits are left out; undefined when it is no such text. */
export function parseRange(text: string): IpRange | undefined {
  const [start = '', length = '', ...rest] = text.split('/');
  const address = parseAddress(start);
  if (address === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  return Number(length) > widths[address.family] ? undefined : rangeAround(address, Number(length));
}

/** Text of an address; IPv6 in the short form of RFC 5952. */
export function formatAddress({ family, value }: IpAddress): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  // The first of the longest runs of zeros, if it is longer than one.
  const [zeros] = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length);
  if (zeros === undefined) return groups.join(':');
  const text = groups.join(':');
  const head = text.slice(0, zeros.index).replace(/:$/, '');
  const tail = text.slice(zeros.index + zeros[0].length).replace(/^:/, '');
  return `${head}::${tail}`;
}

/** `10.128.0.0/20`. */
export function formatRange({ family, first, length }: IpRange): string {
  return `${formatAddress({ family, value: first })}/${length}`;
}

function parseIpv4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256))
    return undefined;
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const dotted = /^(.*:)([^:]*\..*)$/.exec(text);
  if (dotted !== null) {
    // A dotted end, as in ::ffff:10.0.0.1, is two groups.
    const low = parseIpv4(dotted[2] ?? '');
    if (low === undefined) return undefined;
    return parseIpv6(`${dotted[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`);
  }
  const [head = '', tail, ...more] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
