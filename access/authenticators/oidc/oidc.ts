import type { Logger } from 'pino';
import { fingerprintOf } from '../../tokens/fingerprint.ts';
import { audiencesOf, type Authenticator } from '../authenticator.ts';
import { checkSigned } from '../check-signed.ts';
import { Refused } from '../refused.ts';
import { identityOfClaims } from './claims.ts';
import { defaultKeyTimes, issuerKeys, type KeyTimes } from './issuer-keys.ts';
import type { OidcIssuer } from './oidc-issuer.ts';

const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

export interface OidcOptions {
  /** The product's own audience, for which a token counts that is for one of the issuer's. */
  readonly audience: string;
  readonly log: Logger;
  readonly keyTimes?: KeyTimes;
}

/** Proves who holds a token of an OpenID provider. */
export function oidcAuthenticator(issuer: OidcIssuer, { audience, log, keyTimes }: OidcOptions): Authenticator {
  const keyOf = issuerKeys(issuer.issuer, keyTimes ?? defaultKeyTimes, (err) =>
    log.warn({ err, issuer: issuer.issuer }, 'the keys of an issuer could not be fetched'),
  );
  return {
    async prove(token, audiences) {
      const forUs = audiences.includes(audience);
      const accepted = issuer.audiences.filter((each) => forUs || audiences.includes(each));
      if (accepted.length === 0) throw new Refused('the issuer makes no tokens for that audience');
      const claims = await checkSigned(token, keyOf, {
        issuer: issuer.issuer,
        audiences: accepted,
        algorithms,
        skewSecs: issuer.clockSkewSecs,
        requiredClaims: ['exp', 'sub'],
      });
      // The signature covers it, and jose has seen that it is a number.
      const expiresAtMs = (claims.exp! + issuer.clockSkewSecs) * 1000;
      if ((claims.iat ?? 0) > Date.now() / 1000 + issuer.clockSkewSecs) throw new Refused('issued in the future');
      const others = audiences.filter((each) => each !== audience);
      return {
        identity: {
          ...identityOfClaims(issuer, claims),
          project: 'default',
          audiences: [...(forUs ? [audience] : []), ...audiencesOf(claims.aud, others)],
          credential: `oidc:${issuer.issuer}`,
          expiresAtMs,
        },
        ground: { fingerprint: fingerprintOf(token), objects: [] },
      };
    },
  };
}
