import type { Pool } from 'pg';
import { fromPostgres } from '../pg-errors.ts';
import type { AuditRecord } from './record.types.ts';

/** A record as it is read: what it says, and what of it is hashed. */
export interface ReadRecord {
  readonly record: AuditRecord;
  readonly text: string;
  /** Hexadecimal. */
  readonly hash: string;
}

/** A page, newest first. */
export interface RecordPage {
  readonly records: readonly ReadRecord[];
  readonly hasMore: boolean;
}

export interface PageOfRecords {
  readonly limit: number;
  /** Only what is older than this place in the chain. */
  readonly before?: bigint | undefined;
}

/** Which records; everything that is given must hold. */
export interface RecordFilter {
  readonly actor?: string | undefined;
  /** Id of the kind. */
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly verb?: string | undefined;
  readonly allowed?: boolean | undefined;
  readonly since?: Date | undefined;
  /** Not included. */
  readonly until?: Date | undefined;
}

/** An object, and not another that had its name before. */
export interface HistoryOf {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Reads audit of one project at a time; asks nobody whether they may. Rejects with StoreError. */
export interface AuditReader {
  records(project: string, filter: RecordFilter, page: PageOfRecords): Promise<RecordPage>;
  /** What was written to each of these objects, in their order. */
  histories(project: string, objects: readonly HistoryOf[], page: PageOfRecords): Promise<RecordPage[]>;
}

/** A filter that fits next to nothing must not keep Postgres busy for ever. */
const timeout = "set local statement_timeout = '10s'";

interface Row {
  readonly hash: Buffer;
  readonly record: string;
}

/** A reader on a migrated database. */
export function createAuditReader(pool: Pool): AuditReader {
  async function select<R extends Row>(text: string, values: readonly unknown[]): Promise<R[]> {
    const client = await pool.connect();
    try {
      await client.query(`begin read only; ${timeout}`);
      const { rows } = await client.query<R>(text, [...values]);
      await client.query('commit');
      client.release();
      return rows;
    } catch (error) {
      client.release(true);
      throw fromPostgres(error);
    }
  }

  return {
    async records(project, filter, { limit, before }) {
      const values: unknown[] = [project, limit + 1];
      const conditions = conditionsOf(filter, before, (value) => `$${values.push(value)}`);
      const rows = await select(
        `select hash, record from audit_record where project = $1${conditions.map((one) => ` and ${one}`).join('')}
         order by seq desc limit $2`,
        values,
      );
      return pageOf(rows, limit);
    },
    async histories(project, objects, { limit, before }) {
      const rows = await select<Row & { readonly ordinal: string }>(
        `select o.ordinal, r.hash, r.record
         from unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) with ordinality as o (kind, namespace, name, uid, ordinal)
         cross join lateral (
           select seq, hash, record from audit_record r
           where r.project = $1 and r.kind = o.kind and r.namespace = o.namespace and r.name = o.name and r.uid = o.uid
             and r.seq < $6 order by r.seq desc limit $7) r
         order by o.ordinal, r.seq desc`,
        [
          project,
          objects.map(({ kind }) => kind),
          objects.map(({ namespace }) => namespace),
          objects.map(({ name }) => name),
          objects.map(({ uid }) => uid),
          String(before ?? newest),
          limit + 1,
        ],
      );
      const found = objects.map((): Row[] => []);
      for (const row of rows) found[Number(row.ordinal) - 1]?.push(row);
      return found.map((each) => pageOf(each, limit));
    },
  };
}

/** Greater than any place in a chain. */
const newest = 2n ** 63n - 1n;

function conditionsOf(filter: RecordFilter, before: bigint | undefined, bind: (value: unknown) => string): string[] {
  const { actor, kind, namespace, name, verb, allowed, since, until } = filter;
  const equal = { actor, kind, namespace, name, verb, allowed };
  return [
    ...Object.entries(equal).flatMap(([column, value]) => (value === undefined ? [] : [`${column} = ${bind(value)}`])),
    ...(before === undefined ? [] : [`seq < ${bind(String(before))}`]),
    ...(since === undefined ? [] : [`at >= ${bind(since)}`]),
    ...(until === undefined ? [] : [`at < ${bind(until)}`]),
  ];
}

function pageOf(rows: readonly Row[], limit: number): RecordPage {
  const records = rows.slice(0, limit).map(({ hash, record }) => ({
    record: JSON.parse(record) as AuditRecord,
    text: record,
    hash: hash.toString('hex'),
  }));
  return { records, hasMore: rows.length > limit };
}
