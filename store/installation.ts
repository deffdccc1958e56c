import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

/** Name of this product among those that use the same clouds; made when it is asked for first, and kept. */
export async function installationId(pool: Pool): Promise<string> {
  const id = randomBytes(6).toString('hex');
  await pool.query('insert into installation (id) values ($1) on conflict do nothing', [id]);
  const { rows } = await pool.query<{ id: string }>('select id from installation');
  return rows[0]?.id ?? id;
}
