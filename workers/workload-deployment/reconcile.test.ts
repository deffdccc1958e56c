import { expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare, templateOf } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin } from '../../test/support/store.ts';
import type { World } from '../../test/support/world.ts';
import { conditionOf, isTrue } from '../objects/condition.ts';
import { ownedBy } from '../objects/owner.ts';

type WholeWorld = Awaited<ReturnType<typeof wholeWorld>>;
const web = { namespace: 'default', name: 'web' };

/** A location and a network, and the workload `web` as it is asked for, settled. */
async function webWorld(
  story: string,
  options: Parameters<ReturnType<typeof declare>['workload']>[1],
): Promise<WholeWorld> {
  const world = await wholeWorld({ random: seeded(story) });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default');
  await workload('web', options);
  await world.settle();
  return world;
}

async function change(world: World, alter: { replicas?: number; image?: string }): Promise<void> {
  await world.store.update(asAdmin, 'Workload', web, (workload) => {
    const [placement] = workload.spec.placements;
    if (alter.image !== undefined) workload.spec.template = templateOf(['default'], alter.image);
    if (alter.replicas !== undefined && placement !== undefined) placement.scaleSettings.minReplicas = alter.replicas;
    return workload;
  });
}

/** Replays the log: after each change of instances, those that exist, by name. */
function* history(world: World): Generator<{ type: string; name: string; instances: ReadonlyMap<string, Instance> }> {
  const instances = new Map<string, Instance>();
  for (const one of world.changes) {
    if (one.kind !== 'Instance') continue;
    if (one.type === 'DELETED') instances.delete(one.key.name);
    else instances.set(one.key.name, one.object as Instance);
    yield { type: one.type, name: one.key.name, instances };
  }
}

const images = async (world: World): Promise<(string | undefined)[]> =>
  (await world.store.list(asAdmin, 'Instance')).items.map(({ spec }) => spec.runtime.sandbox?.containers[0]?.image);

test('OrderedReady: the next instance comes when all before it are ready, and goes from the highest', async () => {
  const world = await webWorld('ordered', { replicas: 3 });
  const created: string[] = [];
  for (const { type, name, instances } of history(world)) {
    if (type !== 'ADDED') continue;
    expect([...instances.values()].filter((one) => !isTrue(one, 'Ready')).map(({ metadata }) => metadata.name)).toEqual(
      [name],
    );
    created.push(name);
  }
  expect(created).toEqual(['web-us-dfw-0', 'web-us-dfw-1', 'web-us-dfw-2']);

  await change(world, { replicas: 1 });
  await world.settle();
  const gone = [...history(world)].filter(({ type }) => type === 'DELETED').map(({ name }) => name);
  expect(gone).toEqual(['web-us-dfw-2', 'web-us-dfw-1']);
  expect((await world.get('WorkloadDeployment', 'web-us-dfw')).status).toMatchObject({
    replicas: 1,
    desiredReplicas: 1,
    readyReplicas: 1,
  });
});

test('Parallel: all at once, also when some are there', async () => {
  const world = await webWorld('parallel', { replicas: 2, policy: 'Parallel' });
  await change(world, { replicas: 5 });
  await world.settle();
  const ofInstances = world.changes.filter(({ kind }) => kind === 'Instance');
  // Each set in one go: nothing else happened to an instance in between.
  const batches = ofInstances
    .map(({ type, key }) => (type === 'ADDED' ? key.name.slice(-1) : ' '))
    .join('')
    .split(/ +/)
    .filter((batch) => batch !== '')
    .map((batch) => [...batch].toSorted().join(''));
  expect(batches).toEqual(['01', '234']);
  expect(await world.names('Instance')).toHaveLength(5);
});

