import { expect, test } from 'vitest';
import { compact } from '../store/compact.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import type { Guard, Sight } from './guard.ts';
import { guardedStore } from './guarded-store.ts';

/** Who may see so much of every list. */
const seeing = (sight: Sight | undefined): Guard => ({ sightOf: () => sight }) as unknown as Guard;

test('what is counted is the list of a revision, as far as it may be seen', async () => {
  const { store, registry, pool } = await testStore();
  await store.create(asAdmin, 'Namespace', { metadata: { name: 'lab' } });
  const make = async (namespace: string, name: string) =>
    store.create(asAdmin, 'ConfigMap', { metadata: { namespace, name, labels: { tier: name } } });
  await make('default', 'a');
  await make('lab', 'b');
  const { revision } = await store.list(asAdmin, 'ConfigMap');
  await make('default', 'c');
  const count = async (sight: Sight | undefined, options: { text?: string; namespace?: string } = {}) =>
    guardedStore(store, registry, seeing(sight)).count(asAdmin, 'ConfigMap', { at: revision, ...options });
  expect(await count({})).toBe(2);
  expect(await count({}, { text: 'tier=B' })).toBe(1);
  expect(await count({}, { namespace: 'default' })).toBe(1);
  expect(await count({ namespaces: ['lab'] })).toBe(1);
  expect(await count(undefined)).toBe(0);
  // What was is forgotten: what is counts then.
  await compact(pool, { keepMs: 0, maxRows: 0 });
  expect(await count({})).toBe(3);
});
