import type { Pool } from 'pg';
import { durably, rethrow } from './durably.ts';

/** What was taken back, among tokens that were handed out and tokens that others signed. All refuse with StoreError. */
export interface Revocations {
  /** Takes a signed token back, by its hash; kept until it would end by itself. Safe on disk when it answers. */
  revoke(hash: Buffer, expiresAt: Date | undefined): Promise<void>;
  /** Those of these hashes that are no longer good. */
  among(hashes: readonly Buffer[]): Promise<readonly Buffer[]>;
  /** Forgets what has ended by itself. */
  forgetEnded(): Promise<void>;
}

export function createRevocations(pool: Pool): Revocations {
  return {
    async revoke(hash, expiresAt) {
      await durably(
        pool,
        'insert into revoked_credential (hash, expires_at) values ($1, $2) on conflict (hash) do nothing',
        [hash, expiresAt ?? null],
      );
    },
    async among(hashes) {
      const { rows } = await pool
        .query<{ hash: Buffer }>({
          name: 'revoked-credentials',
          text: `select hash from revoked_credential where hash = any ($1)
            union all select hash from access_token where hash = any ($1) and revoked_at is not null`,
          values: [hashes],
        })
        .catch(rethrow);
      return rows.map(({ hash }) => hash);
    },
    async forgetEnded() {
      // A day more, for clocks that disagree and for skew that is allowed.
      await pool.query("delete from revoked_credential where expires_at < now() - interval '1 day'").catch(rethrow);
    },
  };
}
