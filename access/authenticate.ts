import { timingSafeEqual } from 'node:crypto';
import type { Identity } from './identity.ts';

/** Proves who sends an `authorization` value (`Bearer …`); undefined for nobody. Every door asks it first. */
export type Authenticate = (authorization: string | undefined) => Promise<Identity | undefined>;

/** Authentication by one token that may do all. */
export function adminToken(token: string): Authenticate {
  const expected = Buffer.from(token);
  const admin: Identity = { user: 'admin', groups: ['system:masters', 'system:authenticated'], project: 'default' };
  return async (authorization) => {
    const given = bearerToken(authorization);
    return given !== undefined && isSame(Buffer.from(given), expected) ? admin : undefined;
  };
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}

/** Takes as long for a nearly right token as for a wrong one; the length is no secret. */
function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
