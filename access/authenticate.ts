import { timingSafeEqual } from 'node:crypto';
import type { Identity } from './identity.ts';

/**
 * Proves who sends an `authorization` value (`Bearer …`); undefined for nobody. Every door asks it first. With `audiences` it
 * is asked whose token that is for others than the product: the answer's `audiences` are those of them that it is for.
 */
export type Authenticate = (
  authorization: string | undefined,
  audiences?: readonly string[],
) => Promise<Identity | undefined>;

/** Authentication by one token that may do all, and that is for nobody but the product itself, `audience`. */
export function adminToken(token: string, audience = ''): Authenticate {
  const expected = Buffer.from(token);
  const admin: Identity = { user: 'admin', groups: ['system:masters', 'system:authenticated'], project: 'default' };
  return async (authorization, audiences) => {
    const given = bearerToken(authorization);
    if (given === undefined || !isSame(Buffer.from(given), expected)) return undefined;
    if (audiences === undefined) return admin;
    return audiences.includes(audience) ? { ...admin, audiences: [audience] } : undefined;
  };
}

/** Authentication by the first of several that knows a credential. */
export function firstOf(...ways: readonly Authenticate[]): Authenticate {
  return async (authorization, audiences) => {
    for (const way of ways) {
      const identity = await way(authorization, audiences);
      if (identity !== undefined) return identity;
    }
    return undefined;
  };
}

/** The token of an `authorization` value; undefined where it is no bearer. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/** Takes as long for a nearly right token as for a wrong one; the length is no secret. */
function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
