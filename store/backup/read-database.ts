import pg, { type ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { BackupEnd, BackupHead, BackupSummary } from './content.types.ts';
import { firstLine, framesOf, jsonFrame } from './frames.ts';
import { sqlOf, tablesToKeep } from './tables.ts';

/**
 * A database as one moment shows it, piece by piece, while others write: one repeatable-read snapshot, read by COPY. Values of
 * Secrets stay sealed. `done` is told what was read after the last piece.
 */
export async function* readDatabase(url: string, done: (summary: BackupSummary) => void): AsyncIterable<Buffer> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'datum backup',
    options: '-c timezone=UTC -c statement_timeout=0',
  });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read, read only');
    const head = await headOf(client);
    yield firstLine;
    yield jsonFrame('head', head);
    const counts = new Map<string, number>();
    for (const table of await tablesToKeep(client)) {
      yield jsonFrame('table', table);
      const rows = client.query(copyTo(`copy ${sqlOf(table)} to stdout`));
      for await (const chunk of rows) yield* framesOf('rows', chunk as Buffer);
      counts.set(table.name, rows.rowCount);
    }
    const end: BackupEnd = { rows: Object.fromEntries(counts), sequences: await sequencesOf(client) };
    yield jsonFrame('end', end);
    done({
      at: head.at,
      objects: counts.get('resource') ?? 0,
      rows: [...counts.values()].reduce((sum, count) => sum + count, 0),
    });
  } finally {
    await client.end();
  }
}

async function headOf(client: ClientBase): Promise<BackupHead> {
  const { rows } = await client.query<{ name: string; at: Date }>(
    `select migration_name as name, now() as at from _prisma_migrations
     where finished_at is not null and rolled_back_at is null order by migration_name`,
  );
  return { at: (rows[0]?.at ?? new Date()).toISOString(), migrations: rows.map(({ name }) => name) };
}

/** They are no part of a snapshot: read last, they are beyond every row of it. */
async function sequencesOf(client: ClientBase): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value as value from pg_sequences
     where schemaname = 'public' and last_value is not null order by sequencename`,
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
