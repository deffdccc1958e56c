import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { OidcIssuer } from '../../access/authenticators/oidc/oidc-issuer.ts';
import {
  type Authentication,
  type AuthenticationOptions,
  openAuthentication,
} from '../../access/open-authentication.ts';
import { newAccessToken } from '../../access/tokens/access-token.ts';
import { bytesOf, fingerprintOf } from '../../access/tokens/fingerprint.ts';
import { createKeyRing } from '../../access/tokens/key-ring.ts';
import { type ServiceAccountTokens, serviceAccountTokens } from '../../access/tokens/service-account-tokens.ts';
import type { AccessToken } from '../../store/credentials/access-tokens.ts';
import { type Credentials, credentialsIn } from '../../store/credentials/credentials.ts';
import { createSigningKeys } from '../../store/credentials/signing-keys.ts';
import type { TestStore } from './store.ts';

/** In whose name a test signs, and the product's own audience. */
export const testIssuer = 'https://datum.test';

export interface TestAuthentication extends Authentication {
  readonly credentials: Credentials;
  /** Hands a token out; its id is its user's name. */
  hand(token: Partial<AccessToken> & { readonly user: string }): Promise<string>;
  /** Takes a signed token back. */
  takeBack(token: string): Promise<void>;
}

/** All ways to prove who one is, on the database of a store; closed when the running test ends. */
export function testAuthentication(
  store: TestStore,
  options: Partial<Pick<AuthenticationOptions, 'oidc' | 'times' | 'log'>> = {},
): TestAuthentication {
  const credentials = credentialsIn(store.pool, store.box);
  const authentication = openAuthentication({
    ...credentials,
    store: store.store,
    adminToken: 'the administrator of another test',
    issuer: testIssuer,
    oidc: [],
    log: pino({ level: 'silent' }),
    ...options,
  });
  onTestFinished(() => authentication.close());
  return {
    ...authentication,
    credentials,
    async hand({ user, ...more }) {
      const token = newAccessToken();
      await credentials.tokens.create({ id: user, groups: [], note: '', ...more, user }, bytesOf(fingerprintOf(token)));
      return token;
    },
    takeBack: (token) => credentials.revocations.revoke(bytesOf(fingerprintOf(token)), undefined),
  };
}

/** What signs tokens of service accounts on the database of a store. */
export function tokensOf({ pool, box, store }: TestStore): { readonly serviceAccounts: ServiceAccountTokens } {
  const keys = createKeyRing(createSigningKeys(pool, box));
  return { serviceAccounts: serviceAccountTokens({ keys, issuer: testIssuer, store }) };
}

/** An issuer as the configuration gives it, with the usual values. */
export function oidcIssuer(issuer: string, more: Partial<OidcIssuer> = {}): OidcIssuer {
  return {
    issuer,
    audiences: ['cli'],
    usernameClaim: 'sub',
    usernamePrefix: 'oidc:',
    groupsClaim: 'groups',
    groupsPrefix: 'oidc:',
    requiredClaims: {},
    extra: {},
    clockSkewSecs: 30,
    ...more,
  };
}
