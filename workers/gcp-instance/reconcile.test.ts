import { describe, expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { addFault, objectsOf, schemaViolations } from '../../test/support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../../test/support/gcp-world.ts';

async function startedWorld(...options: Parameters<typeof gcpWorld>): Promise<GcpWorld> {
  const world = await gcpWorld(...options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  return world;
}

/** The machines are exactly those of the instances, each with the addresses that its instance shows. */
async function expectMachinesOf(world: GcpWorld, instances: readonly Instance[]): Promise<void> {
  const machines = objectsOf(await world.cloud(), 'instances');
  expect(machines.map(({ name }) => name).toSorted()).toEqual(
    instances.map(({ metadata }) => `instance-${metadata.uid}`).toSorted(),
  );
  for (const { metadata, status } of instances) {
    const machine = machines.find(({ name }) => name === `instance-${metadata.uid}`);
    const [nic] = machine?.['networkInterfaces'] ?? [];
    expect(status?.networkInterfaces).toEqual([
      { assignments: { networkIP: nic.networkIP, externalIP: nic.accessConfigs[0].natIP } },
    ]);
  }
  expect(await schemaViolations(world)).toEqual([]);
}

test('instances are machines, in a cloud that takes its time, and go without a trace', async () => {
  const world = await startedWorld({ latency: 'short' });
  await createWorkload(world, 'web', { replicas: 3 });
  const instances = await readyInstances(world, 3);
  await expectMachinesOf(world, instances);
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const [instance] = instances.filter(({ metadata }) => machine?.['name'] === `instance-${metadata.uid}`);
  const deployment = instance?.metadata.labels?.['compute.datumapis.com/workload-deployment-uid'];
  expect(machine).toMatchObject({
    tags: {
      items: [
        `workload-${instance?.metadata.labels?.['compute.datumapis.com/workload-uid']}`,
        `deployment-${deployment}`,
        `deployment-${deployment}-net-0`,
      ],
    },
    labels: { 'managed-by': 'datum', 'owner-uid': instance?.metadata.uid },
  });
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(
    ({ counts }) =>
      counts['instances'] === 0 &&
      counts['disks'] === 0 &&
      counts['serviceAccounts'] === 0 &&
      counts['firewalls'] === 0,
  );
  for (const { metadata } of instances)
    expect(await world.ipam.addressesOf({ project: 'default', owner: metadata.uid })).toEqual([]);
});

describe('whatever goes wrong, there is one machine for each instance', () => {
  const inserts = { method: 'POST', path: '/zones/[^/]+/instances$' };
  test.each<[string, Parameters<typeof addFault>[1]]>([
    ['answers to inserts are lost', { ...inserts, count: 3, fault: { kind: 'lost-answer' } }],
    ['inserts are done and answered with 500', { ...inserts, count: 3, fault: { kind: 'commit-then-error' } }],
    ['answers to inserts are cut short', { ...inserts, count: 3, fault: { kind: 'truncated' } }],
    ['connections are cut', { ...inserts, count: 3, fault: { kind: 'drop' } }],
    [
      'inserts are answered with 503',
      { ...inserts, count: 3, fault: { kind: 'http', status: 503, reason: 'backendError' } },
    ],
    [
      'the project is throttled',
      { ...inserts, count: 2, fault: { kind: 'http', status: 403, reason: 'rateLimitExceeded' } },
    ],
    [
      'operations end with an internal error (gap 24)',
      { ...inserts, count: 2, fault: { kind: 'operation-error', code: 'INTERNAL_ERROR' } },
    ],
    ['a third of all requests fails', { probability: 0.33, fault: { kind: 'html' } }],
    ['a third of all answers is lost', { probability: 0.33, fault: { kind: 'lost-answer' } }],
  ])('when %s', async (_, fault) => {
    const world = await startedWorld();
    await addFault(world, fault);
    await createWorkload(world, 'web', { replicas: 3 });
    await expectMachinesOf(world, await readyInstances(world, 3));
  });
});

test('gap 23: a stock-out is shown with its reason, and is over when there are machines again', async () => {
  const world = await startedWorld();
  const fault = { kind: 'operation-error', code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message: 'no n2 left' };
  await addFault(world, { method: 'POST', path: '/instances$', count: 1, fault });
  await createWorkload(world, 'web');
  const [short] = await world.eventuallyAll(
    'Instance',
    (all) => conditionText(all[0], 'Ready') === 'False ResourcePoolExhausted',
  );
  expect(short?.status?.conditions?.find(({ type }) => type === 'Programmed')?.message).toMatch(
    /instances\/instance-.*ZONE_RESOURCE_POOL_EXHAUSTED: no n2 left \(next attempt at 2\d{3}-/,
  );
  const address = short?.status?.networkInterfaces?.[0]?.assignments?.networkIP;
  expect(address).toBeDefined();
  const [instance] = await readyInstances(world, 1);
  expect(instance?.status?.networkInterfaces?.[0]?.assignments?.networkIP).toBe(address);
});

test('a machine that somebody deletes is made again, with its address', async () => {
  const world = await startedWorld({ observeEveryMs: 300 });
  await createWorkload(world, 'web');
  const [before] = await readyInstances(world, 1);
  const resource = `projects/acme-edge/zones/us-south1-a/instances/instance-${before?.metadata.uid}`;
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const response = await fetch(`${world.gcpControl}/_emu/drift`, {
    method: 'POST',
    body: JSON.stringify({ resource, action: 'delete' }),
  });
  expect(response.ok, await response.text()).toBe(true);
  await world.eventuallyCloud((state) => objectsOf(state, 'instances').some(({ id }) => id !== machine?.['id']));
  const [after] = await readyInstances(world, 1);
  expect(after?.status?.networkInterfaces?.[0]?.assignments?.networkIP).toBe(
    before?.status?.networkInterfaces?.[0]?.assignments?.networkIP,
  );
});

test('a machine that somebody stops is shown as stopped', async () => {
  const world = await startedWorld({ observeEveryMs: 300 });
  await createWorkload(world, 'web');
  const [instance] = await readyInstances(world, 1);
  const name = instance?.metadata.name ?? '';
  await fetch(
    `${world.gcp}/compute/v1/projects/acme-edge/zones/us-south1-a/instances/instance-${instance?.metadata.uid}/stop`,
    { method: 'POST' },
  );
  const stopped = await world.eventually('Instance', name, (one) => conditionText(one, 'Ready') === 'False Stopped');
  expect(conditionText(stopped, 'Programmed')).toBe('True Programmed');
  expect(stopped.status?.conditions?.find(({ type }) => type === 'Running')?.message).toContain('TERMINATED');
});
