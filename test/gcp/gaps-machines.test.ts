import { expect, test } from 'vitest';
import { addFault, objectsOf } from '../support/cloud.ts';
import { createLocations, createNetwork, createWorkload, gcpWorld, readyInstances } from '../support/gcp-world.ts';

const instanceInsert = 'POST /compute/v1/projects/{project}/zones/{zone}/instances';

test('gap 24: an insert whose operation fails is made again, as a call of its own, and leaves one machine', async () => {
  const world = await gcpWorld();
  await addFault(world, { path: '/instances$', count: 1, fault: { kind: 'operation-error', code: 'INTERNAL_ERROR' } });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const { counters } = (await (await fetch(`${world.gcpControl}/_emu/requests`)).json()) as {
    counters: { byRoute: Record<string, number> };
  };
  // The same request id would have been answered by the operation that failed.
  expect(counters.byRoute[instanceInsert]).toBe(2);
  expect(objectsOf(await world.cloud(), 'instances')).toHaveLength(1);
});

test('gap 33: a machine without keys of users has no such entry in its metadata', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const items = machine?.['metadata'].items as { key: string; value: string }[];
  expect(items.map(({ key }) => key)).toContain('user-data');
  expect(items.map(({ key }) => key)).not.toContain('ssh-keys');
  expect(items.every(({ value }) => value !== '')).toBe(true);
});
