import type { Pool } from 'pg';
import type { SecretBox } from '../encryption/secret-box.ts';
import { codeOf } from './chain.ts';

/** Records of one project that go at once. */
const batch = 10_000;

/**
 * Forgets records older than `keepMs`; what remains is verifiable from where it begins. Answers how many went.
 */
export async function forgetOldRecords(pool: Pool, box: SecretBox, keepMs: number): Promise<number> {
  const { rows: chains } = await pool.query<{ project: string; floor_seq: string }>(
    'select project, floor_seq from audit_chain where seq > floor_seq',
  );
  let gone = 0;
  for (const { project, floor_seq: floor } of chains) {
    for (let from = BigInt(floor); ; from += BigInt(batch)) {
      // The last of them that is old, all before which are.
      const { rows } = await pool.query<{ seq: string; hash: Buffer }>(
        `select seq, hash from audit_record
         where project = $1 and seq > $2 and seq <= $3
           and seq < coalesce((select min(seq) from audit_record where project = $1 and seq > $2 and seq <= $3
             and at >= now() - make_interval(secs => $4)), $3 + 1)
         order by seq desc limit 1`,
        [project, String(from), String(from + BigInt(batch)), keepMs / 1000],
      );
      const [last] = rows;
      if (last === undefined) break;
      const point = { project, sequence: BigInt(last.seq), hash: last.hash };
      const { rows: done } = await pool.query<{ count: string }>('select audit_forget($1, $2, $3, $4) as count', [
        project,
        last.seq,
        last.hash,
        codeOf(box, 'floor', point),
      ]);
      gone += Number(done[0]?.count ?? 0);
      if (point.sequence < from + BigInt(batch)) break;
    }
  }
  return gone;
}
