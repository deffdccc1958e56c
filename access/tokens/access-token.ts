import { hash, randomBytes } from 'node:crypto';

/** By this people and scanners of published code know our tokens. */
const prefix = 'datum_';
const secretBytes = 32;
const secretLength = 43;
const checkLength = 6;

/** A new token: 256 random bits, and a check that tells a token from what only looks like one, without the database. */
export function newAccessToken(): string {
  const secret = randomBytes(secretBytes).toString('base64url');
  return `${prefix}${secret}${checkOf(secret)}`;
}

/** A new public name of a token. */
export function newAccessTokenId(): string {
  return randomBytes(9).toString('base64url').replaceAll(/[-_]/g, '0').toLowerCase();
}

/** Whether a text has the form of a token that we hand out; nothing is said about whether we did. */
export function isAccessToken(text: string): boolean {
  if (!text.startsWith(prefix) || text.length !== prefix.length + secretLength + checkLength) return false;
  const secret = text.slice(prefix.length, -checkLength);
  return text.slice(-checkLength) === checkOf(secret);
}

function checkOf(secret: string): string {
  return hash('sha256', prefix + secret, 'base64url').slice(0, checkLength);
}
