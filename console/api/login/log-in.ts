import { type BegunLogin, beginLogin, exchangeCode, randomText } from '../../../sdk/oidc/authorization-code.ts';
import { claimsIn, endOf } from '../../../sdk/oidc/claims.ts';
import { discoverProvider, type Tokens } from '../../../sdk/oidc/provider.ts';
import type { LoginSession } from '../session.ts';
import type { LoginProvider } from './providers.ts';

/** Where a provider sends people back to. */
export const signedInPath = '/signed-in';
const key = 'datum-login-begun';

/** A login that somebody has left this page for. */
interface Leaving {
  readonly provider: LoginProvider;
  readonly begun: BegunLogin;
  /** Stands in the id token that belongs to this login. */
  readonly nonce: string;
  /** The page that was asked for. */
  readonly returnTo: string;
}

/** Leaves for a provider, which sends back to the page that is asked for now. Rejects with OidcError. */
export async function leaveToLogIn(provider: LoginProvider): Promise<void> {
  const { audience, clientId, issuer, scope } = provider;
  const found = await discoverProvider(issuer);
  // What a provider says must not become a script.
  if (!/^https?:/.test(found.authorization_endpoint)) throw new Error(`${issuer} says no address to sign in at`);
  const nonce = randomText(24);
  const redirectUri = `${location.origin}${signedInPath}`;
  const { begun, url } = await beginLogin(found, { clientId, redirectUri, scope, audience, more: { nonce } });
  const { hash, pathname, search } = location;
  const returnTo = pathname === signedInPath ? '/' : `${pathname}${search}${hash}`;
  sessionStorage.setItem(key, JSON.stringify({ provider, begun, nonce, returnTo } satisfies Leaving));
  location.assign(url);
}

/**
 * Takes the answer with which a provider sent somebody back. Rejects where it is not the answer to the login that was begun
 * in this tab, or where the provider refuses.
 */
export async function takeAnswer(
  search: string,
): Promise<{ readonly session: LoginSession; readonly returnTo: string; readonly name: string }> {
  const { code, error, error_description: description, iss, state } = Object.fromEntries(new URLSearchParams(search));
  const stored = sessionStorage.getItem(key);
  // Counts once, whatever comes of it.
  sessionStorage.removeItem(key);
  const leaving = stored === null ? undefined : (JSON.parse(stored) as Leaving);
  if (leaving === undefined || state !== leaving.begun.state)
    throw new Error('This is not the answer to a sign-in that was begun in this tab. Please sign in again.');
  const { begun, nonce, provider, returnTo } = leaving;
  // Another provider that people may sign in by must not answer for this one (RFC 9207).
  if (iss !== undefined && iss !== provider.issuer) throw new Error(`${iss} answered for ${provider.issuer}.`);
  if (code === undefined)
    throw new Error(`${provider.name} did not sign you in: ${description ?? error ?? 'no answer'}`);
  const tokens = await exchangeCode(await discoverProvider(provider.issuer), begun, code);
  const session = sessionOf({ ...provider, id: randomText(12) }, tokens);
  if (session.idToken !== undefined && claimsIn(session.idToken)['nonce'] !== nonce)
    throw new Error(`${provider.name} answered with the token of another sign-in.`);
  return { session, returnTo, name: provider.name };
}

/** A session of the tokens that a provider gave; what it did not give anew stays. Throws where there is none to use. */
export function sessionOf(
  before: Pick<LoginSession, 'id' | 'issuer' | 'clientId' | 'use' | 'idToken' | 'refreshToken'>,
  tokens: Tokens,
): LoginSession {
  const { clientId, id, issuer, use } = before;
  const token = tokens[use];
  if (token === undefined) throw new Error(`${issuer} gave no ${use}`);
  return {
    type: 'login',
    id,
    issuer,
    clientId,
    use,
    token,
    idToken: tokens.id_token ?? before.idToken,
    refreshToken: tokens.refresh_token ?? before.refreshToken,
    expiresAtMs: endOf(token, tokens.expires_in),
  };
}
