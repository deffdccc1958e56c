import { DecodeError } from './decode-error.ts';

const maxInt64 = 2n ** 63n - 1n;

/**
 * Value of a number as JSON writes it. Throws DecodeError beyond a double, and for integers of 64 bits that a double cannot
 * hold exactly: they would be changed silently.
 */
export function checkNumber(token: string): number {
  const value = Number(token);
  if (!Number.isFinite(value))
    throw new DecodeError(`json: cannot unmarshal number ${token.slice(0, 40)} into Go value of type float64`);
  // What we print ourselves must be taken back: the shortest text of a double need not be its exact value.
  if (Number.isSafeInteger(value) || token === String(value) || token.length > 20 || !/^-?\d+$/.test(token))
    return value;
  const exact = BigInt(token);
  if (exact <= maxInt64 && exact >= -maxInt64 - 1n && BigInt(value) !== exact)
    throw new DecodeError(`number ${token} has more digits than can be kept exactly`);
  return value;
}
