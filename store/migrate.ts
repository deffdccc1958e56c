import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import pg from 'pg';

const migrationsFolder = join(import.meta.dirname, '..', 'prisma', 'migrations');
/** Advisory lock that Prisma's own tool takes too, so that the two never migrate at once. */
const prismaLock = 72707369;

/**
 * Brings a database to the newest schema: applies what prisma/migrations holds beyond Prisma's own table
 * `_prisma_migrations`, each in a transaction, one process at a time. Throws when an applied migration was changed
 * afterwards, or when the database is newer than this program.
 *
 * Prisma's command line would need an engine that is not in any package registry, hence this runner; its table and
 * checksums are Prisma's, so that `prisma migrate status` agrees with it.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'datum migrate' });
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [prismaLock]);
    await keepBooks(client);
    const applied = await appliedMigrations(client);
    const known = await knownMigrations();
    const newer = unknownOf([...applied.keys()], known);
    if (newer.length > 0)
      throw new Error(
        `the database was migrated by a newer version of this program (${newer.join(', ')}); going back is not possible`,
      );
    const fresh: string[] = [];
    for (const { name, sql, checksum } of known) {
      const before = applied.get(name);
      if (before === undefined) {
        await applyWhole(client, { name, sql, checksum });
        fresh.push(name);
      } else if (before !== checksum) {
        throw new Error(`migration ${name} was changed after it had been applied`);
      }
    }
    return fresh;
  } finally {
    client.release();
    await pool.end();
  }
}

/** A step from one schema to the next. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** All migrations of this program, in order. */
export async function knownMigrations(): Promise<Migration[]> {
  const folders = (await readdir(migrationsFolder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return Promise.all(
    folders.sort().map(async (name) => {
      const sql = await readFile(join(migrationsFolder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Those of the names that this program does not know: what has them was made by a newer one. */
export function unknownOf(names: readonly string[], known: readonly Migration[]): string[] {
  return names.filter((name) => !known.some((migration) => migration.name === name));
}

const bookkeeping = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
  logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/** Makes the table of the migrations that were applied, where it is missing. */
export async function keepBooks(client: ClientBase): Promise<void> {
  await client.query(bookkeeping);
}

async function appliedMigrations(client: ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

/** Applies a migration and notes it, in the transaction of the caller. */
export async function applyMigration(client: ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  await client.query(sql);
  await client.query(
    'insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) values ($1, $2, now(), $3, 1)',
    [randomUUID(), checksum, name],
  );
}

async function applyWhole(client: ClientBase, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await applyMigration(client, migration);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
  }
}
