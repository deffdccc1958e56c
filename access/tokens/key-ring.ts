import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import type { SigningKey, SigningKeys } from '../../store/credentials/signing-keys.ts';

/** Keys that sign the tokens of service accounts have this algorithm. */
export const signingAlgorithm = 'ES256';

const dayMs = 24 * 3_600_000;

/** When keys change. */
export interface KeyRingTimes {
  /** A newer key is made when the newest is older. Default 90 days. */
  readonly rotateEveryMs?: number;
  /** A key signs only when it is that old, so that all who verify have had time to see it. Default 10 minutes. */
  readonly publishMs?: number;
  /** What other processes did is seen within. Default 1 minute. */
  readonly refreshEveryMs?: number;
}

/** The keys of the product, the same in all processes. */
export interface KeyRing {
  /** The key to sign with a token that ends at `untilMs`; Infinity for one that does not. */
  signer(untilMs: number): Promise<{ readonly id: string; readonly key: CryptoKey }>;
  /** The public part of a key; undefined where there is none of this id. */
  find(id: string): Promise<CryptoKey | undefined>;
  /** Public parts of all keys, for those who verify. */
  published(): Promise<readonly JWK[]>;
}

interface Loaded extends SigningKey {
  readonly publicPart: CryptoKey;
  readonly privatePart: CryptoKey;
}

/** A new key may have been made elsewhere, but nobody is made to look for one more often, in ms. */
const missCooldownMs = 1000;

/** The keys of the product, from the database; the first is made when it is needed. */
export function createKeyRing(stored: SigningKeys, times: KeyRingTimes = {}): KeyRing {
  const { rotateEveryMs = 90 * dayMs, publishMs = 10 * 60_000, refreshEveryMs = 60_000 } = times;
  let loaded: readonly Loaded[] = [];
  let loadedAtMs = -Infinity;
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    const keys = await stored.all();
    loaded = await Promise.all(
      keys.map(async (key) => loaded.find(({ id }) => id === key.id && key.neededUntilMs) ?? imported(key)),
    );
    loadedAtMs = performance.now();
  }

  /** Loads the keys unless they were loaded less than that long ago. */
  async function keysOf(mostAgeMs: number): Promise<readonly Loaded[]> {
    if (performance.now() - loadedAtMs > mostAgeMs) await (loading ??= load().finally(() => (loading = undefined)));
    return loaded;
  }

  /** The newest key that is old enough to be known, after a look whether it is time for a newer one. */
  async function current(): Promise<Loaded> {
    const newest = (await keysOf(refreshEveryMs))[0];
    if (newest === undefined || Date.now() - newest.createdAt.getTime() > rotateEveryMs) {
      await stored.add(await newKey(Date.now() + rotateEveryMs), newest?.id);
      await stored.forgetUnneeded();
      await keysOf(0);
    }
    const known = loaded.find(({ createdAt }) => Date.now() - createdAt.getTime() >= publishMs) ?? loaded.at(-1);
    if (known === undefined) throw new Error('a signing key was made and is not there');
    return known;
  }

  return {
    async signer(untilMs) {
      const key = await current();
      // A day at a time, so that few tokens cost a write.
      if (untilMs > key.neededUntilMs) {
        await stored.need(key.id, untilMs + dayMs);
        await keysOf(0);
      }
      return { id: key.id, key: key.privatePart };
    },
    async find(id) {
      const has = (keys: readonly Loaded[]): CryptoKey | undefined => keys.find((key) => key.id === id)?.publicPart;
      return has(await keysOf(refreshEveryMs)) ?? has(await keysOf(missCooldownMs));
    },
    published: async () => (await keysOf(refreshEveryMs)).map(({ publicKey }) => publicKey as JWK),
  };
}

async function imported(key: SigningKey): Promise<Loaded> {
  const [publicPart, privatePart] = await Promise.all([
    importJWK(key.publicKey as JWK, signingAlgorithm),
    importJWK(key.privateKey as JWK, signingAlgorithm),
  ]);
  // Only symmetric keys come as bytes.
  return { ...key, publicPart: publicPart as CryptoKey, privatePart: privatePart as CryptoKey };
}

async function newKey(neededUntilMs: number): Promise<Parameters<SigningKeys['add']>[0]> {
  const { publicKey, privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  const publicPart = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(publicPart);
  return {
    id,
    publicKey: { ...publicPart, kid: id, alg: signingAlgorithm, use: 'sig' },
    privateKey: { ...(await exportJWK(privateKey)), kid: id, alg: signingAlgorithm },
    neededUntilMs,
  };
}
