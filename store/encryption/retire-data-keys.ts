import type { Pool } from 'pg';
import { durably } from '../credentials/durably.ts';
import { sealedWithPattern } from './sealed-value.ts';

/** Where sealed values lie, as text. */
const places = [
  'select object::text as text from resource where kind = any ($2)',
  'select object::text from change where kind = any ($2)',
  'select previous::text from change where kind = any ($2) and previous is not null',
  'select object::text from idempotency',
  'select private_key from signing_key',
].join(' union all ');

/**
 * Deletes data keys that a rotation has replaced, when their time has come and nothing is sealed with them; one that is still
 * needed stays for the next rotation. Answers the ids of those that went. `kinds` are those with sensitive fields.
 */
export async function retireDataKeys(pool: Pool, kinds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>('select id from data_key where retire_at < now()');
  const gone: string[] = [];
  for (const { id } of rows) {
    const { rows: used } = await pool.query<{ used: boolean }>(
      `select exists (select from (${places}) as sealed where text like $1) as used`,
      [sealedWithPattern(id), kinds],
    );
    if (used[0]?.used !== false) {
      await pool.query('update data_key set retire_at = null where id = $1', [id]);
      continue;
    }
    await durably(pool, 'delete from data_key where id = $1', [id]);
    gone.push(id);
  }
  return gone;
}
