import type { Pool } from 'pg';
import type { Revision } from '../types.ts';
import { forgotten } from './forgotten.ts';

/** Throws Expired for a revision that is of no time of this database, since a restore undid what had made it. */
export type RefuseLost = (from: Revision) => void;

/** Reads what restores undid; nothing is added while a product runs. */
export async function readLostRevisions(pool: Pool): Promise<RefuseLost> {
  const { rows } = await pool.query<{ after: string; up_to: string }>('select after, up_to from lost_revisions');
  const ranges = rows.map(({ after, up_to: upTo }) => ({ after: BigInt(after), upTo: BigInt(upTo) }));
  return (from) => {
    const range = ranges.find(({ after, upTo }) => from > after && from <= upTo);
    if (range !== undefined) throw forgotten(from, range.upTo);
  };
}
