import { expect, test } from 'vitest';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { lacksRange, plan, prefixLengthOf } from './plan.ts';

test.each([
  ['class default', { subnetClass: 'private', ipFamily: 'IPv4' }, '10.128.0.0/9', 20],
  ['class default of IPv6', { subnetClass: 'private', ipFamily: 'IPv6' }, 'fd20:1:2::/48', 64],
  ['other classes likewise', { subnetClass: 'public', ipFamily: 'IPv4' }, '10.128.0.0/9', 20],
  ['what is asked for', { subnetClass: 'private', ipFamily: 'IPv4', prefixLength: 28 }, '10.128.0.0/9', 28],
  ['no more than the network has', { subnetClass: 'private', ipFamily: 'IPv4' }, '10.0.0.0/24', 24],
])('prefix length: %s', (_case, spec, range, expected) => {
  expect(prefixLengthOf(fixture('Subnet', 's', { spec }), range)).toBe(expected);
});

test('only where users write subnets is a range needed', () => {
  const network = (mode: string) => fixture('Network', 'n', { spec: { ipam: { mode } } });
  expect(lacksRange(fixture('Subnet', 's'), network('Auto'))).toBe(false);
  expect(lacksRange(fixture('Subnet', 's'), network('Policy'))).toBe(true);
  expect(lacksRange(fixture('Subnet', 's', { spec: { startAddress: '10.0.0.0' } }), network('Policy'))).toBe(false);
});

test('a refusal shows in both conditions, and no range', () => {
  const status = plan(fixture('Subnet', 's', { conditions: ['Programmed=True'] }), {
    ok: false,
    reason: 'RangeExhausted',
    message: 'full',
  });
  expect([textOf(status.allocated), textOf(status.ready), status.startAddress]).toEqual([
    'Allocated=False RangeExhausted: full',
    'Ready=False RangeExhausted: full',
    undefined,
  ]);
});

test.each([
  ['nothing reported', ['Programmed=Unknown Pending'], 'Ready=False NotProgrammed: Waiting for the provider'],
  ['in the making', ['Programmed=False ProgrammingInProgress: op 1'], 'Ready=False ProgrammingInProgress: op 1'],
  ['programmed', ['Programmed=True'], 'Ready=True Ready: Subnet is ready'],
])('allocated, and Ready follows Programmed: %s', (_case, conditions, expected) => {
  const status = plan(fixture('Subnet', 's', { conditions }), { ok: true, block: '10.128.16.0/20' });
  expect(status).toMatchObject({
    startAddress: '10.128.16.0',
    prefixLength: 20,
    allocated: { status: 'True', reason: 'PrefixAllocated' },
  });
  expect(textOf(status.ready)).toBe(expected);
});
