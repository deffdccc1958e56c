import type { Pool } from 'pg';
import type { Binding } from '../encryption/sealed-value.ts';
import type { SecretBox } from '../encryption/secret-box.ts';
import { durably, rethrow } from './durably.ts';

/** A key that signs tokens, both parts as JSON Web Keys. */
export interface SigningKey {
  readonly id: string;
  readonly publicKey: Readonly<Record<string, unknown>>;
  readonly privateKey: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** Until then there are tokens that it signed; Infinity for tokens without an end. */
  readonly neededUntilMs: number;
}

/** Keys that all processes share, the private parts encrypted. All refuse with StoreError. */
export interface SigningKeys {
  /** Newest first. */
  all(): Promise<readonly SigningKey[]>;
  /** Adds a key unless another process has added one after the key `after`; absent: unless there is any. */
  add(key: Pick<SigningKey, 'id' | 'publicKey' | 'privateKey' | 'neededUntilMs'>, after?: string): Promise<void>;
  /** Keeps a key at least as long. On disk when it answers. */
  need(id: string, untilMs: number): Promise<void>;
  /** Deletes what no token needs any more, but for the newest. */
  forgetUnneeded(): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly public_key: Record<string, unknown>;
  readonly private_key: string;
  readonly created_at: Date;
  readonly needed_until: Date | number;
}

/** What the private part of a key belongs to. */
export function signingKeyBinding(id: string): Binding {
  const bound = `signing-key/${id}`;
  return { to: bound, before: bound };
}

const timeOf = (untilMs: number): Date | string => (untilMs === Infinity ? 'infinity' : new Date(untilMs));

export function createSigningKeys(pool: Pool, box: SecretBox): SigningKeys {
  return {
    async all() {
      const { rows } = await pool
        .query<Row>(
          'select id, public_key, private_key, created_at, needed_until from signing_key order by created_at desc, id',
        )
        .catch(rethrow);
      return rows.map((row) => ({
        id: row.id,
        publicKey: row.public_key,
        privateKey: JSON.parse(box.open(row.private_key, signingKeyBinding(row.id))) as Record<string, unknown>,
        createdAt: row.created_at,
        neededUntilMs: Number(row.needed_until),
      }));
    },
    async add({ id, publicKey, privateKey, neededUntilMs }, after) {
      await durably(
        pool,
        `insert into signing_key (id, public_key, private_key, needed_until)
         select $1, $2, $3, $4::timestamptz
         where not exists (select from signing_key
           where $5::text is null or created_at > (select created_at from signing_key where id = $5))`,
        [
          id,
          JSON.stringify(publicKey),
          box.seal(JSON.stringify(privateKey), signingKeyBinding(id)),
          timeOf(neededUntilMs),
          after ?? null,
        ],
        'datum signing key',
      );
    },
    async need(id, untilMs) {
      await durably(
        pool,
        'update signing_key set needed_until = greatest(needed_until, $2::timestamptz) where id = $1',
        [id, timeOf(untilMs)],
      );
    },
    async forgetUnneeded() {
      await pool
        .query(
          `delete from signing_key where needed_until < now() - interval '1 day'
           and id <> (select id from signing_key order by created_at desc, id limit 1)`,
        )
        .catch(rethrow);
    },
  };
}
