import { setImmediate as turnOfLoop } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { countBatch } from '../telemetry/writes.ts';
import { isDataError } from './pg-errors.ts';
import { textArray } from './text-array.ts';

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

/** Rows that share a transaction. */
interface Batch {
  readonly kind: WriteKind;
  readonly rows: readonly Waiting[];
}

/** What became of a batch. */
interface Outcome {
  /** Answers those who wait for it. */
  tell(): void;
  /** Why nothing more can be written over the connection. */
  readonly broken?: Error;
}

const maxBatchRows = 64;
/** So many batches may be under way: while one is flushed, the next one is written. */
const maxWriters = 2;
/** A second batch is begun for so many rows; fewer join those that come while the first one is under way. */
const worthwhileRows = 8;

/** What writes. */
export interface Writer {
  readonly write: Write;
  /** Resolves when the batches that are under way, if any, are safe on disk. */
  underWay(): Promise<void>;
}

/**
 * Writers take turns at the revision lock anyway, so those that wait together share a transaction: one lock, one commit, one
 * flush, one round trip. While batches are under way the next one gathers; a single writer waits for nobody. `process` is by
 * what other processes know whose notice it is; `wakeLog` is told the newest revision that is safe on disk.
 */
export function createWriter(pool: Pool, process: string, wakeLog: (flushed: bigint) => void): Writer {
  const waiting: Waiting[] = [];
  let writers = 0;
  const underWay = new Set<Promise<Outcome>>();

  async function writeBatch(client: PoolClient, { kind, rows }: Batch): Promise<Outcome> {
    const startMs = performance.now();
    const columns = columnsOf(rows.map(({ row }) => row));
    const answer = await client.query<{ p_results: string[] }>({
      name: `${kind}-flushed`,
      text: `call datum_${kind}_flushed(${placeholders(columns.length + 1)}, null)`,
      values: [process, ...columns],
    });
    countBatch(rows.length, startMs);
    const results = (answer.rows[0]?.p_results ?? []).map(BigInt);
    const newest = results.reduce((most, result) => (result > most ? result : most), 0n);
    // Commits are in the order of revisions, so what is older is safe as well.
    if (newest > 0n) wakeLog(newest);
    return { tell: () => rows.forEach(({ resolve }, index) => resolve(results[index] ?? 0n)) };
  }

  async function tryBatch(client: PoolClient, batch: Batch): Promise<Outcome> {
    try {
      return await writeBatch(client, batch);
    } catch (error) {
      const { kind, rows } = batch;
      if (!isDataError(error))
        return { tell: () => rows.forEach(({ reject }) => reject(error)), broken: error as Error };
      if (rows.length === 1) return { tell: () => rows[0]?.reject(error) };
      // One row's fault must not fail the others that happened to travel with it.
      const outcomes: Outcome[] = [];
      for (const row of rows) outcomes.push(await tryBatch(client, { kind, rows: [row] }));
      const broken = outcomes.find((outcome) => outcome.broken)?.broken;
      return { tell: () => outcomes.forEach(({ tell }) => tell()), ...(broken && { broken }) };
    }
  }

  /** Whether one of those who write should go on: the last one leaves nobody waiting. */
  function hasWork(): boolean {
    return waiting.length >= (writers > 1 ? worthwhileRows : 1);
  }

  /** Writes batch after batch until too few wait or one fails; answers why, if so. */
  async function writeAll(client: PoolClient): Promise<Error | undefined> {
    for (;;) {
      // Those who were just answered may write again, and others have come meanwhile: the more of them travel together, the
      // less each of them costs.
      await turnOfLoop();
      const batch = hasWork() ? takeBatch(waiting) : undefined;
      if (batch === undefined) return undefined;
      const written = tryBatch(client, batch);
      underWay.add(written);
      const { tell, broken } = await written;
      underWay.delete(written);
      tell();
      if (broken !== undefined) return broken;
    }
  }

  async function drain(): Promise<void> {
    writers += 1;
    while (hasWork()) {
      try {
        const client = await pool.connect();
        // What breaks the connection fails the write that is under way, which is how it is told.
        client.on('error', ignore);
        const broken = await writeAll(client);
        client.off('error', ignore);
        client.release(broken);
      } catch (error) {
        for (const { reject } of waiting.splice(0)) reject(error);
      }
    }
    writers -= 1;
  }

  return {
    write(kind, dryRun, row) {
      if (dryRun) return rolledBack(pool, kind, row);
      return new Promise((resolve, reject) => {
        waiting.push({ kind, row, resolve, reject });
        if (writers === 0 || (writers < maxWriters && waiting.length >= worthwhileRows)) void drain();
      });
    },
    async underWay() {
      await Promise.all(underWay);
    },
  };
}

/** Takes the oldest rows that wait and are of one kind; those with limits apart, since they take turns among themselves. */
function takeBatch(waiting: Waiting[]): Batch | undefined {
  const [first] = waiting;
  if (first === undefined) return undefined;
  const { kind } = first;
  const way = wayOf(first);
  const most = way === 'alone' ? 1 : maxBatchRows;
  const rows: Waiting[] = [];
  const others: Waiting[] = [];
  for (const one of waiting) (one.kind === kind && rows.length < most && wayOf(one) === way ? rows : others).push(one);
  waiting.splice(0, waiting.length, ...others);
  return { kind, rows };
}

/**
 * With whom a row travels, by its last two columns. Rows that say what they cost take turns among themselves. A row that makes
 * limits locks a table, which has to come before locks of limits that others in its transaction would hold.
 */
function wayOf({ row }: Waiting): 'free' | 'limited' | 'alone' {
  if (row.at(-1) !== null) return 'alone';
  return row.at(-2) === null ? 'free' : 'limited';
}

function ignore(): void {}

function columnsOf(rows: readonly (readonly (string | null)[])[]): Buffer[] {
  const count = rows[0]?.length ?? 0;
  return Array.from({ length: count }, (_, column) => textArray(rows.map((row) => row[column] ?? null)));
}

function placeholders(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');
}

async function rolledBack(pool: Pool, kind: WriteKind, row: readonly (string | null)[]): Promise<bigint> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const columns = columnsOf([row]);
    const text = `select datum_${kind}_limited(${placeholders(columns.length)}) as results`;
    const { rows } = await client.query<{ results: string[] }>({ name: `${kind}-limited`, text, values: columns });
    return BigInt(rows[0]?.results[0] ?? 0);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}
