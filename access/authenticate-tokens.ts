import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import { type Authenticate, bearerToken } from './authenticate.ts';
import type { Audiences, Authenticator } from './authenticators/authenticator.ts';
import { Refused } from './authenticators/refused.ts';
import type { Identity } from './identity.ts';
import { createSessionPool, type FindGone, type Proven, type SessionPoolOptions } from './sessions/session-pool.ts';
import { createRecent } from './tokens/recent.ts';

export interface TokenOptions {
  readonly authenticator: Authenticator;
  readonly findGone: FindGone;
  /** The product's own audience. */
  readonly audience: string;
  readonly log: Logger;
  /** Told of every credential in use, about every second. */
  readonly onUse: (identity: Identity) => void;
  readonly times?: Pick<SessionPoolOptions, 'lookEveryMs' | 'staleMs'>;
}

export interface TokenAuthentication {
  readonly authenticate: Authenticate;
  close(): void;
}

/** More than any issuer makes; HTTP allows no more in one header. */
const mostTokenLength = 16 * 1024;
/** A token that proved nothing is not looked at again for that long, in ms. */
const refusedMs = 2000;
const mostRefused = 10_000;

/** Authentication by whatever tokens an authenticator can prove: proven once, remembered for a moment, looked after in use. */
export function authenticateTokens(options: TokenOptions): TokenAuthentication {
  const { authenticator, findGone, audience, log, onUse, times } = options;
  const pool = createSessionPool({ findGone, log, onUse, ...times });
  const refused = createRecent(refusedMs, mostRefused);
  const proving = new Map<string, Promise<Identity | undefined>>();

  async function prove(token: string, audiences: Audiences): Promise<Proof | undefined> {
    try {
      const asOfMs = performance.now();
      const proven = await authenticator.prove(token, audiences);
      const gone = await findGone([proven.ground]);
      if (gone.size > 0) throw new Refused(`${proven.identity.credential} was revoked, or what it is bound to is gone`);
      return { proven, asOfMs };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      log.info({ reason: error.message }, 'a token was refused');
      return undefined;
    }
  }

  async function proveForUs(key: string, token: string): Promise<Identity | undefined> {
    const proof = await prove(token, [audience]);
    if (proof !== undefined) return pool.keep(key, proof.proven, proof.asOfMs);
    refused.add(key);
    pool.end(key);
    return undefined;
  }

  async function authenticate(authorization: string | undefined, audiences?: Audiences): Promise<Identity | undefined> {
    const token = bearerToken(authorization);
    if (token === undefined || token.length > mostTokenLength) return undefined;
    // Questions about tokens for others are rare, and their answers are nobody's to use.
    if (audiences !== undefined) return (await prove(token, audiences))?.proven.identity;
    // All of it, signature included, since what was proven is only that.
    const key = hash('sha256', token, 'base64url');
    const known = pool.get(key);
    if (known !== undefined) return known;
    if (refused.has(key)) return undefined;
    let proof = proving.get(key);
    if (proof === undefined) {
      proof = proveForUs(key, token).finally(() => proving.delete(key));
      proving.set(key, proof);
    }
    return proof;
  }

  return { authenticate, close: pool.close };
}

interface Proof {
  readonly proven: Proven;
  readonly asOfMs: number;
}
