import { expect, test } from 'vitest';
import { asAdmin, testStore } from '../test/support/store.ts';

test('reads that come together answer each its own, and one bad name fails alone', async () => {
  const { store } = await testStore();
  const names = Array.from({ length: 200 }, (_, index) => `n-${index}`);
  await store.create(asAdmin, 'Namespace', { metadata: { name: 'reads' } });
  for (const name of names)
    await store.create(asAdmin, 'ConfigMap', { metadata: { name, namespace: 'reads' }, data: { name } });
  const wanted = [...names, 'absent', 'nul-\0', ...names.toReversed()];
  const found = await Promise.allSettled(
    wanted.map((name) => store.get(asAdmin, 'ConfigMap', { namespace: 'reads', name })),
  );
  expect(found.map((one) => (one.status === 'fulfilled' ? one.value?.metadata.name : 'refused'))).toEqual([
    ...names,
    undefined,
    'refused',
    ...names.toReversed(),
  ]);
});

test('a read sees what was written before it came, whatever is under way', async () => {
  const { store } = await testStore();
  await store.create(asAdmin, 'Namespace', { metadata: { name: 'reads' } });
  const key = { namespace: 'reads', name: 'counter' };
  await store.create(asAdmin, 'ConfigMap', { metadata: key, data: { n: '0' } });
  let stop = false;
  const noise = Array.from({ length: 16 }, async () => {
    while (!stop) await store.get(asAdmin, 'ConfigMap', key);
  });
  for (let n = 1; n <= 100; n += 1) {
    await store.update(asAdmin, 'ConfigMap', key, (current) => ({ ...current, data: { n: String(n) } }));
    expect((await store.get(asAdmin, 'ConfigMap', key))?.data).toEqual({ n: String(n) });
  }
  stop = true;
  await Promise.all(noise);
});
