import type { Pool } from 'pg';
import { durably, rethrow } from './durably.ts';

/** A token that was handed out. The secret is known to its holder alone. */
export interface AccessToken {
  /** Public; names the token in lists and logs. */
  readonly id: string;
  readonly user: string;
  readonly groups: readonly string[];
  /** The only project that it works in; absent: whichever its user may use. */
  readonly project?: string;
  /** What it is for, in the words of who made it. */
  readonly note: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
  /** About when it was used last, to the minute. */
  readonly lastUsedAt?: Date;
}

export type NewAccessToken = Omit<AccessToken, 'createdAt' | 'revokedAt' | 'lastUsedAt'>;

/** Tokens on a migrated database; hashes are SHA-256 of the secret. All refuse with StoreError. */
export interface AccessTokens {
  create(token: NewAccessToken, hash: Buffer): Promise<void>;
  /** The token with this hash, whatever became of it. */
  find(hash: Buffer): Promise<AccessToken | undefined>;
  /** Newest first. */
  list(): Promise<readonly AccessToken[]>;
  /** Whether there was one to revoke; true for one that was revoked before. Safe on disk when it answers. */
  revoke(id: string): Promise<boolean>;
  /** Notes that these tokens were used just now. */
  used(ids: readonly string[]): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly username: string;
  readonly groups: string[];
  readonly project: string | null;
  readonly note: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

const columns = 'id, username, groups, project, note, created_at, expires_at, revoked_at, last_used_at';

export function createAccessTokens(pool: Pool): AccessTokens {
  return {
    async create({ id, user, groups, project, note, expiresAt }, hash) {
      await durably(
        pool,
        `insert into access_token (id, hash, username, groups, project, note, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
        [id, hash, user, groups, project ?? null, note, expiresAt ?? null],
      );
    },
    async find(hash) {
      const { rows } = await pool
        .query<Row>({
          name: 'find-access-token',
          text: `select ${columns} from access_token where hash = $1`,
          values: [hash],
        })
        .catch(rethrow);
      return rows[0] && tokenOf(rows[0]);
    },
    async list() {
      const { rows } = await pool
        .query<Row>(`select ${columns} from access_token order by created_at desc, id`)
        .catch(rethrow);
      return rows.map(tokenOf);
    },
    async revoke(id) {
      const { rowCount } = await durably(
        pool,
        'update access_token set revoked_at = coalesce(revoked_at, now()) where id = $1',
        [id],
      );
      return rowCount === 1;
    },
    async used(ids) {
      await pool.query('update access_token set last_used_at = now() where id = any ($1)', [ids]).catch(rethrow);
    },
  };
}

function tokenOf(row: Row): AccessToken {
  return {
    id: row.id,
    user: row.username,
    groups: row.groups,
    note: row.note,
    createdAt: row.created_at,
    ...(row.project === null ? {} : { project: row.project }),
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  };
}
