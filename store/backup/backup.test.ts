import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { expect, it } from 'vitest';
import { emptyDatabase, testDatabase } from '../../test/support/database.ts';
import { dumpDatabase } from '../../test/support/dump.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin, openTestStore, testStore, type TestStore } from '../../test/support/store.ts';
import { applyMigration, keepBooks, knownMigrations } from '../migrate.ts';
import { DamagedBackup, framesOf } from './frames.ts';
import { readDatabase } from './read-database.ts';
import { RestoreRefused, restoreDatabase } from './restore-database.ts';

const backupOf = (url: string): Promise<Buffer> => buffer(Readable.from(readDatabase(url, () => {})));
/** In pieces of odd sizes, as a file comes. */
const piecesOf = (content: Buffer, bytes = 1000): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / bytes) }, (_, n) => content.subarray(n * bytes, (n + 1) * bytes)),
  );

async function fill(open: TestStore, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const metadata = { namespace: 'default', name: `c${n}`, labels: { of: 'backup' } };
    await open.store.create(asAdmin, 'ConfigMap', { metadata, data: { text: `\\.\n\t\\N "ü" ${n}` } });
  }
  await open.store.create(asAdmin, 'Secret', {
    metadata: { namespace: 'default', name: 's' },
    stringData: { v: 'hidden' },
  });
  await open.store.delete(asAdmin, 'ConfigMap', { namespace: 'default', name: 'c0' });
}

/** All that a backup keeps, but for what a restore must change. */
async function contentOf(url: string): Promise<ReadonlyMap<string, string>> {
  const dump = new Map(await dumpDatabase(url));
  for (const table of ['_prisma_migrations', 'lost_revisions', 'reader_cursor', 'request_tokens', 'cloud_budget'])
    dump.delete(`public.${table}`);
  return new Map([...dump].map(([table, rows]) => [table, rows.split('\n').toSorted().join('\n')]));
}

it('gives back every row, sealed as it was, to whoever has the key', async () => {
  const open = await testStore();
  await fill(open, 20);
  const backup = await backupOf(open.url);
  expect(backup.includes('hidden')).toBe(false);
  const url = await emptyDatabase();
  const { objects } = await restoreDatabase(url, piecesOf(backup, 777));
  expect(objects).toBe(21);
  expect(await contentOf(url)).toEqual(await contentOf(open.url));

  const restored = await openTestStore(url, { secretKey: open.secretKey });
  const secret = await restored.store.get(asAdmin, 'Secret', { namespace: 'default', name: 's' });
  expect(secret?.data).toEqual({ v: Buffer.from('hidden').toString('base64') });
  expect(await restored.store.list(asAdmin, 'ConfigMap')).toEqual(await open.store.list(asAdmin, 'ConfigMap'));
  await restored.close();
});

it('shows one moment, while others write', async () => {
  const open = await testStore();
  let done = false;
  const writing = (async () => {
    for (let n = 0; !done; n += 1) {
      await open.store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: `c${n}` } });
    }
  })();
  await expect.poll(async () => (await open.store.list(asAdmin, 'ConfigMap')).items.length).toBeGreaterThan(20);
  const backup = await backupOf(open.url);
  done = true;
  await writing;
  const url = await emptyDatabase();
  await restoreDatabase(url, piecesOf(backup));
  const restored = await openTestStore(url, { secretKey: open.secretKey });
  const [objects, log] = [new Set<string>(), new Set<string>()];
  for (const { metadata } of (await restored.store.list(asAdmin, 'ConfigMap')).items) objects.add(metadata.name);
  const { rows } = await restored.pool.query<{ name: string }>("select name from change where kind = 'ConfigMap'");
  for (const { name } of rows) log.add(name);
  expect(objects).toEqual(log);
  await restored.close();
});

it('does not let watchers go on from a time that is undone, and hands out no revision twice', async () => {
  const open = await testStore();
  await fill(open, 3);
  const known = await open.store.revision();
  const backup = await backupOf(open.url);
  const { object } = await open.store.create(asAdmin, 'ConfigMap', {
    metadata: { namespace: 'default', name: 'late' },
  });
  const undone = BigInt(object.metadata.resourceVersion);

  const url = await emptyDatabase();
  await restoreDatabase(url, piecesOf(backup));
  const restored = await openTestStore(url, { secretKey: open.secretKey });
  const first = async (from: bigint) => {
    for await (const event of restored.store.watch(asAdmin, 'ConfigMap', { from })) return event;
    return undefined;
  };
  await expect(first(undone)).rejects.toMatchObject({ code: 'Expired' });
  const { object: next } = await restored.store.create(asAdmin, 'ConfigMap', {
    metadata: { namespace: 'default', name: 'next' },
  });
  expect(BigInt(next.metadata.resourceVersion)).toBeGreaterThan(undone);
  await expect(first(undone)).rejects.toMatchObject({ code: 'Expired' });
  expect(await first(known)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'next' } } });
  await restored.close();
});

it('takes all or nothing: what is cut off or damaged leaves the database empty', async () => {
  const open = await testStore();
  await fill(open, 5);
  const backup = await backupOf(open.url);
  const random = seeded('backup');
  const url = await emptyDatabase();
  for (let round = 0; round < 10; round += 1) {
    const cut = backup.subarray(0, Math.floor(random() * backup.length));
    await expect(restoreDatabase(url, piecesOf(cut)), `cut at ${cut.length}`).rejects.toThrow(DamagedBackup);
  }
  const without = Buffer.concat([
    backup.subarray(0, backup.lastIndexOf(Buffer.from('E\0'))),
    ...framesOf('end', Buffer.from(JSON.stringify({ rows: { resource: 999 }, sequences: {} }))),
  ]);
  await expect(restoreDatabase(url, piecesOf(without))).rejects.toThrow(/of the 999 rows of resource it has 6/);
  await expect(restoreDatabase(url, piecesOf(Buffer.from('{"kind": "List"}')))).rejects.toThrow('it is no backup');
  expect([...(await dumpDatabase(url)).keys()]).toEqual([]);
  await restoreDatabase(url, piecesOf(backup));
  await expect(restoreDatabase(url, piecesOf(backup))).rejects.toThrow(RestoreRefused);
});

it('brings a backup of an older version to the newest schema, and refuses one of a newer', async () => {
  const migrations = await knownMigrations();
  const old = await emptyDatabase();
  const client = new pg.Client({ connectionString: old });
  await client.connect();
  await keepBooks(client);
  for (const migration of migrations.slice(0, -1)) await applyMigration(client, migration);
  const url = await emptyDatabase();
  await restoreDatabase(url, piecesOf(await backupOf(old)));
  const newest = await dumpDatabase(await testDatabase());
  expect([...(await dumpDatabase(url)).keys()]).toEqual([...newest.keys()]);

  await applyMigration(client, { name: '29990101000000_future', sql: 'select 1', checksum: '' });
  await client.end();
  await expect(restoreDatabase(await emptyDatabase(), piecesOf(await backupOf(old)))).rejects.toThrow(
    /made by a newer version of this program \(29990101000000_future\)/,
  );
});
