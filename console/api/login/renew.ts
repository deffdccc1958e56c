import { UnauthenticatedError } from '../../../sdk/main.ts';
import { renewTokens } from '../../../sdk/oidc/authorization-code.ts';
import { discoverProvider, OidcError } from '../../../sdk/oidc/provider.ts';
import { currentSession, keepLogin, type LoginSession } from '../session.ts';
import { sessionOf } from './log-in.ts';

/** A token that ends sooner than this is renewed before it is used, in ms. */
const aheadMs = 10_000;
/** The renewal that runs: what renews a token counts once, so all who need it share one. */
let renewing: Promise<LoginSession> | undefined;
/** Sessions that this tab alone may renew. */
const owned = new Set<string>();

/** The token of a login, renewed where it is about to end or is `refused`. Rejects with UnauthenticatedError at its end. */
export async function tokenOfLogin(id: string, refused: string | undefined): Promise<string> {
  const session = currentSession();
  if (session?.type !== 'login' || session.id !== id) throw new UnauthenticatedError('you have signed out');
  const isGood = session.token !== refused && (session.expiresAtMs ?? Infinity) - Date.now() > aheadMs;
  if (isGood || session.refreshToken === undefined) {
    if (session.token === refused) throw new UnauthenticatedError('your sign-in has ended');
    return session.token;
  }
  const { token } = await (renewing ??= renew(session, session.refreshToken).finally(() => (renewing = undefined)));
  return token;
}

async function renew(session: LoginSession, refreshToken: string): Promise<LoginSession> {
  if (!(await isOwn(session.id))) throw new UnauthenticatedError('a copy of this tab goes on with your sign-in');
  const provider = await discoverProvider(session.issuer);
  const tokens = await renewTokens(provider, { clientId: session.clientId, refreshToken }).catch((error: unknown) => {
    if (error instanceof OidcError && error.error !== undefined)
      throw new UnauthenticatedError(`your sign-in has ended (${error.error})`);
    throw error;
  });
  const renewed = sessionOf(session, tokens);
  // Whoever signed out meanwhile stays so.
  if (currentSession()?.id === session.id) keepLogin(renewed);
  return renewed;
}

/**
 * Whether this tab may renew. A tab that was duplicated has the same session, and providers take it for theft where two use
 * the same refresh token: the first tab that renews keeps the right as long as it is open.
 */
async function isOwn(id: string): Promise<boolean> {
  if (owned.has(id)) return true;
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`datum-login-${id}`, { ifAvailable: true }, async (lock) => {
        if (lock === null) return resolve(false);
        owned.add(id);
        resolve(true);
        return new Promise(() => {});
      })
      .catch(reject);
  });
}
