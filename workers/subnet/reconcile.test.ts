import { expect, test } from 'vitest';
import type { Network, SubnetClaim } from '../../kinds/generated/types.ts';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin } from '../../test/support/store.ts';
import { conditionOf } from '../objects/condition.ts';

const inDefault = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });
const context = 'prod-default-dfw';
type WholeWorld = Awaited<ReturnType<typeof wholeWorld>>;

/** A network `prod` that is present in `dfw`. */
async function networkWorld(
  story: string,
  spec: Partial<Network['spec']>,
): Promise<WholeWorld & { claim: (name: string, spec?: Partial<SubnetClaim['spec']>) => Promise<SubnetClaim> }> {
  const world = await wholeWorld({ random: seeded(story) });
  const { location, network, binding, claim } = declare(world.store);
  await location('dfw', 'DFW');
  await network('prod', spec);
  await binding('prod-dfw', 'prod', 'dfw');
  await world.settle();
  return { ...world, claim: (name, of) => claim(name, context, of) };
}

test('sized, exact and default requests; the subnet has the name of its claim', async () => {
  const { claim, ...world } = await networkWorld('requests', { ipFamilies: ['IPv4', 'IPv6'] });
  await claim('default');
  await claim('sized', { prefixLength: 28 });
  await claim('exact', { startAddress: '10.200.0.0', prefixLength: 24 });
  await claim('six', { ipFamily: 'IPv6' });
  await world.settle();
  for (const name of ['default', 'sized', 'exact', 'six']) {
    expect(await world.condition('SubnetClaim', name, 'Ready'), name).toBe('True SubnetReady');
    const { status } = await world.get('SubnetClaim', name);
    const subnet = await world.get('Subnet', name);
    expect(status?.subnetRef).toEqual({ name });
    expect({ startAddress: status?.startAddress, prefixLength: status?.prefixLength }).toEqual({
      startAddress: subnet.status?.startAddress,
      prefixLength: subnet.status?.prefixLength,
    });
    expect(await world.condition('Subnet', name, 'Allocated')).toBe('True PrefixAllocated');
    expect(await world.condition('Subnet', name, 'Ready')).toBe('True Ready');
  }
  expect((await world.get('Subnet', 'default')).status?.prefixLength).toBe(20);
  expect((await world.get('Subnet', 'sized')).status).toMatchObject({
    prefixLength: 28,
    addresses: { capacity: '12', allocated: 0 },
  });
  expect((await world.get('Subnet', 'exact')).status).toMatchObject({ startAddress: '10.200.0.0', prefixLength: 24 });
  expect((await world.get('Subnet', 'six')).status).toMatchObject({
    prefixLength: 64,
    startAddress: expect.stringMatching(/^fd2/),
  });
});