test.each(['OrderedReady', 'Parallel'] as const)(
  'RollingUpdate with %s: one at a time, from the highest, under the same ordinals',
  async (policy) => {
    const world = await webWorld(`rolling ${policy}`, { replicas: 3, policy });
    const updateBegan = world.changes.length;
    await change(world, { image: 'docker.io/library/nginx:2' });
    await world.settle();
    expect(await images(world)).toEqual(Array.from({ length: 3 }, () => 'docker.io/library/nginx:2'));
    const deleted: string[] = [];
    for (const { type, name, instances } of history(world)) {
      if (type === 'DELETED') deleted.push(name);
      if (deleted.length > 0)
        expect([...instances.values()].filter((one) => isTrue(one, 'Ready')).length).toBeGreaterThanOrEqual(2);
    }
    expect(deleted).toEqual(['web-us-dfw-2', 'web-us-dfw-1', 'web-us-dfw-0']);
    expect(updateBegan).toBeGreaterThan(0);
    expect((await world.get('WorkloadDeployment', 'web-us-dfw')).status).toMatchObject({
      replicas: 3,
      currentReplicas: 3,
      readyReplicas: 3,
    });
  },
);

test.each(['OrderedReady', 'Parallel'] as const)(
  '%s: a broken template stops at one instance, and a good one replaces it',
  async (policy) => {
    const world = await webWorld(`broken ${policy}`, { replicas: 3, policy });
    const broken = { reason: 'ImageNotFound', message: 'no such image' };
    world.cloud.failing.set('Instance web-us-dfw-2', broken);
    await change(world, { image: 'docker.io/library/nginx:broken' });
    await world.settle();
    expect(await images(world)).toEqual([
      'docker.io/library/nginx:1.29',
      'docker.io/library/nginx:1.29',
      'docker.io/library/nginx:broken',
    ]);
    expect((await world.get('WorkloadDeployment', 'web-us-dfw')).status).toMatchObject({
      replicas: 3,
      currentReplicas: 0,
      readyReplicas: 2,
    });

    world.cloud.failing.clear();
    await change(world, { image: 'docker.io/library/nginx:good' });
    await world.settle();
    expect(await images(world)).toEqual(Array.from({ length: 3 }, () => 'docker.io/library/nginx:good'));
  },
);

test('a workload whose first template is broken says why, and can be repaired', async () => {
  const world = await wholeWorld({ random: seeded('broken first') });
  const { location, network, workload } = declare(world.store);
  world.cloud.failing.set('Instance web-us-dfw-0', { reason: 'ImageNotFound', message: 'no such image' });
  await location('dfw', 'DFW');
  await network('default');
  await workload('web', { replicas: 2 });
  await world.settle();
  const available = conditionOf(await world.get('WorkloadDeployment', 'web-us-dfw'), 'Available');
  expect(available).toMatchObject({
    status: 'False',
    reason: 'ProvisioningInstances',
    message: '0/2 instances are ready; web-us-dfw-0: ImageNotFound: no such image',
  });

  world.cloud.failing.clear();
  await change(world, { image: 'docker.io/library/nginx:good' });
  await world.settle();
  expect(await images(world)).toEqual(['docker.io/library/nginx:good', 'docker.io/library/nginx:good']);
});

test('instances wait behind their gate for the network, and say what keeps it away', async () => {
  const world = await wholeWorld({ random: seeded('gate') });
  const { location, network, workload } = declare(world.store);
  const failure = { reason: 'NetworkFailedToCreate', message: 'quota NETWORKS is used up' };
  world.cloud.failing.set('NetworkContext default-default-dfw', failure);
  await location('dfw', 'DFW');
  await network('default');
  await workload('web', { replicas: 2, policy: 'Parallel' });
  await world.settle();
  const gated = await world.get('Instance', 'web-us-dfw-1');
  expect(gated.spec.controller?.schedulingGates).toEqual([{ name: 'Network' }]);
  expect(conditionOf(gated, 'Ready')).toMatchObject({ status: 'False', ...failure });
  expect(await world.condition('Instance', 'web-us-dfw-1', 'Programmed')).toBe('Unknown Pending');
  expect(conditionOf(await world.get('WorkloadDeployment', 'web-us-dfw'), 'Available')).toMatchObject({
    status: 'False',
    reason: 'ProvisioningNetwork',
    message: 'NetworkFailedToCreate: quota NETWORKS is used up',
  });

  world.cloud.failing.clear();
  await world.restart();
  await world.settle();
  expect(await world.condition('Instance', 'web-us-dfw-1', 'Ready')).toBe('True Running');
  expect((await world.get('Instance', 'web-us-dfw-1')).spec.controller?.schedulingGates).toEqual([]);
});

