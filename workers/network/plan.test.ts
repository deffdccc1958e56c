import { expect, test } from 'vitest';
import { fixture, textOf } from '../../test/support/fixture.ts';
import { familiesOf } from '../objects/ip-families.ts';
import { ipamStatus, rangeOf, readiness, teardown } from './plan.ts';

test.each([
  ['Auto', {}, 'IPv4', '10.128.0.0/9'],
  ['Auto', { ipv4Range: '10.0.0.0/16' }, 'IPv4', '10.0.0.0/16'],
  ['Policy', {}, 'IPv4', '0.0.0.0/0'],
  ['Policy', { ipv4Range: '10.0.0.0/16' }, 'IPv4', '10.0.0.0/16'],
  ['Auto', {}, 'IPv6', undefined],
  ['Auto', { ipv6Range: 'fd20:1:2::/48' }, 'IPv6', 'fd20:1:2::/48'],
] as const)('%s with %j: %s range %s', (mode, ranges, family, expected) => {
  expect(rangeOf(fixture('Network', 'n', { spec: { ipam: { mode, ...ranges } } }), family)).toBe(expected);
});

test('IPv4 alone unless it says otherwise', () => {
  expect(familiesOf(fixture('Network', 'n'))).toEqual(['IPv4']);
  expect(familiesOf(fixture('Network', 'n', { spec: { ipFamilies: [] } }))).toEqual(['IPv4']);
  expect(familiesOf(fixture('Network', 'n', { spec: { ipFamilies: ['IPv6', 'IPv4'] } }))).toEqual(['IPv6', 'IPv4']);
});

test('a range that is refused is the reason not to be ready', () => {
  expect(textOf(readiness([]))).toBe('Ready=True Ready: Network is ready');
  expect(textOf(readiness([{ ok: false, reason: 'OutOfRange', message: 'can only grow' }]))).toBe(
    'Ready=False OutOfRange: can only grow',
  );
});

test('use of all families together', () => {
  const network = fixture('Network', 'n', { spec: { ipam: { mode: 'Auto' } } });
  const use = {
    IPv4: { range: '10.0.0.0/8', blocks: 2, allocatedAddresses: 8192n, capacity: 2n ** 24n },
    IPv6: { range: 'fd20::/48', blocks: 1, allocatedAddresses: 2n ** 64n, capacity: 2n ** 80n },
  };
  const subnets = [3, 1].map((allocated, index) =>
    fixture('Subnet', `s${index}`, { status: { addresses: { capacity: '4092', allocated } } }),
  );
  expect(ipamStatus(network, use, [...subnets, fixture('Subnet', 'new')])).toEqual({
    ipv4Range: '10.0.0.0/8',
    ipv6Range: 'fd20::/48',
    subnets: 3,
    allocatedAddresses: 4,
    capacity: String(2n ** 24n + 2n ** 80n),
  });
  // What the cloud chooses ranges from is not the network's.
  const open = fixture('Network', 'n', { spec: { ipam: { mode: 'Auto' }, ipv6Access: 'External' } });
  expect(ipamStatus(open, use, [])).toEqual({
    ipv4Range: '10.0.0.0/8',
    subnets: 3,
    allocatedAddresses: 0,
    capacity: String(2n ** 24n),
  });
  expect(ipamStatus(network, {}, [])).toEqual({ subnets: 0, allocatedAddresses: 0, capacity: '0' });
});

test('a network waits for its users, then for its contexts, and says for whom', () => {
  const home = 'default';
  const binding = fixture('NetworkBinding', 'web-net-0');
  const elsewhere = fixture('NetworkBinding', 'hidden', { metadata: { namespace: 'other' } });
  const context = fixture('NetworkContext', 'c1');
  const going = fixture('NetworkContext', 'c2', { metadata: { deletionTimestamp: '2026-01-02T00:00:00Z' } });

  const used = teardown({ home, users: [binding, elsewhere], moreUsers: true, contexts: [context] });
  expect(used.step === 'wait' && [textOf(used.ready), used.remove]).toEqual([
    'Ready=False InUse: In use by NetworkBinding default/web-net-0, objects in other namespaces and more',
    [],
  ]);

  const emptied = teardown({ home, users: [], moreUsers: false, contexts: [context, going] });
  expect(emptied.step === 'wait' && [textOf(emptied.ready), emptied.remove]).toEqual([
    'Ready=False Terminating: Waiting for NetworkContext default/c1, NetworkContext default/c2',
    [context],
  ]);

  expect(teardown({ home, users: [], moreUsers: false, contexts: [] })).toEqual({ step: 'release' });
});
