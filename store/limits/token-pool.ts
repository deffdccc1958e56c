import type { Pool } from 'pg';

/** Tokens that come back with time, up to `burst`. */
interface Budget {
  readonly perSecond: number;
  readonly burst: number;
}

/** Tokens in the database, for processes that share nothing else. */
export interface PostgresTokenPool {
  /**
   * Notes that `taken` tokens of a budget are gone, and hands out up to `wanted` more; with none to give, `waitMs` says when
   * there will be one. Rejects when the database does not answer within a second.
   */
  settle(
    name: string,
    budget: Budget,
    taken: number,
    wanted: number,
  ): Promise<{ readonly given: number; readonly waitMs: number }>;
  close(): Promise<void>;
}

const timeoutMs = 1_000;
const sweepEveryMs = 600_000;

export function postgresTokenPool(pool: Pool): PostgresTokenPool {
  // Budgets that nobody used for so long are full.
  const sweep = setInterval(() => {
    pool.query(`delete from request_tokens where at < now() - interval '1 hour'`).catch(() => {});
  }, sweepEveryMs);
  sweep.unref();
  return {
    async settle(name, { perSecond, burst }, taken, wanted) {
      const answer = pool.query<{ given: number; wait_ms: number }>({
        name: 'take_tokens',
        text: 'select given, wait_ms from take_tokens($1, $2, $3, $4, $5)',
        values: [name, perSecond, burst, taken, wanted],
      });
      const [row] = (await inTime(answer)).rows;
      return { given: row?.given ?? 0, waitMs: row?.wait_ms ?? 0 };
    },
    async close() {
      clearInterval(sweep);
    },
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
