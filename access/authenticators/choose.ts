import { isAccessToken } from '../tokens/access-token.ts';
import type { Authenticator } from './authenticator.ts';
import { isSigned, readUnproven } from './read-token.ts';
import { Refused } from './refused.ts';

/** Who can prove what. */
export interface Authenticators {
  readonly accessTokens: Authenticator;
  /** By issuer, exactly as it stands in tokens. */
  readonly issuers: ReadonlyMap<string, Authenticator>;
}

/** Proves tokens by whoever can, chosen by their form alone. */
export function chooseAuthenticator({ accessTokens, issuers }: Authenticators): Authenticator {
  return {
    async prove(token, audiences) {
      if (isAccessToken(token)) return accessTokens.prove(token, audiences);
      if (!isSigned(token)) throw new Refused('no token has this form');
      const { iss } = readUnproven(token).claims;
      const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined;
      if (issuer === undefined) throw new Refused('signed by an issuer that is not known');
      return issuer.prove(token, audiences);
    },
  };
}