test('a refusal says what is in the way', async () => {
  const { claim, ...world } = await networkWorld('refusals', { ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/24' } });
  await claim('first', { startAddress: '10.0.0.0', prefixLength: 25 });
  await world.settle();
  await claim('conflict', { startAddress: '10.0.0.64', prefixLength: 26 });
  await claim('outside', { startAddress: '10.1.0.0', prefixLength: 28 });
  await claim('family', { ipFamily: 'IPv6' });
  await claim('full', { prefixLength: 24 });
  await world.settle();
  const readyOf = async (name: string): Promise<string> => {
    const ready = conditionOf(await world.get('SubnetClaim', name), 'Ready');
    return `${ready?.status} ${ready?.reason}: ${ready?.message}`;
  };
  expect(await readyOf('conflict')).toBe(
    'False AddressConflict: 10.0.0.64/26 overlaps 10.0.0.0/25, which Subnet first holds',
  );
  expect(await readyOf('outside')).toMatch(/^False OutOfRange: 10\.1\.0\.0\/28 .*10\.0\.0\.0\/24/);
  expect(await readyOf('family')).toMatch(/^False OutOfRange: .*IPv6/);
  expect(await readyOf('full')).toMatch(/^False RangeExhausted: /);
  expect((await world.get('SubnetClaim', 'full')).status?.subnetRef).toBeUndefined();
});

test('what was refused is tried again when space is freed, when the network grows, and when the claim changes', async () => {
  const { claim, ...world } = await networkWorld('retries', { ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/24' } });
  await claim('first', { startAddress: '10.0.0.0', prefixLength: 25 });
  await world.settle();
  await claim('conflict', { startAddress: '10.0.0.64', prefixLength: 26 });
  await claim('large', { prefixLength: 25 });
  await claim('larger', { prefixLength: 23 });
  await claim('outside', { startAddress: '10.1.0.0', prefixLength: 28 });
  await world.settle();
  expect(await world.condition('SubnetClaim', 'large', 'Ready')).toBe('True SubnetReady');
  expect(await world.condition('SubnetClaim', 'larger', 'Ready')).toBe('False OutOfRange');

  await world.store.delete(asAdmin, 'SubnetClaim', inDefault('first'));
  await world.settle();
  expect(await world.condition('SubnetClaim', 'conflict', 'Ready')).toBe('True SubnetReady');
  expect((await world.get('Subnet', 'conflict')).metadata.labels).not.toHaveProperty([
    'networking.datumapis.com/waiting-for-range',
  ]);

  await world.store.update(asAdmin, 'Network', inDefault('prod'), (one) => ({
    ...one,
    spec: { ...one.spec, ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/16' } },
  }));
  await world.settle();
  expect(await world.condition('SubnetClaim', 'larger', 'Ready')).toBe('True SubnetReady');

  await world.store.update(asAdmin, 'SubnetClaim', inDefault('outside'), (one) => ({
    ...one,
    spec: { ...one.spec, startAddress: '10.0.200.0' },
  }));
  await world.settle();
  expect((await world.get('SubnetClaim', 'outside')).status).toMatchObject({
    startAddress: '10.0.200.0',
    prefixLength: 28,
  });
});

test('in Policy mode users write the subnets, and claims without a range take theirs', async () => {
  const { claim, ...world } = await networkWorld('policy', { ipam: { mode: 'Policy', ipv4Range: '192.168.0.0/16' } });
  await claim('any');
  await world.settle();
  expect(conditionOf(await world.get('SubnetClaim', 'any'), 'Ready')).toMatchObject({
    status: 'False',
    reason: 'SubnetNotReady',
  });

  const subnet = (name: string, spec: object): Promise<unknown> =>
    world.store.create(asAdmin, 'Subnet', {
      metadata: { name, namespace: 'default' },
      spec: {
        subnetClass: 'private',
        ipFamily: 'IPv4',
        networkContext: { name: context },
        location: { name: 'dfw', namespace: 'default' },
        ...spec,
      },
    });
  await subnet('a-nowhere', {});
  await subnet('hq', { startAddress: '192.168.10.0', prefixLength: 24 });
  await world.settle();
  await subnet('overlap', { startAddress: '192.168.10.128', prefixLength: 25 });
  await world.settle();
  expect((await world.get('SubnetClaim', 'any')).status).toMatchObject({
    subnetRef: { name: 'hq' },
    startAddress: '192.168.10.0',
    prefixLength: 24,
  });
  expect(await world.condition('SubnetClaim', 'any', 'Ready')).toBe('True SubnetReady');
  expect(await world.condition('Subnet', 'a-nowhere', 'Allocated')).toBe('False RangeRequired');
  expect(await world.condition('Subnet', 'overlap', 'Allocated')).toBe('False AddressConflict');
});

test('a subnet cannot go while addresses in it are given', async () => {
  const { claim, ...world } = await networkWorld('addresses', {});
  await claim('mine', { prefixLength: 28 });
  await world.settle();
  const { uid } = (await world.get('Subnet', 'mine')).metadata;
  const owner = '00000000-0000-4000-8000-000000000001';
  await world.ipam.allocateAddress({ project: 'default', subnet: uid, owner, interfaceIndex: 0 });
  await world.store.delete(asAdmin, 'SubnetClaim', inDefault('mine'));
  await world.settle();
  expect(await world.names('SubnetClaim')).toEqual([]);
  expect(conditionOf(await world.get('Subnet', 'mine'), 'Ready')).toMatchObject({
    status: 'False',
    reason: 'InUse',
    message: '1 addresses are in use',
  });

  await world.ipam.releaseAddresses({ project: 'default', owner });
  await world.restart();
  await world.settle();
  expect(await world.names('Subnet')).toEqual([]);
  await claim('again', { startAddress: '10.128.0.0', prefixLength: 28 });
  await world.settle();
  expect(await world.condition('SubnetClaim', 'again', 'Ready')).toBe('True SubnetReady');
});

test('many claims at once, more than there is room for: no overlap, and each release lets one in', async () => {
  const { claim, ...world } = await networkWorld('many', { ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/26' } });
  await Promise.all(
    Array.from({ length: 12 }, (_, index) => claim(`c${String(index).padStart(2, '0')}`, { prefixLength: 29 })),
  );
  await world.settle();
  const ready = async (): Promise<SubnetClaim[]> =>
    (await world.store.list(asAdmin, 'SubnetClaim')).items.filter(
      (one) => conditionOf(one, 'Ready')?.status === 'True',
    );
  const refused = async (): Promise<(string | undefined)[]> =>
    (await world.store.list(asAdmin, 'SubnetClaim')).items
      .map((one) => conditionOf(one, 'Ready')?.reason)
      .filter((reason) => reason !== 'SubnetReady');
  expect(new Set((await ready()).map(({ status }) => status?.startAddress)).size).toBe(8);
  expect(await refused()).toEqual(Array.from({ length: 4 }, () => 'RangeExhausted'));

  for (const { metadata } of (await ready()).slice(0, 3))
    await world.store.delete(asAdmin, 'SubnetClaim', inDefault(metadata.name));
  await world.settle();
  expect(new Set((await ready()).map(({ status }) => status?.startAddress)).size).toBe(8);
  expect(await refused()).toEqual(['RangeExhausted']);
});
