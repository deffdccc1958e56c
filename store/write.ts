import type { Pool } from 'pg';
import type { Flush } from './flush.ts';
import { isDataError } from './pg-errors.ts';

/** The functions of the database that write; each takes columns and answers a number per row. */
export type WriteFunction = 'datum_create_many' | 'datum_update_many';

/** One row for a write function; the answer is its revision, safe on disk, or the function's negative refusal. */
export type Write = (name: WriteFunction, dryRun: boolean, row: readonly (string | null)[]) => Promise<bigint>;

interface Waiting {
  readonly row: readonly (string | null)[];
  readonly resolve: (result: bigint) => void;
  readonly reject: (error: unknown) => void;
}

const maxBatchRows = 64;
/** One transaction holds the revision lock while the next is on its way. */
const maxBatchesUnderWay = 2;

/**
 * Writers take turns at the revision lock anyway, so those that wait together share a transaction: one round trip, one
 * lock, one commit, one flush. A single writer waits for nobody.
 */
export function createWrite(pool: Pool, flush: Flush, wakeLog: (flushed: bigint) => void): Write {
  const waiting: Record<WriteFunction, Waiting[]> = { datum_create_many: [], datum_update_many: [] };
  let underWay = 0;

  async function runBatch(name: WriteFunction, batch: readonly Waiting[]): Promise<void> {
    try {
      const { rows } = await pool.query<{ results: string[] }>(
        statement(
          name,
          batch.map(({ row }) => row),
        ),
      );
      const results = (rows[0]?.results ?? []).map(BigInt);
      const newest = results.reduce((most, result) => (result > most ? result : most), 0n);
      if (newest > 0n) {
        await flush();
        wakeLog(newest);
      }
      batch.forEach(({ resolve }, index) => resolve(results[index] ?? 0n));
    } catch (error) {
      // One row's fault must not fail the others that happened to travel with it.
      if (batch.length > 1 && isDataError(error)) for (const one of batch) await runBatch(name, [one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  function next(): void {
    for (const name of ['datum_create_many', 'datum_update_many'] as const) {
      while (waiting[name].length > 0 && underWay < maxBatchesUnderWay) {
        underWay += 1;
        void runBatch(name, waiting[name].splice(0, maxBatchRows)).then(() => {
          underWay -= 1;
          next();
        });
      }
    }
  }

  return (name, dryRun, row) => {
    if (dryRun) return rolledBack(pool, name, row);
    return new Promise((resolve, reject) => {
      waiting[name].push({ row, resolve, reject });
      next();
    });
  };
}

function statement(
  name: WriteFunction,
  rows: readonly (readonly (string | null)[])[],
): { name: string; text: string; values: (string | null)[][] } {
  const columns = rows[0]?.length ?? 0;
  const values = Array.from({ length: columns }, (_, column) => rows.map((row) => row[column] ?? null));
  return { name, text: `select ${name}(${values.map((_, index) => `$${index + 1}`).join(', ')}) as results`, values };
}

async function rolledBack(pool: Pool, name: WriteFunction, row: readonly (string | null)[]): Promise<bigint> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ results: string[] }>(statement(name, [row]));
    return BigInt(rows[0]?.results[0] ?? 0);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}
