import { describe, expect, it } from 'vitest';
import { readEvents } from '../test/support/events.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import { compact } from './compact.ts';
import { storeConformance } from './conformance.ts';

const inDefault = (name: string) => ({ namespace: 'default', name });

describe('store on Postgres', () => {
  storeConformance(async () => (await testStore()).store);

  it('says Expired for a revision that the history no longer holds', async () => {
    const { store, pool, url, secretKey } = await testStore();
    await store.create(asAdmin, 'ConfigMap', { metadata: { name: 'a', namespace: 'default' } });
    for (let n = 0; n < 10; n += 1)
      await store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({ ...c, data: { n: String(n) } }));
    expect(await compact(pool, { keepMs: 3_600_000, maxRows: 5 })).toBeGreaterThan(0);
    const { store: reopened } = await testStore({ url, secretKey });
    const reader = readEvents((signal) => reopened.watch(asAdmin, 'ConfigMap', { from: 1n, signal }));
    await expect(reader.until(() => false, 200)).rejects.toThrow();
    await expect(reader.stop()).rejects.toMatchObject({ code: 'Expired' });
    expect((await reopened.list(asAdmin, 'ConfigMap')).revision).toBe(await reopened.revision());
  });

  it('never compacts past a live reader', async () => {
    const { store, pool } = await testStore();
    await pool.query("insert into reader_cursor (reader, revision) values ('r', 2)");
    for (const name of ['a', 'b', 'c', 'd'])
      await store.create(asAdmin, 'ConfigMap', { metadata: { name, namespace: 'default' } });
    await compact(pool, { keepMs: 0, maxRows: 1 });
    expect((await pool.query('select min(revision) from change')).rows[0]).toEqual({ min: '3' });
  });

  it('holds secrets encrypted, in the object and in its history', async () => {
    const { store, pool } = await testStore();
    const secret = { metadata: { name: 's', namespace: 'default' }, data: { password: 'aHVudGVyMgo=' } };
    await store.create(asAdmin, 'Secret', secret, { idempotencyKey: 'k' });
    await store.update(asAdmin, 'Secret', inDefault('s'), (s) => ({
      ...s,
      metadata: { ...s.metadata, labels: { a: 'b' } },
    }));
    expect((await store.get(asAdmin, 'Secret', inDefault('s')))?.data).toEqual(secret.data);
    for (const table of ['resource', 'change', 'idempotency']) {
      const { rows } = await pool.query(`select row_to_json(t)::text as text from ${table} t`);
      expect(rows.map(({ text }) => text).join()).not.toContain('aHVudGVyMgo');
    }
  });

  it('shares its log between processes', async () => {
    const { store, url, secretKey } = await testStore();
    const other = await testStore({ url, secretKey });
    const reader = readEvents((signal) => other.store.watch(asAdmin, 'ConfigMap', { signal }));
    await reader.until((events) => events.length === 1);
    await store.create(asAdmin, 'ConfigMap', { metadata: { name: 'a', namespace: 'default' } });
    await reader.until((events) => events.length === 2);
    await reader.stop();
  });
});
