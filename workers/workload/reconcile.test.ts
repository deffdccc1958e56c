import { expect, test } from 'vitest';
import type { KindTypes } from '../../kinds/generated/types.ts';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare } from '../../test/support/declare.ts';
import { asAdmin } from '../../test/support/store.ts';
import { seeded } from '../../test/support/scale.ts';
import type { World } from '../../test/support/world.ts';

const declared: readonly (keyof KindTypes)[] = ['Workload', 'Network'];
const derived: readonly (keyof KindTypes)[] = [
  'WorkloadDeployment',
  'Instance',
  'NetworkBinding',
  'NetworkContext',
  'SubnetClaim',
  'Subnet',
];
const inDefault = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });

async function declareWeb(world: World): Promise<void> {
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await location('lhr', 'LHR');
  await network('default');
  await workload('web', { cities: ['DFW', 'LHR'], replicas: 2 });
}

async function removeWeb(world: World): Promise<void> {
  await world.store.delete(asAdmin, 'Network', inDefault('default'));
  await world.store.delete(asAdmin, 'Workload', inDefault('web'));
}

/** What there is of a kind, but for what differs from run to run. */
async function summary(world: World): Promise<unknown> {
  const kinds = await Promise.all([...declared, ...derived].map(async (kind) => [kind, await world.names(kind)]));
  const { status } = await world.get('Workload', 'web');
  return [
    ...kinds,
    {
      ...status,
      conditions: undefined,
      placements: status?.placements?.map((one) => ({ ...one, conditions: undefined })),
    },
  ];
}

test('a workload comes up and goes again, and leaves nothing behind', async () => {
  const world = await wholeWorld({ random: seeded('up and down') });
  await declareWeb(world);
  await world.settle();

  expect(await world.names('WorkloadDeployment')).toEqual(['web-us-dfw', 'web-us-lhr']);
  expect(await world.names('NetworkBinding')).toEqual(['web-us-dfw-net-0', 'web-us-lhr-net-0']);
  expect(await world.names('NetworkContext')).toEqual(['default-default-dfw', 'default-default-lhr']);
  expect(await world.names('SubnetClaim')).toEqual(['default-default-dfw-0', 'default-default-lhr-0']);
  expect(await world.names('Subnet')).toEqual(['default-default-dfw-0', 'default-default-lhr-0']);
  expect(await world.names('Instance')).toEqual(['web-us-dfw-0', 'web-us-dfw-1', 'web-us-lhr-0', 'web-us-lhr-1']);

  const { metadata, status } = await world.get('Workload', 'web');
  const counts = { replicas: 4, currentReplicas: 4, desiredReplicas: 4, readyReplicas: 4 };
  expect(status).toMatchObject({ deployments: 2, ...counts, placements: [{ name: 'us', ...counts }] });
  expect(await world.condition('Workload', 'web', 'Available')).toBe('True AvailablePlacementFound');
  expect(status?.placements?.[0]?.conditions).toMatchObject([
    { type: 'Available', status: 'True', reason: 'AvailableDeploymentFound' },
  ]);
  expect(await world.condition('WorkloadDeployment', 'web-us-dfw', 'Available')).toBe('True StableInstanceFound');
  expect(await world.condition('Instance', 'web-us-dfw-1', 'Ready')).toBe('True Running');

  const deployment = await world.get('WorkloadDeployment', 'web-us-dfw');
  const instance = await world.get('Instance', 'web-us-dfw-1');
  expect(instance.metadata.labels).toEqual({
    tier: 'test',
    'compute.datumapis.com/workload-uid': metadata.uid,
    'compute.datumapis.com/workload-deployment-uid': deployment.metadata.uid,
    'compute.datumapis.com/instance-index': '1',
  });
  expect(instance.spec).toMatchObject({
    location: { name: 'dfw', namespace: 'default' },
    controller: { schedulingGates: [] },
  });
  expect(instance.status?.controller?.observedTemplateHash).toBe(instance.spec.controller?.templateHash);
  expect(instance.status?.networkInterfaces?.[0]?.assignments?.networkIP).toMatch(/^10\.128\./);
  expect((await world.get('Network', 'default')).status?.ipam).toMatchObject({
    subnets: 2,
    allocatedAddresses: 4,
    capacity: String(2 ** 23),
  });
  expect((await world.get('Subnet', 'default-default-dfw-0')).status?.addresses).toEqual({
    capacity: '4092',
    allocated: 2,
  });

  await removeWeb(world);
  await world.settle();
  for (const kind of [...declared, ...derived]) expect(await world.names(kind), kind).toEqual([]);
  expect(Object.values(world.cloud.made).map((uids) => uids.size)).toEqual([0, 0, 0]);
  const held = await world.open.pool.query(
    'select owner::text from ipam_block union all select owner::text from ipam_address',
  );
  expect(held.rows).toEqual([]);
});

test('a second look at everything changes nothing', async () => {
  const world = await wholeWorld({ random: seeded('second look') });
  await declareWeb(world);
  await world.settle();
  const before = await world.store.revision();
  await world.restart();
  await world.settle();
  expect(await world.store.revision()).toBe(before);
});

