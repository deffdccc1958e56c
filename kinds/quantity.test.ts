import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareQuantities, parseQuantity, quantityValue } from './quantity.ts';

const suffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'e3', 'E-3'];
const quantity = fc
  .tuple(fc.constantFrom('', '-', '+'), fc.nat(), fc.option(fc.nat({ max: 999 })), fc.constantFrom(...suffixes))
  .map(([sign, whole, part, suffix]) => `${sign}${whole}${part === null ? '' : `.${part}`}${suffix}`);

describe('quantity', () => {
  test.each<[string | number, bigint | undefined]>([
    ['0', 0n],
    [10, 10_000_000_000n],
    ['1500m', 1_500_000_000n],
    ['1.5', 1_500_000_000n],
    ['.5', 500_000_000n],
    ['1.', 1_000_000_000n],
    ['1Ki', 1_024_000_000_000n],
    ['1.5Gi', 1_610_612_736_000_000_000n],
    ['1e3', 1_000_000_000_000n],
    ['1E', 10n ** 27n],
    ['1E3', 1_000_000_000_000n],
    ['1n', 1n],
    ['0.1n', 1n],
    ['-0.1n', -1n],
    ['', undefined],
    ['.', undefined],
    ['1 Gi', undefined],
    ['1gi', undefined],
    ['1e999999', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    [`${'9'.repeat(200)}`, undefined],
  ])('%s', (text, nanos) => {
    expect(parseQuantity(text)).toBe(nanos);
  });

  test.each<[string, bigint]>([
    ['1.1', 2n],
    ['-1.1', -2n],
    ['25Gi', 26_843_545_600n],
  ])('%s in whole units', (text, value) => {
    expect(quantityValue(text)).toBe(value);
  });

  test('a suffix is a factor', () => {
    fc.assert(
      fc.property(fc.nat(), (whole) => {
        expect(parseQuantity(`${whole}Gi`)).toBe(parseQuantity(`${BigInt(whole) * 2n ** 30n}`));
        expect(parseQuantity(`${whole}M`)).toBe(parseQuantity(`${whole}e6`));
        expect(parseQuantity(`${whole}`)).toBe(parseQuantity(`${BigInt(whole) * 1000n}m`));
      }),
    );
  });

  test('comparing orders them all', () => {
    fc.assert(
      fc.property(quantity, quantity, quantity, (a, b, c) => {
        expect(compareQuantities(a, a)).toBe(0);
        expect(compareQuantities(a, b)).toBe(-compareQuantities(b, a) + 0);
        const [low, middle, high] = [a, b, c].toSorted(compareQuantities) as [string, string, string];
        expect(compareQuantities(low, middle)).toBeLessThanOrEqual(0);
        expect(compareQuantities(low, high)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('what is no quantity cannot be compared', () => {
    expect(() => compareQuantities('1', 'much')).toThrow('much is no quantity');
  });
});
