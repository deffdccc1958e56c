import { discoverProvider, postForm } from '../../../sdk/oidc/provider.ts';
import { currentSession, forgetSession, type LoginSession } from '../session.ts';

/**
 * Signs out: forgets the token, and ends the session at the provider where one signed in by one. Else the next person at
 * this computer would be one click from being you.
 */
export async function signOut(): Promise<void> {
  const session = currentSession();
  forgetSession('You are signed out.');
  if (session?.type !== 'login') return;
  await endLogin(session).catch(() =>
    forgetSession(`You are signed out here. ${session.issuer} could not be told, and may still know you.`),
  );
}

async function endLogin({ clientId, idToken, issuer, refreshToken }: LoginSession): Promise<void> {
  const provider = await discoverProvider(issuer);
  if (provider.revocation_endpoint !== undefined && refreshToken !== undefined)
    await postForm(provider.revocation_endpoint, { token: refreshToken, client_id: clientId });
  if (provider.end_session_endpoint === undefined || !/^https?:/.test(provider.end_session_endpoint)) return;
  const url = new URL(provider.end_session_endpoint);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('post_logout_redirect_uri', `${location.origin}/`);
  if (idToken !== undefined) url.searchParams.set('id_token_hint', idToken);
  location.assign(url);
}
