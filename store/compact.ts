import type { Pool } from 'pg';

/** What of the change log is kept. */
export interface History {
  /** Changes younger than this stay. */
  readonly keepMs: number;
  /** Of the older ones nothing stays, and never more than this many in all. */
  readonly maxRows: number;
}

/**
 * Forgets old history; every resume token from before answers Expired. Never passes a reader that was heard of within
 * 24 h. Answers how many changes went. Safe to run in several processes.
 */
export async function compact(pool: Pool, history: History): Promise<number> {
  await pool.query('select datum_raise_floor(make_interval(secs => $1), $2)', [history.keepMs / 1000, history.maxRows]);
  const { rows } = await pool.query<{ count: string }>('select datum_compact() as count');
  return Number(rows[0]?.count ?? 0);
}
