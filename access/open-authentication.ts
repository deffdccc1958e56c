import type { Logger } from 'pino';
import type { Credentials } from '../store/credentials/credentials.ts';
import type { Store } from '../store/types.ts';
import { adminToken, type Authenticate, firstOf } from './authenticate.ts';
import { authenticateTokens, type TokenOptions } from './authenticate-tokens.ts';
import { accessTokenAuthenticator } from './authenticators/access-tokens.ts';
import { chooseAuthenticator } from './authenticators/choose.ts';
import type { KeyTimes } from './authenticators/oidc/issuer-keys.ts';
import { oidcAuthenticator } from './authenticators/oidc/oidc.ts';
import type { OidcIssuer } from './authenticators/oidc/oidc-issuer.ts';
import { serviceAccountAuthenticator } from './authenticators/service-accounts.ts';
import { findGoneIn } from './sessions/find-gone.ts';
import { createKeyRing, type KeyRingTimes } from './tokens/key-ring.ts';
import { noteUseIn } from './tokens/note-use.ts';
import { type ServiceAccountTokens, serviceAccountTokens } from './tokens/service-account-tokens.ts';

export interface AuthenticationOptions extends Credentials {
  readonly store: Store;
  /** The token that may do all. */
  readonly adminToken: string;
  /** In whose name tokens of service accounts are signed; the product's own audience as well. */
  readonly issuer: string;
  readonly oidc: readonly OidcIssuer[];
  readonly log: Logger;
  readonly times?: {
    readonly sessions?: TokenOptions['times'];
    readonly issuers?: KeyTimes;
    readonly keys?: KeyRingTimes;
  };
}

export interface Authentication {
  readonly authenticate: Authenticate;
  readonly serviceAccounts: ServiceAccountTokens;
  close(): void;
}

/** Everything by which somebody can prove who they are, put together. */
export function openAuthentication(options: AuthenticationOptions): Authentication {
  const { store, tokens, revocations, issuer, log, times = {} } = options;
  const keys = createKeyRing(options.signingKeys, times.keys);
  const noteUse = noteUseIn(tokens, log);
  const keyTimes = times.issuers === undefined ? {} : { keyTimes: times.issuers };
  const byToken = authenticateTokens({
    authenticator: chooseAuthenticator({
      accessTokens: accessTokenAuthenticator(tokens, issuer),
      issuers: new Map([
        ...options.oidc.map(
          (each) => [each.issuer, oidcAuthenticator(each, { audience: issuer, log, ...keyTimes })] as const,
        ),
        [issuer, serviceAccountAuthenticator({ issuer, keys })] as const,
      ]),
    }),
    findGone: findGoneIn(store, revocations),
    audience: issuer,
    log,
    onUse({ credential = '' }) {
      if (credential.startsWith('token:')) noteUse(credential.slice('token:'.length));
    },
    ...(times.sessions === undefined ? {} : { times: times.sessions }),
  });
  return {
    authenticate: firstOf(adminToken(options.adminToken, issuer), byToken.authenticate),
    serviceAccounts: serviceAccountTokens({ keys, issuer, store }),
    close: byToken.close,
  };
}
