import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { expect, it } from 'vitest';
import { cloudState, objectsOf } from './support/cloud.ts';
import { emptyDatabase } from './support/database.ts';
import { eventually } from './support/graphql.ts';
import { startProductProcess, temporaryDataDir } from './support/product.ts';
import { allReady, applySamples } from './support/sample-world.ts';

const main = join(import.meta.dirname, '..', 'cli', 'main.ts');
const sampleInstances = 9;

/** Runs a command of the product; answers what it said and its exit code. */
async function command(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const said = await text(child.stderr);
  const [code] = await ended;
  return { said, code };
}

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const objectsIn = (url: string) =>
  query(
    url,
    'select project, kind, namespace, name, uid, revision, object::text as object from resource order by 1, 2, 3, 4',
  );

it('a product is restored on a new machine, and its reconcilers find nothing to do', { timeout: 300_000 }, async () => {
  const cloud = await startProductProcess({ env: { DATUM_ROLES: 'emulator' } });
  const inCloud = { DATUM_GCP_ENDPOINT: cloud.ready.gcp ?? '' };
  const first = await startProductProcess({ env: inCloud });
  await applySamples(first.dataDir);
  await allReady(first.ready, sampleInstances);
  const file = join(first.dataDir, '..', 'of-today.backup');
  // How much of networks and subnets is used is counted last: again, until nothing changes meanwhile.
  const [objects] = await eventually(
    async () => {
      const before = await objectsIn(first.ready.database);
      const backup = await command(['backup', file], { DATUM_DATA_DIR: first.dataDir });
      expect(backup).toMatchObject({
        code: 0,
        said: expect.stringMatching(/^\d+ objects in \d+ rows, as of \S+Z\.\n/),
      });
      return [before, await objectsIn(first.ready.database)];
    },
    ([before, after]) => isDeepStrictEqual(before, after),
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await first.stop();
  // What happens after the backup is undone by the restore; here nothing did but the product's own housekeeping.
  const before = await cloudState(cloud.ready);

  const dataDir = temporaryDataDir();
  mkdirSync(dataDir, { recursive: true });
  copyFileSync(join(first.dataDir, 'secret.key'), join(dataDir, 'secret.key'));
  const restored = await command(['restore', file], { DATUM_DATA_DIR: dataDir });
  expect(restored).toMatchObject({ code: 0, said: expect.stringMatching(/^\d+ objects in \d+ rows restored/) });
  const again = await command(['restore', file], { DATUM_DATA_DIR: dataDir });
  expect(again).toMatchObject({ code: 1, said: expect.stringMatching(/^datum: the database is not empty/) });

  const second = await startProductProcess({ dataDir, env: inCloud });
  await allReady(second.ready, sampleInstances);
  // Every key has been looked at when the queues have been filled and emptied again.
  await expect
    .poll(() => query(second.ready.database, "select from reader_cursor where reader = 'dispatcher'"))
    .toHaveLength(1);
  await expect
    .poll(() => query(second.ready.database, "select from bullmq.job where state in ('waiting', 'active')"))
    .toHaveLength(0);
  expect(await objectsIn(second.ready.database)).toEqual(objects);
  const after = await cloudState(cloud.ready);
  expect(after.counts).toEqual(before.counts);
  expect(objectsOf(after, 'instances')).toEqual(objectsOf(before, 'instances'));
});

it('says in a line what it cannot back up or restore', async () => {
  const url = await emptyDatabase();
  const folder = temporaryDataDir();
  mkdirSync(folder, { recursive: true });
  const noBackup = join(folder, 'no.backup');
  writeFileSync(noBackup, readFileSync(main));
  const env = { DATABASE_URL: url, DATUM_DATA_DIR: join(folder, 'data') };
  for (const [args, said] of [
    [['restore', noBackup], /^datum: \S+ cannot be restored: it is damaged or cut off\n$/],
    [['restore', join(folder, 'none')], /^datum: there is no file \S+none\n$/],
    [['restore'], /^datum: Usage:\n {2}restore FILE/],
    [['backup'], /^datum: Usage:\n {2}backup FILE/],
    [['backup', join(folder, 'missing', 'file')], /^datum: the backup failed: ENOENT/],
  ] as const) {
    expect(await command(args, env), args.join(' ')).toMatchObject({ code: 1, said: expect.stringMatching(said) });
  }
});
