import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg, { type ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { applyMigration, keepBooks, knownMigrations, unknownOf } from '../migrate.ts';
import type { BackedUpTable, BackupEnd, BackupHead, BackupSummary } from './content.types.ts';
import { DamagedBackup, type Frame, type FrameType, readFrames } from './frames.ts';
import { sqlOf } from './tables.ts';

/** The backup is good, but cannot be restored here. */
export class RestoreRefused extends Error {}

/**
 * Revisions that are passed over after a restore: more than can have been handed out after the backup, so that none of them is
 * handed out a second time for something else.
 */
const skippedRevisions = 1_000_000_000n;

/**
 * Restores a backup into an empty database, all or nothing, and brings it to the newest schema. Watchers that go on from a time
 * after the backup are told to begin anew; reconcilers look at everything. Throws DamagedBackup and RestoreRefused.
 */
export async function restoreDatabase(url: string, source: AsyncIterable<Buffer>): Promise<BackupSummary> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'datum restore',
    options: '-c timezone=UTC -c statement_timeout=0 -c synchronous_commit=on',
  });
  await client.connect();
  try {
    await client.query('begin');
    await refuseWhereNotEmpty(client);
    const summary = await restore(client, readFrames(source));
    await client.query('commit');
    await client.query('analyze');
    return summary;
  } finally {
    // Without a commit nothing has happened.
    await client.end();
  }
}

async function refuseWhereNotEmpty(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') limit 1`,
  );
  if (rows[0] !== undefined)
    throw new RestoreRefused(`the database is not empty (it has a table ${rows[0].name}); a restore fills a new one`);
}

async function restore(client: ClientBase, frames: AsyncIterable<Frame>): Promise<BackupSummary> {
  const reader = frames[Symbol.asyncIterator]();
  const next = async (): Promise<Frame> => {
    const { done, value } = await reader.next();
    if (done === true) throw new DamagedBackup('its end is missing');
    return value;
  };
  const head = jsonOf<BackupHead>(await next(), 'head');
  const later = await makeSchema(client, head);
  const rows: Record<string, number> = {};
  let frame = await next();
  while (frame.type !== 'end') {
    const table = jsonOf<BackedUpTable>(frame, 'table');
    // Migrations put the first row into some.
    await client.query(`delete from ${pg.escapeIdentifier(table.name)}`);
    const copy = client.query(copyFrom(`copy ${sqlOf(table)} from stdin`));
    const content = async function* (): AsyncIterable<Buffer> {
      for (frame = await next(); frame.type === 'rows'; frame = await next()) yield frame.content;
    };
    await pipeline(Readable.from(content()), copy);
    rows[table.name] = copy.rowCount;
  }
  const end = jsonOf<BackupEnd>(frame, 'end');
  for (const [table, count] of Object.entries(end.rows)) {
    if (rows[table] !== count) throw new DamagedBackup(`of the ${count} rows of ${table} it has ${rows[table] ?? 0}`);
  }
  for (const [name, value] of Object.entries(end.sequences)) {
    await client.query('select setval($1::regclass, $2)', [pg.escapeIdentifier(name), value]);
  }
  for (const migration of later) await applyMigration(client, migration);
  await beginAnew(client);
  return {
    at: head.at,
    objects: rows['resource'] ?? 0,
    rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
  };
}

/** Makes the schema of the backup; answers the migrations that lead on from it. */
async function makeSchema(client: ClientBase, head: BackupHead) {
  const known = await knownMigrations();
  const newer = unknownOf(head.migrations, known);
  if (newer.length > 0)
    throw new RestoreRefused(`the backup was made by a newer version of this program (${newer.join(', ')})`);
  await keepBooks(client);
  const had = new Set(head.migrations);
  for (const migration of known) if (had.has(migration.name)) await applyMigration(client, migration);
  return known.filter(({ name }) => !had.has(name));
}

/** What the time after the backup handed out must not be taken for what comes now. */
async function beginAnew(client: ClientBase): Promise<void> {
  await client.query(
    `insert into lost_revisions (after, up_to)
     select newest, setval('revision_seq', greatest(newest, last_value) + $1::bigint)
     from revision_seq, (select greatest(floor, coalesce((select max(revision) from change), 0)) as newest from meta) of_log`,
    [String(skippedRevisions)],
  );
  // The queues are empty: without its place the dispatcher looks at everything.
  await client.query(`delete from reader_cursor where reader = 'dispatcher'`);
}

function jsonOf<T>(frame: Frame, type: FrameType): T {
  if (frame.type !== type) throw new DamagedBackup('it is damaged');
  try {
    return JSON.parse(frame.content.toString()) as T;
  } catch {
    throw new DamagedBackup('it is damaged');
  }
}
