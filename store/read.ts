import type { Pool } from 'pg';
import { isDataError } from './pg-errors.ts';

/** A row of an object as it is stored. */
export interface ObjectRow {
  readonly revision: string;
  readonly object: string;
}

/** Where a row is: project, kind, namespace, name. */
export type Address = readonly [project: string, kind: string, namespace: string, name: string];

/** Reads one row; undefined where there is none. */
export type Read = (address: Address) => Promise<ObjectRow | undefined>;

interface Waiting {
  readonly address: Address;
  readonly resolve: (row: ObjectRow | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const maxBatchRows = 64;
/** One statement runs in Postgres while the answer of another is read here. */
const maxBatchesUnderWay = 2;

/**
 * Reads that wait together share a statement: half of what a read costs is the round trip. A read is never answered by a
 * statement that was sent before it came, so it sees all that was written by then. A statement is sent when all requests that
 * arrived in the same turn of the event loop have been read.
 */
export function createRead(pool: Pool): Read {
  const waiting: Waiting[] = [];
  let underWay = 0;
  let planned = false;

  async function runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const rows = await select(
        pool,
        batch.map(({ address }) => address),
      );
      batch.forEach(({ resolve }, index) => resolve(rows[index]));
    } catch (error) {
      // One address that Postgres cannot hold must not fail those that happened to travel with it.
      if (batch.length > 1 && isDataError(error)) for (const one of batch) await runBatch([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  function next(): void {
    while (waiting.length > 0 && underWay < maxBatchesUnderWay) {
      underWay += 1;
      void runBatch(waiting.splice(0, maxBatchRows)).then(() => {
        underWay -= 1;
        next();
      });
    }
  }

  return (address) =>
    new Promise((resolve, reject) => {
      waiting.push({ address, resolve, reject });
      if (planned) return;
      planned = true;
      setImmediate(() => {
        planned = false;
        next();
      });
    });
}

async function select(pool: Pool, addresses: readonly Address[]): Promise<(ObjectRow | undefined)[]> {
  const [only, ...others] = addresses;
  if (only !== undefined && others.length === 0) {
    const { rows } = await pool.query<ObjectRow>({
      name: 'get',
      text: 'select revision, object::text as object from resource where project = $1 and kind = $2 and namespace = $3 and name = $4',
      values: [...only],
    });
    return [rows[0]];
  }
  const { rows } = await pool.query<ObjectRow & { ordinal: string }>({
    name: 'get-joined',
    text: `select a.ordinal, r.revision, r.object::text as object
           from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as a (project, kind, namespace, name, ordinal)
           join resource r on r.project = a.project and r.kind = a.kind and r.namespace = a.namespace and r.name = a.name`,
    values: [0, 1, 2, 3].map((column) => addresses.map((address) => address[column])),
  });
  const found: (ObjectRow | undefined)[] = Array.from({ length: addresses.length }, () => undefined);
  for (const row of rows) found[Number(row.ordinal) - 1] = row;
  return found;
}
