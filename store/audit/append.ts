import type { Pool, PoolClient } from 'pg';
import type { SecretBox } from '../encryption/secret-box.ts';
import type { FindKind } from '../log/rows.ts';
import { addToChains, type PlacedRecord } from './add-to-chains.ts';
import type { UnchainedRecord } from './record.types.ts';
import { type AuditedChange, recordOfChange } from './record-of-change.ts';

/** Name under which audit reads the change log. */
const reader = 'audit';

export interface AppendParts {
  readonly pool: Pool;
  readonly findKind: FindKind;
  readonly box: SecretBox;
}

const maxRows = 200;
/** About how much of the log is read at once. */
const maxBytes = 8 * 1024 * 1024;
/** Records that are made without letting anybody else run. */
const sliceRecords = 16;

/** Whether the log or the denied attempts have gained something, or audit has to show that it still reads. */
export async function hasNews(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ news: boolean }>({
    name: 'audit-news',
    text: `select exists (select from change where revision > coalesce(r.revision, -1)) or exists (select from audit_denied)
             or coalesce(r.at < now() - interval '1 minute', true) as news
           from (values (1)) as one left join reader_cursor r on r.reader = $1`,
    values: [reader],
  });
  return rows[0]?.news ?? true;
}

/**
 * Adds to the chains what the log and the denied attempts have gained, as far as it fits a batch; answers whether there may be
 * more. Records, ends of chains and the reader's place commit together, safe on disk, so that whoever is killed in the middle
 * leaves nothing and repeats nothing. Two that run at once take turns.
 */
export async function appendAudit({ pool, findKind, box }: AppendParts): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local synchronous_commit = on');
    const place = await lockPlace(client);
    const records = await gapRecords(client, place);
    const changes = await newChanges(client, place.after);
    for (const [index, row] of changes.entries()) {
      if (index % sliceRecords === sliceRecords - 1) await new Promise(setImmediate);
      records.push({ project: row.project, record: recordOfChange(findKind, box, row) });
    }
    const denied = await takeDenied(client);
    records.push(...denied);
    await addToChains(client, box, records);
    await client.query('update reader_cursor set revision = greatest(revision, $2), at = now() where reader = $1', [
      reader,
      changes.at(-1)?.revision ?? String(place.floor),
    ]);
    await client.query('commit');
    client.release();
    // A page may be short for its size.
    return changes.length > 0 || denied.length === maxRows;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Where audit stands. */
interface Place {
  readonly after: bigint;
  /** What is not after this may have been forgotten. */
  readonly floor: bigint;
}

async function lockPlace(client: PoolClient): Promise<Place> {
  await client.query('insert into reader_cursor (reader, revision) values ($1, 0) on conflict do nothing', [reader]);
  const { rows } = await client.query<{ revision: string; floor: string }>(
    'select r.revision, m.floor from reader_cursor r, meta m where r.reader = $1 for update of r',
    [reader],
  );
  return { after: BigInt(rows[0]?.revision ?? 0), floor: BigInt(rows[0]?.floor ?? 0) };
}

/** What says, in every chain there is, that changes were forgotten before audit read them: it was silent for a day. */
async function gapRecords(client: PoolClient, { after, floor }: Place): Promise<PlacedRecord[]> {
  if (after >= floor) return [];
  const { rows } = await client.query<{ project: string; at: Date }>('select project, now() as at from audit_chain');
  return rows.map(({ project, at }) => ({
    project,
    record: {
      time: at.toISOString(),
      door: 'internal',
      user: 'system:audit',
      verb: 'forget',
      allowed: true,
      gap: { after: String(after), upTo: String(floor) },
    },
  }));
}

/**
 * The next changes, with the states before them. Commits are in the order of revisions, so that nothing older can appear later;
 * a crash of Postgres that takes back a change takes back its record too, since that was written after it.
 */
async function newChanges(client: PoolClient, after: bigint): Promise<AuditedChange[]> {
  const { rows } = await client.query<AuditedChange>({
    name: 'audit-changes',
    text: `select revision, type, project, kind, namespace, name, uid, object, previous, actor, manager, request_id, origin, at
      from (
        select c.*, sum(length(object) + coalesce(length(previous), 0)) over (order by revision) as bytes, row_number() over (order by revision) as row
        from (
          select c.revision, c.type, c.project, c.kind, c.namespace, c.name, c.uid, c.object::text as object,
            coalesce(c.previous, p.object)::text as previous, c.actor, c.manager, c.request_id, c.origin, c.at
          from change c left join change p on p.revision = c.prior and c.previous is null
          where c.revision > $1 order by c.revision limit $2
        ) c
      ) c where row = 1 or bytes <= $3 order by revision`,
    values: [String(after), maxRows, maxBytes],
  });
  return rows;
}

async function takeDenied(client: PoolClient): Promise<PlacedRecord[]> {
  const { rows } = await client.query<{ id: string; project: string; record: string }>({
    name: 'audit-denied',
    text: `delete from audit_denied where id in (select id from audit_denied order by id limit $1) returning id, project, record`,
    values: [maxRows],
  });
  return rows
    .toSorted((a, b) => Number(a.id) - Number(b.id))
    .map(({ project, record }) => ({ project, record: JSON.parse(record) as UnchainedRecord }));
}
