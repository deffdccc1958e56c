import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import { StoreError } from '../errors.ts';
import { decrypt, encrypt } from './cipher.ts';
import { addDataKey, storedKeys, unwrapKey } from './data-keys.ts';
import type { KeyProvider } from './key-provider.ts';
import { type Binding, readSealed, writeSealed } from './sealed-value.ts';

/** Encrypts values at rest; what a value belongs to is bound into it, so it cannot be moved elsewhere. */
export interface SecretBox {
  seal(plain: string, binding: Binding): string;
  /** Throws when its key is not to be had, or the value was changed or moved. */
  open(sealed: string, binding: Binding): string;
  /** Keyed hash, the same for ever, for comparing inputs that may hold secrets and for what only the product may sign. */
  hash(text: string): Buffer;
}

/** A box that keeps up with the data keys of its database. */
export interface OpenBox extends SecretBox {
  /** Data key that seals right now. */
  sealingKey(): string;
  /** Reads the data keys again. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface BoxTimes {
  /** How often the data keys are read. */
  readonly refreshEveryMs: number;
  /** From when a data key is made until it seals: every process must have read it by then. */
  readonly switchMs: number;
  /** A process that has not read the keys for this long seals no more. */
  readonly staleMs: number;
  /** A data key seals for this long. */
  readonly epochMs: number;
}

