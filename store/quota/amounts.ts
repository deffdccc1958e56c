import { parseQuantity } from '../../kinds/quantity.ts';

const oneUnit = 1_000_000_000n;
const oneThousandth = 1_000_000n;
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** The amount of a quantity as Postgres reads numbers: `1.5` for `1500m`. Undefined for what is no quantity. */
export function exactAmount(quantity: string | number): string | undefined {
  const nanos = parseQuantity(quantity);
  if (nanos === undefined) return undefined;
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  return `${sign}${size / oneUnit}.${String(size % oneUnit).padStart(9, '0')}`;
}

/** An amount out of the database as a quantity, in units that people use for what is counted. */
export function shownAmount(counts: string, amount: string): string {
  const nanos = parseQuantity(amount) ?? 0n;
  if (nanos % oneUnit !== 0n) return nanos % oneThousandth === 0n ? `${nanos / oneThousandth}m` : `${nanos}n`;
  let units = nanos / oneUnit;
  if (counts !== 'memory') return String(units);
  let suffix = 0;
  while (units !== 0n && units % 1024n === 0n && suffix < binary.length - 1) {
    units /= 1024n;
    suffix += 1;
  }
  return `${units}${binary[suffix]}`;
}
