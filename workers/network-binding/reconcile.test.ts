import { expect, test } from 'vitest';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin } from '../../test/support/store.ts';
import { conditionOf } from '../objects/condition.ts';

const inDefault = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });

test('a binding waits for its network, then names the context; bindings of one place share it', async () => {
  const world = await wholeWorld({ random: seeded('binding') });
  const { location, network, binding } = declare(world.store);
  await location('dfw', 'DFW');
  await binding('one', 'prod', 'dfw');
  await world.settle();
  expect(conditionOf(await world.get('NetworkBinding', 'one'), 'Ready')).toMatchObject({
    status: 'False',
    reason: 'NetworkNotFound',
    message: 'Network default/prod was not found',
  });

  const owner = await network('prod');
  await binding('two', 'prod', 'dfw');
  await world.settle();
  for (const name of ['one', 'two']) {
    expect(await world.condition('NetworkBinding', name, 'Ready')).toBe('True NetworkContextReady');
    expect((await world.get('NetworkBinding', name)).status?.networkContextRef).toEqual({
      namespace: 'default',
      name: 'prod-default-dfw',
    });
  }
  expect(await world.names('NetworkContext')).toEqual(['prod-default-dfw']);
  const context = await world.get('NetworkContext', 'prod-default-dfw');
  expect(context.spec).toEqual({ network: { name: 'prod' }, location: { name: 'dfw', namespace: 'default' } });
  expect(context.metadata.ownerReferences).toMatchObject([
    { kind: 'Network', uid: owner.metadata.uid, controller: true },
  ]);
  expect(await world.condition('NetworkContext', 'prod-default-dfw', 'Ready')).toBe('True Ready');

  await world.store.delete(asAdmin, 'NetworkBinding', inDefault('one'));
  await world.settle();
  expect(await world.names('NetworkContext')).toEqual(['prod-default-dfw']);
  await world.store.delete(asAdmin, 'NetworkBinding', inDefault('two'));
  await world.settle();
  expect(await world.names('NetworkContext')).toEqual([]);
  expect(world.cloud.made.NetworkContext.size).toBe(0);
});

test('a failure of the context is passed on with its reason and message, and so is its end', async () => {
  const world = await wholeWorld({ random: seeded('binding failure') });
  const { location, network, binding } = declare(world.store);
  const failure = { reason: 'NetworkFailedToCreate', message: 'quota NETWORKS is used up' };
  world.cloud.failing.set('NetworkContext prod-default-dfw', failure);
  await location('dfw', 'DFW');
  await network('prod');
  await binding('one', 'prod', 'dfw');
  await world.settle();
  expect(conditionOf(await world.get('NetworkBinding', 'one'), 'Ready')).toMatchObject({ status: 'False', ...failure });
  expect((await world.get('NetworkBinding', 'one')).status?.networkContextRef).toBeUndefined();

  world.cloud.failing.clear();
  await world.restart();
  await world.settle();
  expect(await world.condition('NetworkBinding', 'one', 'Ready')).toBe('True NetworkContextReady');
});

test('a context that is deleted while it is needed is made again', async () => {
  const world = await wholeWorld({ random: seeded('context by hand') });
  const { location, network, binding } = declare(world.store);
  await location('dfw', 'DFW');
  await network('prod');
  await binding('one', 'prod', 'dfw');
  await world.settle();
  const { uid } = (await world.get('NetworkContext', 'prod-default-dfw')).metadata;
  await world.store.delete(asAdmin, 'NetworkContext', inDefault('prod-default-dfw'));
  await world.settle();
  expect((await world.get('NetworkContext', 'prod-default-dfw')).metadata.uid).not.toBe(uid);
  expect(await world.condition('NetworkBinding', 'one', 'Ready')).toBe('True NetworkContextReady');
});

test("a name that another network's context holds gets a hash, and each binding finds its own", async () => {
  const world = await wholeWorld({ random: seeded('held context') });
  const { location, network, binding } = declare(world.store);
  await location('b-default-c', 'DFW');
  await location('c', 'DFW');
  // Both want the context `a-default-b-default-c`.
  await network('a');
  await network('a-default-b');
  await binding('one', 'a', 'b-default-c');
  await world.settle();
  await binding('two', 'a-default-b', 'c');
  await world.settle();
  expect(await world.names('NetworkContext')).toEqual([
    'a-default-b-default-c',
    expect.stringMatching(/^a-default-b-default-c-[0-9a-f]{8}$/),
  ]);
  const refs = await Promise.all(
    ['one', 'two'].map(async (name) => (await world.get('NetworkBinding', name)).status?.networkContextRef?.name),
  );
  expect(refs).toEqual(await world.names('NetworkContext'));
});
