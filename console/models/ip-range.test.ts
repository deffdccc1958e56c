import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  contains,
  type Family,
  formatAddress,
  formatRange,
  parseAddress,
  parseRange,
  rangeAround,
  widthOf,
} from './ip-range.ts';

const addresses = fc
  .tuple(fc.constantFrom<Family>('IPv4', 'IPv6'), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.nat({ max: 128 }))
  // Bits are left out in runs, so that texts with many zeros come up.
  .map(([family, bits, keep]) => {
    const width = BigInt(widthOf(family));
    const value = BigInt.asUintN(Number(width), bits);
    return { family, value: keep > 64 ? value : (value >> BigInt(keep % 32)) << BigInt(keep % 32) };
  });

test('an address that was written is read as the same', () => {
  fc.assert(
    fc.property(addresses, (address) => {
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
  );
  fc.assert(
    fc.property(addresses, fc.nat({ max: 128 }), (address, bits) => {
      const range = rangeAround(address, Math.min(bits, widthOf(address.family)));
      expect(parseRange(formatRange(range))).toEqual(range);
      expect(contains(range, rangeAround(address, widthOf(address.family)))).toBe(true);
    }),
  );
});

test.each([
  ['::', '::'],
  ['FD20:0:0:1::', 'fd20:0:0:1::'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['::10', '::10'],
  ['a0::', 'a0::'],
  ['10.128.0.7', '10.128.0.7'],
])('%s is %s', (text, short) => {
  const address = parseAddress(text);
  expect(address && formatAddress(address)).toBe(short);
});

test.each([
  '',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  'g::',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '::1.2.3',
  'fe80::1%eth0',
  '1.2.3.4:5',
])('%j is no address', (text) => expect(parseAddress(text)).toBeUndefined());

test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/8/8', '::/129', '/8'])('%j is no range', (text) =>
  expect(parseRange(text)).toBeUndefined(),
);