export interface BoxOptions {
  readonly times?: BoxTimes | undefined;
  /** Told when the keys cannot be read, and of each that cannot be unwrapped. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const dayMs = 24 * 3_600_000;
export const boxTimes: BoxTimes = {
  refreshEveryMs: 10_000,
  switchMs: 30_000,
  staleMs: 300_000,
  epochMs: 30 * dayMs,
};

/**
 * With random nonces of 96 bits a key may seal 2^32 values before two of the same become likelier than once in 2^32; 64
 * processes that count to this stay below.
 */
const maxSealsPerProcess = 2 ** 26;
/** Keys that left the database are kept for what was read before; no more than this. */
const maxRetired = 64;

/** A data key that seals, now or later; without the key where it cannot be unwrapped. */
interface SealingKey {
  readonly id: string;
  readonly key: Buffer | undefined;
  readonly startsAtMs: number;
}

/**
 * Opens the box of a database; the first of its processes makes the keys. Rejects when the key that seals cannot be unwrapped:
 * then the product was given another secret key than the one it has. The first provider wraps, all unwrap.
 */
export async function openSecretBox(
  pool: Pool,
  providers: readonly KeyProvider[],
  { times = boxTimes, onError = () => {} }: BoxOptions = {},
): Promise<OpenBox> {
  const [first] = providers;
  if (first === undefined) throw new Error('there is no key provider');
  const bareKeys = providers.flatMap(({ bareKeys: keys = [] }) => keys);
  const held = new Map<string, Buffer>();
  /** Why a key cannot be unwrapped. */
  const lost = new Map<string, string>();
  /** Keys that seal, the newest last. */
  let sealing: readonly SealingKey[] = [];
  let hashKey: Buffer | undefined;
  let readAtMs = 0;
  let seals = { id: '', count: 0 };

  async function read(provider: KeyProvider): Promise<void> {
    let rows = await storedKeys(pool);
    const newest = rows.findLast(({ purpose }) => purpose === 'seal');
    const isOld = newest !== undefined && newest.ageMs > times.epochMs;
    const isWornOut = newest !== undefined && newest.id === seals.id && seals.count > maxSealsPerProcess;
    const hasHash = rows.some(({ purpose }) => purpose === 'hash');
    if (!hasHash) await addDataKey(pool, provider, { purpose: 'hash', startsInMs: 0 });
    if (newest === undefined || isOld || isWornOut)
      await addDataKey(pool, provider, {
        purpose: 'seal',
        after: newest?.id,
        startsInMs: newest === undefined ? 0 : times.switchMs,
      });
    if (!hasHash || newest === undefined || isOld || isWornOut) rows = await storedKeys(pool);
    const now = Date.now();
    for (const row of rows) {
      if (held.has(row.id)) continue;
      try {
        held.set(row.id, await unwrapKey(providers, row));
        lost.delete(row.id);
      } catch (error) {
        const { message } = error as Error;
        if (lost.get(row.id) !== message) onError(new Error(`the data key ${row.id} cannot be unwrapped: ${message}`));
        lost.set(row.id, message);
      }
    }
    sealing = rows
      .filter(({ purpose }) => purpose === 'seal')
      .map(({ id, startsInMs }) => ({ id, key: held.get(id), startsAtMs: now + startsInMs }));
    hashKey = held.get(rows.find(({ purpose }) => purpose === 'hash')?.id ?? '');
    forgetRetired(new Set(rows.map(({ id }) => id)));
    readAtMs = now;
  }

  function forgetRetired(stored: ReadonlySet<string>): void {
    const retired = [...held.keys()].filter((id) => !stored.has(id));
    for (const id of retired.slice(0, Math.max(0, retired.length - maxRetired))) held.delete(id);
  }

  let reading: Promise<void> | undefined;
  const refresh = (): Promise<void> => (reading ??= read(first).finally(() => (reading = undefined)));
  const look = (): void => void refresh().catch(onError);

  const active = (): SealingKey | undefined => {
    const now = Date.now();
    return sealing.findLast(({ startsAtMs }) => startsAtMs <= now) ?? sealing[0];
  };

  /** Never an older key instead: it may be on its way out, and what is sealed with it would be lost. */
  function sealingNow(): { readonly id: string; readonly key: Buffer } {
    const { id, key } = active() ?? {};
    if (id !== undefined && key !== undefined && Date.now() - readAtMs <= times.staleMs) return { id, key };
    look();
    const reason = (id === undefined ? undefined : lost.get(id)) ?? 'the keys of secrets could not be read lately';
    throw new StoreError('Unavailable', `secrets cannot be written now: ${reason}`);
  }

  function keyOf(id: string): Buffer {
    const known = held.get(id);
    if (known !== undefined) return known;
    const reason = lost.get(id);
    if (reason !== undefined) throw new Error(`a value is sealed with the data key ${id}: ${reason}`);
    look();
    throw new StoreError('Unavailable', 'the key of a secret is not known yet; try again');
  }

  await refresh();
  if (active()?.key === undefined || hashKey === undefined)
    throw new Error(
      `the keys of secrets cannot be unwrapped: ${[...new Set(lost.values())].join('; ')}. Start with the secret key that was in use before`,
    );
  const timer = setInterval(look, times.refreshEveryMs);

  return {
    seal(plain, { to }) {
      const { id, key } = sealingNow();
      if (seals.id !== id) seals = { id, count: 0 };
      seals.count += 1;
      return writeSealed(id, encrypt(key, plain, to));
    },
    open(sealed, binding) {
      const { keyId, bytes } = readSealed(sealed);
      if (keyId === undefined) return openBare(bareKeys, bytes, binding.before);
      return decrypt(keyOf(keyId), bytes, binding.to).toString('utf8');
    },
    hash(text) {
      // There is one since the box was opened, and it stays.
      return createHmac('sha256', hashKey!).update(text).digest();
    },
    sealingKey: () => sealingNow().id,
    refresh,
    async close() {
      clearInterval(timer);
      await reading?.catch(() => {});
    },
  };
}

/** Opens what was sealed with a secret key itself; such values do not say with which. */
function openBare(keys: readonly Buffer[], bytes: Buffer, boundTo: string): string {
  for (const key of keys) {
    try {
      return decrypt(key, bytes, boundTo).toString('utf8');
    } catch {
      // Another key, perhaps.
    }
  }
  throw new Error('an encrypted value from before data keys does not open with any of the secret keys');
}
