import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { durably } from '../credentials/durably.ts';
import { keyBytes } from './cipher.ts';
import type { KeyProvider } from './key-provider.ts';

export type Purpose = 'seal' | 'hash';

/** A data key as it is stored. */
export interface StoredKey {
  readonly id: string;
  readonly purpose: Purpose;
  readonly provider: string;
  readonly keyId: string;
  readonly wrapped: Buffer;
  /** Negative for one that is active. */
  readonly startsInMs: number;
  /** How long ago it was made. */
  readonly ageMs: number;
  /** Made by a rotation that is not through. */
  readonly rotating: boolean;
}

interface Row {
  id: string;
  purpose: Purpose;
  provider: string;
  key_id: string;
  wrapped: Buffer;
  starts_in_ms: number;
  age_ms: number;
  rotating: boolean;
}

/** All data keys, in the order in which they become active. By the clock of the database, which all processes share. */
export async function storedKeys(pool: Pool): Promise<StoredKey[]> {
  const { rows } = await pool.query<Row>(
    `select id, purpose, provider, key_id, wrapped, rotating,
       (extract(epoch from active_from - now()) * 1000)::float8 as starts_in_ms,
       (extract(epoch from now() - created_at) * 1000)::float8 as age_ms
     from data_key order by active_from, id`,
  );
  return rows.map((row) => ({
    id: row.id,
    purpose: row.purpose,
    provider: row.provider,
    keyId: row.key_id,
    wrapped: row.wrapped,
    startsInMs: row.starts_in_ms,
    ageMs: row.age_ms,
    rotating: row.rotating,
  }));
}

/** Makes a data key, unless another process has made one after the key `after`; absent: unless there is any. */
export async function addDataKey(
  pool: Pool,
  provider: KeyProvider,
  wanted: {
    readonly purpose: Purpose;
    readonly after?: string | undefined;
    readonly startsInMs: number;
    readonly rotating?: boolean;
  },
): Promise<void> {
  const { wrapped, keyId } = await provider.wrap(randomBytes(keyBytes));
  await durably(
    pool,
    `insert into data_key (id, purpose, provider, key_id, wrapped, active_from, rotating)
     select $1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7
     where not exists (select from data_key where purpose = $2
       and ($8::text is null or active_from > (select active_from from data_key where id = $8)))`,
    [
      randomBytes(8).toString('base64url'),
      wanted.purpose,
      provider.id,
      keyId,
      wrapped,
      wanted.startsInMs / 1000,
      wanted.rotating ?? false,
      wanted.after ?? null,
    ],
    'datum data key',
  );
}

/** The key of a row. Rejects where no provider has what wrapped it. */
export async function unwrapKey(providers: readonly KeyProvider[], stored: StoredKey): Promise<Buffer> {
  const provider = providers.find(({ id }) => id === stored.provider);
  if (provider === undefined) throw new Error(`the key provider ${stored.provider} is not configured`);
  return provider.unwrap(stored.wrapped, stored.keyId);
}

/** Wraps all data keys with the newest key of the first provider; the data keys stay the same. Answers how many there are. */
export async function rewrapDataKeys(pool: Pool, providers: readonly KeyProvider[]): Promise<number> {
  const rows = await storedKeys(pool);
  const [provider] = providers;
  if (provider === undefined) throw new Error('there is no key provider');
  for (const row of rows) {
    const { wrapped, keyId } = await provider.wrap(await unwrapKey(providers, row));
    await durably(pool, 'update data_key set provider = $1, key_id = $2, wrapped = $3 where id = $4', [
      provider.id,
      keyId,
      wrapped,
      row.id,
    ]);
  }
  return rows.length;
}
