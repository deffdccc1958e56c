import { createHash } from 'node:crypto';

/** The value as JSON with sorted keys: equal values give equal texts. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** `length` characters of base32, 5 bits each, of the text's SHA-256; at most 51. */
export function base32Hash(text: string, length: number): string {
  const bytes = createHash('sha256').update(text).digest();
  let result = '';
  for (let index = 0; index < length; index += 1) {
    const bit = index * 5;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    result += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return result;
}

/** Hash that tells two bodies or projections apart: 16 characters, valid as a label. */
export function specHash(value: unknown): string {
  return base32Hash(canonicalJson(value), 16);
}
