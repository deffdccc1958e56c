import { constants } from 'node:fs';
import { access, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../cli/embedded-postgres.ts';
import { migrate } from '../../store/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Postgres of this run; its database `datum` is the migrated template. */
    postgresUrl: string;
  }
}

/** One Postgres for the whole run, its database migrated once; each test file copies it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(await quickFolder(), 'datum-test-'));
  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  await migrate(postgres.url);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('alter database datum is_template true');
  await client.end();
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

const memory = '/dev/shm';
const enoughBytes = 4 * 1024 ** 3;

/**
 * Memory where there is plenty: a copy of the template takes 10 ms there and 200 ms on a disk. Tests of what survives a crash
 * start a Postgres of their own, on a disk.
 */
async function quickFolder(): Promise<string> {
  try {
    await access(memory, constants.W_OK);
    const { bavail, bsize } = await statfs(memory);
    if (bavail * bsize >= enoughBytes) return memory;
  } catch {
    // No such thing on this machine.
  }
  return tmpdir();
}
