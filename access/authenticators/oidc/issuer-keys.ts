import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Refused } from '../refused.ts';
import { fetchJson } from './fetch-json.ts';

/** How long the keys of an issuer are good for. */
export interface KeyTimes {
  /** Older keys are fetched anew, while they are still used. */
  readonly refreshMs: number;
  /** Older keys are used no more, when the issuer cannot be reached. */
  readonly keepMs: number;
  /** Least time between two fetches, whatever tokens arrive. */
  readonly cooldownMs: number;
}

export const defaultKeyTimes: KeyTimes = { refreshMs: 10 * 60_000, keepMs: 24 * 3_600_000, cooldownMs: 10_000 };

/**
 * The keys of an issuer, by discovery, fetched when they are first needed. A key that is not among them may be new, so it is
 * looked for again, but not more often than the cooldown allows. `onError` is told when the issuer cannot be reached.
 */
export function issuerKeys(
  issuer: string,
  { refreshMs, keepMs, cooldownMs }: KeyTimes,
  onError: (error: unknown) => void,
): JWTVerifyGetKey {
  let known: { readonly find: JWTVerifyGetKey; readonly atMs: number } | undefined;
  let triedAtMs = -Infinity;
  let fetching: Promise<void> | undefined;

  async function fetchOnce(): Promise<void> {
    triedAtMs = performance.now();
    try {
      const find = createLocalJWKSet(await fetchKeys(issuer));
      known = { find, atMs: performance.now() };
    } catch (error) {
      onError(error);
    }
  }

  /** Fetches, or joins who does; at once where that was tried a moment ago. */
  async function refresh(): Promise<void> {
    if (fetching === undefined && performance.now() - triedAtMs < cooldownMs) return;
    await (fetching ??= fetchOnce().finally(() => (fetching = undefined)));
  }

  return async (header, token) => {
    const ageMs = known === undefined ? Infinity : performance.now() - known.atMs;
    if (ageMs > keepMs) {
      known = undefined;
      await refresh();
    } else if (ageMs > refreshMs) void refresh();
    if (known === undefined) throw new Refused(`the keys of ${issuer} cannot be fetched`);
    const before = known;
    try {
      return await before.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      if (known === before) throw error;
      return known.find(header, token);
    }
  };
}

/** Throws where an issuer does not say what OpenID Connect Discovery asks for. */
async function fetchKeys(issuer: string): Promise<JSONWebKeySet> {
  const document = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  // Otherwise one provider could speak for another.
  if (document['issuer'] !== issuer) throw new Error(`${issuer} calls itself ${JSON.stringify(document['issuer'])}`);
  const { jwks_uri: address } = document;
  if (typeof address !== 'string' || !URL.canParse(address))
    throw new Error(`${issuer} does not say where its keys are`);
  if (new URL(address).protocol !== new URL(issuer).protocol)
    throw new Error(`${issuer} says that its keys are at ${address}, which is less safe than itself`);
  const { keys } = await fetchJson(address);
  if (!Array.isArray(keys)) throw new Error(`${address} holds no keys`);
  return { keys };
}
