import { expect, test } from 'vitest';
import { objectsOf, schemaViolations } from '../support/cloud.ts';
import {
  conditionText,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  messageOf,
  readyInstances,
} from '../support/gcp-world.ts';

async function worldWithAlternates(...alternateZones: string[]): Promise<GcpWorld> {
  const world = await gcpWorld();
  await world.create('Location', 'dallas', {
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme-edge', region: 'us-south1', zone: 'us-south1-a', alternateZones } },
    },
  });
  await createNetwork(world);
  return world;
}

async function runOut(world: GcpWorld, zone: string): Promise<void> {
  const answer = await fetch(`${world.gcpControl}/_emu/stockouts`, { method: 'POST', body: JSON.stringify({ zone }) });
  expect(answer.ok, await answer.text()).toBe(true);
}

const machineZones = async (world: GcpWorld): Promise<string[]> =>
  objectsOf(await world.cloud(), 'instances').map(({ zone }) => String(zone).split('/').at(-1) ?? '');

test('a machine that its zone has none left for is made in the next, which is said', async () => {
  const world = await worldWithAlternates('us-south1-b', 'us-south1-c');
  await runOut(world, 'us-south1-a');
  await runOut(world, 'us-south1-b');
  await createWorkload(world, 'web');
  const [instance] = await readyInstances(world, 1);
  expect(await machineZones(world)).toEqual(['us-south1-c']);
  expect(instance?.status?.zone).toBe('us-south1-c');
  expect(messageOf(instance, 'Programmed')).toContain(
    'in zone us-south1-c since us-south1-a and us-south1-b had none left',
  );
  const { rows } = await world.open.pool.query(`select scope from cloud_resource where type = 'compute.instances'`);
  expect(rows).toEqual([{ scope: 'zones/us-south1-c' }]);

  await world.delete('Workload', 'web');
  await world.eventuallyAll('Instance', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'instances')).toEqual([]);
  expect(await schemaViolations(world)).toEqual([]);
});

test('where all zones are out it waits, and begins again with the first', async () => {
  const world = await worldWithAlternates('us-south1-b');
  await runOut(world, 'us-south1-a');
  await runOut(world, 'us-south1-b');
  await createWorkload(world, 'web');
  await world.eventuallyAll('Instance', (all) => conditionText(all[0], 'Ready') === 'False ResourcePoolExhausted');
  await fetch(`${world.gcpControl}/_emu/stockouts`, { method: 'DELETE' });
  const [instance] = await readyInstances(world, 1);
  expect(await machineZones(world)).toEqual([instance?.status?.zone]);
});

test('a machine with disks of its own waits for its zone', async () => {
  const world = await worldWithAlternates('us-south1-b');
  await runOut(world, 'us-south1-a');
  const volumes = [{ name: 'data', disk: { template: { spec: { resources: { requests: { storage: '10Gi' } } } } } }];
  const volumeAttachments = [{ name: 'data' }];
  const runtime = {
    resources: { instanceType: 'datumcloud/d1-standard-2' },
    sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29', volumeAttachments }] },
  };
  await createWorkload(world, 'web', { template: { volumes, runtime } });
  await world.eventuallyAll('Instance', (all) => conditionText(all[0], 'Ready') === 'False ResourcePoolExhausted');
  expect(await machineZones(world)).toEqual([]);
  await fetch(`${world.gcpControl}/_emu/stockouts`, { method: 'DELETE' });
  const [instance] = await readyInstances(world, 1);
  expect(instance?.status?.zone).toBe('us-south1-a');
});

test('a location whose alternate is in another region is not ready, and says why', async () => {
  const world = await worldWithAlternates('europe-west2-a');
  const location = await world.eventually('Location', 'dallas', (one) =>
    conditionText(one, 'Ready').startsWith('False'),
  );
  expect(conditionText(location, 'Ready')).toBe('False ZoneNotInRegion');
});
