import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { readEvents } from '../../test/support/events.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';

it('a watch ends when changes were forgotten before they were read, and cannot go on from where it was', async () => {
  const { store, url } = await testStore();
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  onTestFinished(() => pool.end());
  const create = (name: string) => store.create(asAdmin, 'ConfigMap', { metadata: { name, namespace: 'default' } });
  const reader = readEvents((signal) => store.watch(asAdmin, 'ConfigMap', { signal }));
  const { object } = await create('before');
  await reader.until((events) => events.some((event) => event.type === 'ADDED'));
  // As when another process compacts while this one is behind.
  await pool.query('update meta set floor = (select max(revision) from change) + 1');
  for (const name of ['lost', 'after']) await create(name);
  await expect(reader.ended).resolves.toBeUndefined();
  const resumed = readEvents((signal) =>
    store.watch(asAdmin, 'ConfigMap', { signal, from: BigInt(object.metadata.resourceVersion) }),
  );
  await expect(resumed.ended).rejects.toMatchObject({ code: 'Expired' });
});
