import { expect, test } from 'vitest';
import { wholeWorld } from '../../test/support/controllers.ts';
import { declare } from '../../test/support/declare.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import type { Event } from '../../kinds/generated/types.ts';
import { expireEvents } from './expire-events.ts';
import type { Occurrence } from './occurrence.ts';
import { createEventRecorder, type EventRecorder } from './recorder.ts';
import { recordingStore } from './recording-store.ts';

const failed = (error: unknown): void => {
  throw error;
};

const told = ({ involvedObject, type, reason, message }: Event): string =>
  `${involvedObject.kind} ${involvedObject.name}: ${type} ${reason}: ${message}`;

test('the life of a workload is told by events, each once', async () => {
  let recorder: EventRecorder | undefined;
  const world = await wholeWorld({
    random: seeded('events'),
    around: (store) => {
      recorder = createEventRecorder({ store, onError: failed, collectMs: 60_000 });
      return recordingStore(store, recorder.record);
    },
  });
  const { location, network, workload } = declare(world.store);
  await location('dfw', 'DFW');
  await network('default');
  await workload('web', { cities: ['DFW'], replicas: 2 });
  await world.settle();
  await world.store.delete(asAdmin, 'Workload', { namespace: 'default', name: 'web' });
  await world.settle();
  const before = world.changes.length;
  await recorder?.close();
  await world.settle();

  const { items } = await world.open.store.list(asAdmin, 'Event');
  const lines = items.map(told);
  expect(lines).toEqual(
    expect.arrayContaining([
      'Workload web: Normal Created: Created WorkloadDeployment web-us-dfw',
      'WorkloadDeployment web-us-dfw: Normal LocationAssigned: Assigned to default/dfw',
      'WorkloadDeployment web-us-dfw: Normal Created: Created Instance web-us-dfw-1',
      'Instance web-us-dfw-1: Normal Running: Instance is running',
      'Workload web: Normal AvailablePlacementFound: 1/1 placements are available',
      'Workload web: Normal Deleted: Deleted WorkloadDeployment web-us-dfw',
      'Network default: Normal Created: Created NetworkContext default-default-dfw',
    ]),
  );
  expect(new Set(lines).size).toBe(lines.length);
  const running = items.find((event) => told(event).endsWith('web-us-dfw-1: Normal Running: Instance is running'));
  expect(running).toMatchObject({
    metadata: { namespace: 'default', name: expect.stringMatching(/^web-us-dfw-1\.[0-9a-f]{16}$/) },
    involvedObject: { apiVersion: 'compute.datumapis.com/v1alpha', uid: expect.any(String) },
    count: 1,
    source: { component: 'datumapis.com/instance' },
    reportingComponent: 'datumapis.com/instance',
  });
  // Events are no work for anybody: beside them nothing was written after the recorder wrote.
  expect(world.changes.slice(before).filter(({ kind }) => kind !== 'Event')).toEqual([]);
});

const occurrence: Occurrence = {
  project: 'default',
  reporter: 'network',
  about: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'c', uid: 'u' },
  type: 'Warning',
  reason: 'Odd',
  message: 'it is odd',
};

test('the same again is counted, by whoever sees it', async () => {
  const { store } = await testStore();
  const start = Date.parse('2026-01-01T00:00:00Z');
  let nowMs = start;
  const recorders = [0, 1].map(() => createEventRecorder({ store, onError: failed, collectMs: 1, now: () => nowMs }));
  for (const recorder of recorders) {
    for (let n = 0; n < 3; n += 1)
      recorder.record({ ...occurrence, about: { ...occurrence.about, resourceVersion: `${n}` } });
    nowMs += 60_000;
    await recorder.close();
    recorder.record(occurrence);
  }
  const { items } = await store.list(asAdmin, 'Event');
  expect(items).toMatchObject([
    {
      count: 6,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:01:00Z',
      involvedObject: { resourceVersion: '2' },
    },
  ]);
});

test('who reports too much is held back, and trouble is nobody’s', async () => {
  const { store } = await testStore();
  const errors: unknown[] = [];
  const recorder = createEventRecorder({ store, onError: (error) => errors.push(error), collectMs: 1 });
  for (let n = 0; n < 100; n += 1) recorder.record({ ...occurrence, message: `odd ${n}` });
  recorder.record({ ...occurrence, about: { ...occurrence.about, namespace: 'nowhere', uid: 'v' } });
  await recorder.close();
  expect((await store.list(asAdmin, 'Event')).items).toHaveLength(25);
  expect(errors).toEqual([]);
});

test('events go an hour after they happened last, and the oldest when there are too many', async () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const { store, pool } = await testStore({ now: () => now });
  const make = (name: string, fields: object = {}) =>
    store.create(asAdmin, 'Event', {
      metadata: { name, namespace: 'default' },
      involvedObject: { kind: 'Network', namespace: 'default', name: 'n' },
      ...fields,
    });
  const names = async () => (await store.list(asAdmin, 'Event')).items.map(({ metadata }) => metadata.name);
  await make('again', { lastTimestamp: '2026-01-01T00:30:00Z' });
  await make('future', { lastTimestamp: '2126-01-01T00:00:00Z' });
  for (let n = 0; n < 120; n += 1) await make(`once-${n}`);
  now = new Date('2026-01-01T00:50:00Z');
  await make('young');
  expect(await expireEvents(store, pool, {}, Date.parse('2026-01-01T01:00:00Z'))).toBe(0);
  expect(await expireEvents(store, pool, {}, Date.parse('2026-01-01T01:01:00Z'))).toBe(121);
  expect(await names()).toEqual(['again', 'young']);
  expect(await expireEvents(store, pool, { maxPerNamespace: 1 }, Date.parse('2026-01-01T01:01:00Z'))).toBe(1);
  expect(await names()).toEqual(['young']);
});
