/** An IPv6 range: its first address and the length of its prefix. */
export interface Ipv6Range {
  readonly first: bigint;
  readonly prefixLength: number;
}

/** The address as a number, or undefined when the text is not an IPv6 address of hexadecimal groups. */
export function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The shortest text for an address: lower case, the longest run of zero groups left out (RFC 5952). */
export function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = [...text.matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)];
  const longest = runs.toSorted((left, right) => right[0].length - left[0].length)[0];
  if (longest === undefined) return text;
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

/** The range, or undefined when the text is no IPv6 range or has host bits set. */
export function parseIpv6Range(text: string): Ipv6Range | undefined {
  const [address = '', length = '', ...rest] = text.split('/');
  const first = parseIpv6(address);
  const prefixLength = Number(length);
  if (first === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length) || prefixLength > 128) return undefined;
  return first % (1n << BigInt(128 - prefixLength)) === 0n ? { first, prefixLength } : undefined;
}

export function formatIpv6Range({ first, prefixLength }: Ipv6Range): string {
  return `${formatIpv6(first)}/${prefixLength}`;
}

/** The nth range of this length within a larger one. */
export function subrange({ first }: Ipv6Range, prefixLength: number, index: number): Ipv6Range {
  return { first: first + (BigInt(index) << BigInt(128 - prefixLength)), prefixLength };
}

/** Which range of this length within the larger one begins with this address. */
export function indexIn({ first }: Ipv6Range, prefixLength: number, address: bigint): number {
  return Number((address - first) >> BigInt(128 - prefixLength));
}

export function containsIpv6({ first, prefixLength }: Ipv6Range, address: bigint): boolean {
  const host = BigInt(128 - prefixLength);
  return address >> host === first >> host;
}
