import type { Pool } from 'pg';
import { isDataError } from './pg-errors.ts';

/** What is written; each has a function and a procedure in the database. */
export type WriteKind = 'create' | 'update';

/** One row for a write function; the answer is its revision, safe on disk, or the function's negative refusal. */
export type Write = (kind: WriteKind, dryRun: boolean, row: readonly (string | null)[]) => Promise<bigint>;

interface Waiting {
  readonly kind: WriteKind;
  readonly row: readonly (string | null)[];
  readonly resolve: (result: bigint) => void;
  readonly reject: (error: unknown) => void;
}

const maxBatchRows = 64;

/**
 * Writers take turns at the revision lock anyway, so those that wait together share a transaction: one lock, one commit, one
 * flush, one round trip. While a batch is under way the next one gathers; a single writer waits for nobody. `process` is by
 * what other processes know whose notice it is; `wakeLog` is told the newest revision that is safe on disk.
 */
export function createWrite(pool: Pool, process: string, wakeLog: (flushed: bigint) => void): Write {
  let waiting: Waiting[] = [];
  let isUnderWay = false;

  async function runBatch(kind: WriteKind, batch: readonly Waiting[]): Promise<void> {
    try {
      const columns = columnsOf(batch.map(({ row }) => row));
      const { rows } = await pool.query<{ p_results: string[] }>({
        name: `${kind}-flushed`,
        text: `call datum_${kind}_flushed(${placeholders(columns.length + 1)}, null)`,
        values: [process, ...columns],
      });
      const results = (rows[0]?.p_results ?? []).map(BigInt);
      const newest = results.reduce((most, result) => (result > most ? result : most), 0n);
      // Commits are in the order of revisions, so what is older is safe as well.
      if (newest > 0n) wakeLog(newest);
      batch.forEach(({ resolve }, index) => resolve(results[index] ?? 0n));
    } catch (error) {
      // One row's fault must not fail the others that happened to travel with it.
      if (batch.length > 1 && isDataError(error)) for (const one of batch) await runBatch(kind, [one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  async function drain(): Promise<void> {
    isUnderWay = true;
    while (waiting[0] !== undefined) {
      const { kind } = waiting[0];
      const batch = waiting.filter((one) => one.kind === kind).slice(0, maxBatchRows);
      const taken = new Set(batch);
      waiting = waiting.filter((one) => !taken.has(one));
      await runBatch(kind, batch);
    }
    isUnderWay = false;
  }

  return (kind, dryRun, row) => {
    if (dryRun) return rolledBack(pool, kind, row);
    return new Promise((resolve, reject) => {
      waiting.push({ kind, row, resolve, reject });
      if (!isUnderWay) void drain();
    });
  };
}

function columnsOf(rows: readonly (readonly (string | null)[])[]): (string | null)[][] {
  const count = rows[0]?.length ?? 0;
  return Array.from({ length: count }, (_, column) => rows.map((row) => row[column] ?? null));
}

function placeholders(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');
}

async function rolledBack(pool: Pool, kind: WriteKind, row: readonly (string | null)[]): Promise<bigint> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const columns = columnsOf([row]);
    const text = `select datum_${kind}_many(${placeholders(columns.length)}) as results`;
    const { rows } = await client.query<{ results: string[] }>({ name: `${kind}-many`, text, values: columns });
    return BigInt(rows[0]?.results[0] ?? 0);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}
