import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAddressPools } from './address-pools.ts';
import type { Ipv4Range } from './cidr.ts';
import { contains, formatIpv4, overlaps, parseIpv4, parseIpv4Range } from './cidr.ts';
import { parseIpv6Range } from './ipv6.ts';
import { parseSubnetRange, usableRange } from './subnet-ranges.ts';

const range = (text: string) => parseIpv4Range(text) as Ipv4Range;

test('addresses and ranges are read strictly', () => {
  expect(formatIpv4(parseIpv4('255.254.1.0') ?? 0)).toBe('255.254.1.0');
  for (const text of ['1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d', '']) expect(parseIpv4(text), text).toBeUndefined();
  expect(range('10.0.0.0/30')).toEqual({ first: 0x0a000000, last: 0x0a000003, prefixLength: 30 });
  for (const text of ['10.0.0.1/24', '10.0.0.0/33', '10.0.0.0', '10.0.0.0/24/1', '10.0.0.0/x']) {
    expect(parseIpv4Range(text), text).toBeUndefined();
  }
  expect(overlaps(range('10.0.0.0/24'), range('10.0.0.128/25'))).toBe(true);
  expect(overlaps(range('10.0.0.0/25'), range('10.0.0.128/25'))).toBe(false);
  expect(contains(range('10.0.0.0/24'), range('10.0.0.128/25'))).toBe(true);
  expect(contains(range('10.0.0.128/25'), range('10.0.0.0/24'))).toBe(false);
  for (const text of ['fd20::/20', '::/0', '2600:2d00:1:b029::/64', '1:2:3:4:5:6:7:8/128'])
    expect(parseIpv6Range(text), text).toBeDefined();
  for (const text of ['fd20::', '1::2::3/64', '1:2:3:4:5:6:7/64', 'g::/8', '::/129'])
    expect(parseIpv6Range(text), text).toBeUndefined();
});

test('a subnetwork keeps four addresses: a /29 leaves four', () => {
  expect(usableRange(range('10.0.0.0/29'))).toMatchObject({ first: 0x0a000002, last: 0x0a000005 });
  expect(typeof parseSubnetRange('10.0.0.0/30')).toBe('string');
  expect(typeof parseSubnetRange('224.1.0.0/16')).toBe('string');
});

test('no address is given twice, none is lost, whatever is taken and released', () => {
  const block = range('10.0.0.0/28');
  const steps = fc.array(fc.oneof(fc.constant('first' as const), fc.constant('next' as const), fc.nat(15)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (taken) => {
      const pools = createAddressPools();
      const held = new Set<number>();
      for (const step of taken) {
        if (typeof step === 'number') {
          const address = block.first + step;
          if (held.delete(address)) pools.release('p', address);
          continue;
        }
        const address = step === 'first' ? pools.firstFree('p', block) : pools.nextFree('p', block);
        if (address === undefined) {
          expect(held.size).toBe(16);
          continue;
        }
        expect(held.has(address)).toBe(false);
        if (step === 'first') expect([...held].filter((other) => other < address)).toHaveLength(address - block.first);
        held.add(address);
        pools.take('p', address);
      }
    }),
  );
});

test('a range that grew downwards is searched from its new start', () => {
  const pools = createAddressPools();
  pools.take('p', 0x0a000102);
  expect(pools.firstFree('p', range('10.0.1.0/24'))).toBe(0x0a000100);
  expect(pools.firstFree('p', range('10.0.0.0/23'))).toBe(0x0a000000);
});
