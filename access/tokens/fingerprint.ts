import { hash } from 'node:crypto';

/**
 * SHA-256 of a token, in base64url: what is kept in memory instead of it, and by which it can be revoked. Of a signed token
 * only what was signed counts, since a signature may have other spellings that are as good.
 */
export function fingerprintOf(token: string): string {
  const signed = token.indexOf('.') === -1 ? token : token.slice(0, token.lastIndexOf('.'));
  return hash('sha256', signed, 'base64url');
}

/** The bytes of a fingerprint, as they are stored. */
export function bytesOf(fingerprint: string): Buffer {
  return Buffer.from(fingerprint, 'base64url');
}