test('gap 27: deployments share claims, one per family; the next is made when the last is full', async () => {
  const world = await wholeWorld({ random: seeded('claims') });
  const { location, network, binding, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default', { ipFamilies: ['IPv4', 'IPv6'] });
  await binding('first', 'default', 'dfw');
  await world.settle();
  // A first claim as deployments make it, but with room for four addresses only.
  const context = await world.get('NetworkContext', 'default-default-dfw');
  await world.store.create(asAdmin, 'SubnetClaim', {
    metadata: {
      name: 'default-default-dfw-0',
      namespace: 'default',
      labels: { 'networking.datumapis.com/subnet-claim-index': '0' },
      ownerReferences: [ownedBy(context)],
    },
    spec: {
      subnetClass: 'private',
      ipFamily: 'IPv4',
      networkContext: { name: context.metadata.name },
      location: context.spec.location,
      prefixLength: 29,
    },
  });
  await workload('web', { replicas: 3, policy: 'Parallel' });
  await workload('api', { replicas: 3, policy: 'Parallel' });
  await world.settle();

  const { items: claims } = await world.store.list(asAdmin, 'SubnetClaim');
  expect(claims.map(({ metadata, spec, status }) => [metadata.name, spec.ipFamily, status?.prefixLength])).toEqual([
    ['default-default-dfw-0', 'IPv4', 29],
    ['default-default-dfw-1', 'IPv6', 64],
    ['default-default-dfw-2', 'IPv4', 20],
    ['default-default-dfw-3', 'IPv6', 64],
  ]);
  const { items: instances } = await world.store.list(asAdmin, 'Instance');
  const addresses = instances.map(({ status }) => status?.networkInterfaces?.[0]?.assignments?.networkIP);
  expect(new Set(addresses).size).toBe(6);
  expect(instances.every((one) => isTrue(one, 'Ready'))).toBe(true);
});

test('an instance that is deleted by hand is made again, and so is a binding', async () => {
  const world = await webWorld('by hand', { replicas: 2 });
  const before = await world.get('Instance', 'web-us-dfw-0');
  await world.store.delete(asAdmin, 'Instance', { namespace: 'default', name: 'web-us-dfw-0' });
  await world.store.delete(asAdmin, 'NetworkBinding', { namespace: 'default', name: 'web-us-dfw-net-0' });
  await world.settle();
  const after = await world.get('Instance', 'web-us-dfw-0');
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  expect(isTrue(after, 'Ready')).toBe(true);
  expect(await world.condition('NetworkBinding', 'web-us-dfw-net-0', 'Ready')).toBe('True NetworkContextReady');
});

test('a network that an interface leaves stays in the location until the last instance left it', async () => {
  const world = await wholeWorld({ random: seeded('change network') });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default');
  await network('other');
  await workload('web', { replicas: 2 });
  await world.settle();
  await world.store.update(asAdmin, 'Workload', web, (one) => {
    one.spec.template = templateOf(['other'], 'docker.io/library/nginx:1.29');
    return one;
  });
  await world.settle();
  const bindings = (await world.store.list(asAdmin, 'NetworkBinding')).items;
  expect(bindings.map(({ spec }) => spec.network.name)).toEqual(['other']);
  expect(await world.names('NetworkContext')).toEqual(['other-default-dfw']);
  expect(await world.condition('WorkloadDeployment', 'web-us-dfw', 'Available')).toBe('True StableInstanceFound');
  const contextGone = world.changes.findIndex(
    ({ type, kind, key }) => type === 'DELETED' && kind === 'NetworkContext' && key.name === 'default-default-dfw',
  );
  const lastOld = world.changes.findLastIndex(
    ({ type, kind, object }) =>
      type === 'DELETED' &&
      kind === 'Instance' &&
      (object as Instance).spec.networkInterfaces[0]?.network.name === 'default',
  );
  expect(contextGone).toBeGreaterThan(lastOld);
});
