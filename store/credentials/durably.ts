import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { fromPostgres } from '../pg-errors.ts';

/**
 * Runs one statement whose effect is on disk when the answer comes: what was revoked stays revoked after a crash. With `lock`
 * one process after the other runs it, and each sees what those before it did.
 */
export async function durably<R extends QueryResultRow>(
  pool: Pool,
  text: string,
  values: readonly unknown[],
  lock?: string,
): Promise<QueryResult<R>> {
  const client = await pool.connect().catch(rethrow);
  try {
    await client.query('begin');
    await client.query('set local synchronous_commit = on');
    if (lock !== undefined) await client.query('select pg_advisory_xact_lock(hashtext($1))', [lock]);
    const result = await client.query<R>(text, [...values]);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    return rethrow(error);
  }
}

/** Throws what an error of Postgres means to a caller. */
export function rethrow(error: unknown): never {
  throw fromPostgres(error);
}
