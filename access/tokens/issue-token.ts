import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { type KeyRing, signingAlgorithm } from './key-ring.ts';
import { type AccountClaims, claimsOfAccount, userOfAccount } from './service-account-claims.ts';

/** Signs a token for a service account that begins now. Without `expiresAt`, in whole seconds, it does not end by itself. */
export type IssueToken = (account: AccountClaims, audiences: readonly string[], expiresAt?: Date) => Promise<string>;

/** Signs tokens in the name of `issuer`. */
export function tokenIssuer(keys: Pick<KeyRing, 'signer'>, issuer: string): IssueToken {
  return async (account, audiences, expiresAt) => {
    const now = new Date();
    const { id, key } = await keys.signer(expiresAt?.getTime() ?? Infinity);
    const unsigned = new SignJWT(claimsOfAccount(account))
      .setProtectedHeader({ alg: signingAlgorithm, kid: id, typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(userOfAccount(account))
      .setAudience([...audiences])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setJti(randomUUID());
    return (expiresAt === undefined ? unsigned : unsigned.setExpirationTime(expiresAt)).sign(key);
  };
}