test('controllers that die at every step end at the same', async () => {
  const calm = await wholeWorld({ random: seeded('calm') });
  await declareWeb(calm);
  await calm.settle();

  const world = await wholeWorld({ random: seeded('deadly') });
  let deaths = 0;
  const settleDying = async (): Promise<void> => {
    for (let round = 0; ; round++) {
      world.crashAfter(round % 6);
      try {
        await world.settle();
        return;
      } catch (error) {
        if (!(error instanceof Error && error.message === 'crash')) throw error;
        deaths++;
      }
      await world.restart();
      // A start is free of faults for a while, else nothing would ever be done.
      world.crashAfter(1 + (round % 6));
    }
  };
  await declareWeb(world);
  await settleDying();
  expect(await summary(world)).toEqual(await summary(calm));

  await removeWeb(world);
  await settleDying();
  for (const kind of [...declared, ...derived]) expect(await world.names(kind), kind).toEqual([]);
  expect(deaths).toBeGreaterThan(20);
});

test('a workload waits for its network and goes on by itself', async () => {
  const world = await wholeWorld({ random: seeded('network later') });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await workload('web', { networks: ['front', 'back'] });
  await network('back');
  await world.settle();
  const available = (await world.get('Workload', 'web')).status?.conditions?.[0];
  expect(available).toMatchObject({
    type: 'Available',
    status: 'False',
    reason: 'NetworkNotFound',
    message: 'Unable to find networks: front',
  });
  expect(await world.names('WorkloadDeployment')).toEqual([]);

  await network('front');
  await world.settle();
  expect(await world.condition('Workload', 'web', 'Available')).toBe('True AvailablePlacementFound');
  expect(await world.names('NetworkBinding')).toEqual(['web-us-dfw-net-0', 'web-us-dfw-net-1']);
});

test('placements come and go with the spec; a city that lost its location is reported', async () => {
  const world = await wholeWorld({ random: seeded('placements') });
  await declareWeb(world);
  await world.settle();
  await world.store.update(asAdmin, 'Workload', inDefault('web'), (web) => {
    const [us] = web.spec.placements;
    web.spec.placements = [
      { ...us!, cityCodes: ['LHR'] },
      { ...us!, name: 'eu', cityCodes: ['DFW'] },
    ]; // made with one placement
    return web;
  });
  await world.settle();
  expect(await world.names('WorkloadDeployment')).toEqual(['web-eu-dfw', 'web-us-lhr']);
  expect(await world.names('Instance')).toEqual(['web-eu-dfw-0', 'web-eu-dfw-1', 'web-us-lhr-0', 'web-us-lhr-1']);

  await world.store.delete(asAdmin, 'Location', inDefault('dfw'));
  await world.store.delete(asAdmin, 'WorkloadDeployment', inDefault('web-eu-dfw'));
  await world.settle();
  expect(await world.names('WorkloadDeployment')).toEqual(['web-us-lhr']);
  const eu = (await world.get('Workload', 'web')).status?.placements?.find(({ name }) => name === 'eu');
  expect(eu?.conditions).toMatchObject([
    {
      status: 'False',
      reason: 'NoAvailableDeployments',
      message: '0/0 deployments are available; no location has city code DFW',
    },
  ]);

  await declare(world.store).location('dfw2', 'DFW');
  await world.settle();
  expect((await world.get('WorkloadDeployment', 'web-eu-dfw')).status?.location?.name).toBe('dfw2');
});

test("a name that another owner's object holds gets a hash", async () => {
  const world = await wholeWorld({ random: seeded('held name') });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default');
  // Both want the deployment `a-us-us-dfw`.
  const placements = (await workload('a')).spec.placements;
  await world.store.update(asAdmin, 'Workload', inDefault('a'), (one) => ({
    ...one,
    spec: { ...one.spec, placements: [{ ...placements[0]!, name: 'us-us' }] },
  }));
  await world.settle();
  await workload('a-us');
  await world.settle();
  const names = await world.names('WorkloadDeployment');
  expect(names).toEqual(['a-us-us-dfw', expect.stringMatching(/^a-us-us-dfw-[0-9a-f]{8}$/)]);
  for (const one of ['a', 'a-us'])
    expect(await world.condition('Workload', one, 'Available')).toBe('True AvailablePlacementFound');
});

test('many workloads at once come up and go, whatever interleaves', async () => {
  const world = await wholeWorld({ random: seeded('many'), atOnce: 8 });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await location('lhr', 'LHR');
  await Promise.all(['front', 'back'].map((name) => network(name)));
  const names = Array.from({ length: 8 }, (_, index) => `w${index}`);
  await Promise.all(
    names.map((name, index) =>
      workload(name, {
        networks: ['front', 'back'],
        cities: ['DFW', 'LHR'],
        replicas: 2,
        policy: index % 2 === 0 ? 'Parallel' : 'OrderedReady',
      }),
    ),
  );
  await world.settle();
  for (const name of names)
    expect((await world.get('Workload', name)).status, name).toMatchObject({ replicas: 4, readyReplicas: 4 });
  expect(await world.names('Instance')).toHaveLength(32);
  expect(await world.names('NetworkContext')).toHaveLength(4);
  expect(await world.names('SubnetClaim')).toHaveLength(4);
  expect(await world.names('Subnet')).toHaveLength(4);
  const { items } = await world.store.list(asAdmin, 'Instance');
  const addresses = items.flatMap(
    ({ status }) =>
      status?.networkInterfaces?.map(({ assignments }, index) => `${index} ${assignments?.networkIP}`) ?? [],
  );
  expect(new Set(addresses).size).toBe(64);

  await Promise.all([
    ...names.map((name) => world.store.delete(asAdmin, 'Workload', inDefault(name))),
    ...['front', 'back'].map((name) => world.store.delete(asAdmin, 'Network', inDefault(name))),
  ]);
  await world.settle();
  for (const kind of [...declared, ...derived]) expect(await world.names(kind), kind).toEqual([]);
  expect(Object.values(world.cloud.made).map((uids) => uids.size)).toEqual([0, 0, 0]);
});
