import { expect, test } from 'vitest';
import { addFault, objectsOf } from '../support/cloud.ts';
import {
  createLocations,
  createNetwork,
  createWorkload,
  drift,
  gcpWorld,
  messageOf,
  readyInstances,
} from '../support/gcp-world.ts';

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

test('gap 32: an image family is resolved once for a machine, which has the same image when it is made again', async () => {
  const clock = { aheadMs: 0 };
  const world = await gcpWorld({ observeEveryMs: 100, now: () => Date.now() + clock.aheadMs });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const bootImage = async (): Promise<unknown> => {
    const { objects } = await world.cloud();
    return Object.entries(objects['disks'] ?? {}).find(([path]) => path.endsWith('-boot'))?.[1]['sourceImage'];
  };
  const image = await bootImage();
  expect(image).toMatch(/\/global\/images\/cos-/);

  // The family cannot be asked any more, and what was asked for others is too old to be remembered.
  await addFault(world, { path: '/images/family/', fault: { kind: 'error', error: 'notFound' } });
  clock.aheadMs = 2 * 3_600_000;
  const [path = ''] = Object.keys((await world.cloud()).objects['instances'] ?? {});
  const [before] = objectsOf(await world.cloud(), 'instances');
  await drift(world, path);
  await world.eventuallyCloud((state) => {
    const [machine] = objectsOf(state, 'instances');
    return machine !== undefined && machine['id'] !== before?.['id'];
  });
  expect(await bootImage()).toBe(image);
  await createWorkload(world, 'other');
  await world.eventually('Instance', 'other-all-dfw-0', (one) =>
    messageOf(one, 'Programmed').includes('images/family/'),
  );
});
