import type { Pool } from 'pg';
import type { Revision } from './types.ts';

/** Where a reader of the change log stood last, or undefined for a new one. */
export async function readReaderCursor(pool: Pool, reader: string): Promise<Revision | undefined> {
  const { rows } = await pool.query<{ revision: string }>('select revision from reader_cursor where reader = $1', [
    reader,
  ]);
  return rows[0] === undefined ? undefined : BigInt(rows[0].revision);
}

/**
 * Says that a reader has dealt with everything up to a revision; a cursor never moves back. The history after it is kept
 * for as long as the reader calls at least once a day.
 */
export async function saveReaderCursor(pool: Pool, reader: string, revision: Revision): Promise<void> {
  await pool.query({
    name: 'save_reader_cursor',
    text: `insert into reader_cursor (reader, revision) values ($1, $2)
           on conflict (reader) do update set revision = greatest(reader_cursor.revision, excluded.revision), at = now()`,
    values: [reader, revision],
  });
}
