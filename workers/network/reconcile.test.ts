import { expect, test } from 'vitest';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin } from '../../test/support/store.ts';
import { conditionOf } from '../objects/condition.ts';

const inDefault = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });

test('a network gets its ranges; each has an IPv6 range of its own', async () => {
  const world = await wholeWorld({ random: seeded('ranges') });
  const { network } = declare(world.store);
  await network('plain');
  await network('one', { ipFamilies: ['IPv4', 'IPv6'] });
  await network('two', { ipFamilies: ['IPv6'] });
  await world.settle();
  const [plain, one, two] = await Promise.all(
    ['plain', 'one', 'two'].map(async (name) => (await world.get('Network', name)).status?.ipam),
  );
  expect(plain).toEqual({ ipv4Range: '10.128.0.0/9', subnets: 0, allocatedAddresses: 0, capacity: String(2 ** 23) });
  expect(one?.ipv6Range).toMatch(/^fd2[0-9a-f].*::\/48$/);
  expect(two).toMatchObject({ ipv6Range: expect.stringMatching(/::\/48$/) });
  expect(two?.ipv6Range).not.toBe(one?.ipv6Range);
  expect(two?.ipv4Range).toBeUndefined();
  expect(await world.condition('Network', 'two', 'Ready')).toBe('True Ready');
});

test('a range may grow, and nothing else', async () => {
  const world = await wholeWorld({ random: seeded('grow') });
  const { network } = declare(world.store);
  await network('prod', { ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/24' } });
  await world.settle();
  const widen = (ipv4Range: string): Promise<unknown> =>
    world.store.update(asAdmin, 'Network', inDefault('prod'), (one) => ({
      ...one,
      spec: { ...one.spec, ipam: { mode: 'Auto', ipv4Range } },
    }));
  await widen('10.9.0.0/24');
  await world.settle();
  expect(await world.condition('Network', 'prod', 'Ready')).toBe('False OutOfRange');
  await widen('10.0.0.0/16');
  await world.settle();
  expect(await world.condition('Network', 'prod', 'Ready')).toBe('True Ready');
  expect((await world.get('Network', 'prod')).status?.ipam?.ipv4Range).toBe('10.0.0.0/16');
});

test('a network that is in use says by whom, and goes after them', async () => {
  const world = await wholeWorld({ random: seeded('in use') });
  const { location, network, binding, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default');
  await binding('mine', 'default', 'dfw');
  await workload('web');
  await world.settle();
  await world.store.delete(asAdmin, 'Network', inDefault('default'));
  await world.settle();
  expect(conditionOf(await world.get('Network', 'default'), 'Ready')).toMatchObject({
    status: 'False',
    reason: 'InUse',
    message:
      'In use by NetworkBinding default/mine, NetworkBinding default/web-us-dfw-net-0, Instance default/web-us-dfw-0',
  });
  expect(await world.condition('Instance', 'web-us-dfw-0', 'Ready')).toBe('True Running');

  await world.store.delete(asAdmin, 'Workload', inDefault('web'));
  await world.settle();
  expect(conditionOf(await world.get('Network', 'default'), 'Ready')?.message).toBe(
    'In use by NetworkBinding default/mine',
  );
  await world.store.delete(asAdmin, 'NetworkBinding', inDefault('mine'));
  await world.settle();
  for (const kind of ['Network', 'NetworkContext', 'SubnetClaim', 'Subnet'] as const)
    expect(await world.names(kind), kind).toEqual([]);
});

test("what users made in a network's contexts goes with the network", async () => {
  const world = await wholeWorld({ random: seeded('user made') });
  const { location, network, binding, claim } = declare(world.store);
  await location('dfw', 'DFW');
  await network('prod');
  await binding('mine', 'prod', 'dfw');
  await world.settle();
  await claim('mine', 'prod-default-dfw', { prefixLength: 28 });
  await world.settle();

  await world.store.delete(asAdmin, 'NetworkBinding', inDefault('mine'));
  await world.settle();
  expect(await world.names('NetworkContext'), 'a claim of a user keeps the context').toEqual(['prod-default-dfw']);
  expect(await world.condition('SubnetClaim', 'mine', 'Ready')).toBe('True SubnetReady');

  await world.store.delete(asAdmin, 'Network', inDefault('prod'));
  await world.settle();
  for (const kind of ['Network', 'NetworkContext', 'SubnetClaim', 'Subnet'] as const)
    expect(await world.names(kind), kind).toEqual([]);
  expect(Object.values(world.cloud.made).map((uids) => uids.size)).toEqual([0, 0, 0]);
});
