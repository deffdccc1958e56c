import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, firstOf, formatAddress, parseAddress, parseCidr, type Range } from './cidr.ts';

describe('addresses', () => {
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['FD20:0:0:1::', 'fd20:0:0:1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['10.0.0.255', '10.0.0.255'],
  ])('%s is shown as %s', (text, shown) => {
    const address = parseAddress(text);
    expect(address && formatAddress(address)).toBe(shown);
  });

  test.each(['', '10.0.0', '010.0.0.1', '10.0.0.256', 'fe80::1%eth0', '1::2::3', 'x'])('%s is none', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('what is written reads the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
        const text = formatAddress({ family: 'IPv6', value });
        expect(isIPv6(text)).toBe(true);
        expect(parseAddress(text)).toEqual({ family: 'IPv6', value });
        const small = value & 0xffff_ffffn;
        const dotted = formatAddress({ family: 'IPv4', value: small });
        expect(isIPv4(dotted)).toBe(true);
        expect(parseAddress(dotted)).toEqual({ family: 'IPv4', value: small });
      }),
    );
  });
});

describe('ranges', () => {
  test.each(['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/8/8', 'fd20::/129', '/8'])(
    '%s is none',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  test('one contains another exactly when the other begins and ends inside', () => {
    const range = fc.tuple(fc.nat({ max: 2 ** 10 }), fc.integer({ min: 22, max: 32 })).map(([value, length]): Range => {
      const address = BigInt(value);
      return { family: 'IPv4', address, first: firstOf({ family: 'IPv4', value: address }, length), length };
    });
    const last = ({ first, length }: Range): bigint => first + 2n ** BigInt(32 - length) - 1n;
    fc.assert(
      fc.property(range, range, (outer, inner) => {
        expect(contains(outer, inner)).toBe(outer.first <= inner.first && last(inner) <= last(outer));
      }),
    );
  });

  test('families do not contain each other', () => {
    const [all4, all6] = [parseCidr('0.0.0.0/0'), parseCidr('::/0')];
    expect(all4 && all6 && (contains(all4, all6) || contains(all6, all4))).toBe(false);
  });
});
