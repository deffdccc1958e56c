// Amounts as Kubernetes writes them. A billionth is the smallest part; what is finer is rounded up, away from zero.

const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const nanoDigits = 9;
/** Larger ones mean nothing here and would only cost time. */
const maxExponent = 60;
const maxText = 128;

const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d{1,6})?$/;

/** Text of Kubernetes' error for what is no quantity. */
export const quantityRule =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Billionths of the amount, or undefined when it is no quantity: `1500m` is 1_500_000_000n. */
export function parseQuantity(quantity: string | number): bigint | undefined {
  const text = String(quantity);
  if (text.length > maxText) return undefined;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign, number = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = number.split('.');
  const digits = BigInt(whole + fraction);
  const shift = binary[suffix];
  const exponent = shift === undefined ? exponentOf(suffix) : 0;
  if (exponent === undefined || Math.abs(exponent) > maxExponent) return undefined;
  const amount = scale(shift === undefined ? digits : digits << shift, exponent - fraction.length + nanoDigits);
  return sign === '-' ? -amount : amount;
}

/** The amount in whole units, rounded up: bytes of a size, cores of a CPU. Undefined when it is no quantity. */
export function quantityValue(quantity: string | number): bigint | undefined {
  const nanos = parseQuantity(quantity);
  if (nanos === undefined) return undefined;
  return nanos < 0n ? -divideUp(-nanos, 10n ** BigInt(nanoDigits)) : divideUp(nanos, 10n ** BigInt(nanoDigits));
}

/** Less than, equal to or greater than 0 as `a` is to `b`. Throws when one of them is no quantity. */
export function compareQuantities(a: string | number, b: string | number): -1 | 0 | 1 {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  if (left === undefined || right === undefined)
    throw new Error(`${String(left === undefined ? a : b)} is no quantity`);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function exponentOf(suffix: string): number | undefined {
  return /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : decimal[suffix];
}

function scale(digits: bigint, exponent: number): bigint {
  return exponent >= 0 ? digits * 10n ** BigInt(exponent) : divideUp(digits, 10n ** BigInt(-exponent));
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
