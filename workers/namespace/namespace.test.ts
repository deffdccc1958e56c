import { expect, it } from 'vitest';
import { readEvents } from '../../test/support/events.ts';
import { testRuntime } from '../../test/support/runtime.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { contentVerdict } from './plan.ts';
import { controller } from './reconcile.ts';

const key = { namespace: '', name: 'going' };

it('empties a namespace of every kind, says what remains, and lets it go with the last object', async () => {
  const open = await testStore();
  const { store } = open;
  await testRuntime(open, [controller(open)]);
  await store.create(asAdmin, 'Namespace', { metadata: { name: 'going' } });
  await Promise.all(
    Array.from({ length: 130 }, (_, n) =>
      store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'going', name: `c${n}` } }),
    ),
  );
  await store.create(asAdmin, 'Secret', { metadata: { namespace: 'going', name: 's' } });
  await store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: 'elsewhere' } });
  const held = {
    metadata: { namespace: 'going', name: 'held', finalizers: ['example.com/hold'] },
    spec: { ipam: { mode: 'Auto' } },
  };
  await store.create(asAdmin, 'Network', held);
  const namespaces = readEvents((signal) => store.watch(asAdmin, 'Namespace', { signal }));
  await store.delete(asAdmin, 'Namespace', key);

  await namespaces.until((events) =>
    JSON.stringify(events.map((event) => ('object' in event ? event.object.status : 0))).includes(
      'networks.networking.datumapis.com has 1; held by finalizers example.com/hold',
    ),
  );
  expect((await store.list(asAdmin, 'ConfigMap')).items.map(({ metadata }) => metadata.name)).toEqual(['elsewhere']);
  expect(
    (await store.get(asAdmin, 'Network', { namespace: 'going', name: 'held' }))?.metadata.deletionTimestamp,
  ).toBeDefined();
  await store.update(asAdmin, 'Network', { namespace: 'going', name: 'held' }, (object) => ({
    ...object,
    metadata: { ...object.metadata, finalizers: [] },
  }));
  // Sooner than the namespace would look by itself.
  await namespaces.until((events) => events.some(({ type }) => type === 'DELETED'), 4000);
  await namespaces.stop();
  await store.create(asAdmin, 'Namespace', { metadata: { name: 'going' } });
});

it('says what remains by kind', () => {
  const left = [
    { kind: { plural: 'secrets', group: '' }, objects: 2, finalizers: [] },
    { kind: { plural: 'networks', group: 'n.io' }, objects: 1, finalizers: ['b', 'a'] },
  ];
  expect(contentVerdict(left).message).toBe(
    'Objects remain: networks.n.io has 1, secrets has 2; held by finalizers a, b',
  );
});
