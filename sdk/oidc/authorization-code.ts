import { postForm, type Provider, type Tokens } from './provider.ts';

/** A login that was begun, and what its answer is held against. */
export interface BegunLogin {
  readonly clientId: string;
  readonly redirectUri: string;
  /** The API that tokens are to be for (RFC 8707), where the provider asks for that. */
  readonly audience?: string | undefined;
  readonly state: string;
  /** Secret until the code is exchanged (PKCE): whoever steals the code has nothing. */
  readonly verifier: string;
}

export interface LoginWish extends Pick<BegunLogin, 'clientId' | 'redirectUri' | 'audience'> {
  readonly scope: string;
  /** More parameters of the request. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Begins a login by authorisation code with PKCE; answers the address that a person has to go to. */
export async function beginLogin(
  provider: Provider,
  { audience, clientId, more, redirectUri, scope }: LoginWish,
): Promise<{ readonly url: string; readonly begun: BegunLogin }> {
  const begun = { clientId, redirectUri, audience, state: randomText(24), verifier: randomText(48) };
  const url = new URL(provider.authorization_endpoint);
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(begun.verifier));
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: begun.state,
    code_challenge: base64url(new Uint8Array(challenge)),
    code_challenge_method: 'S256',
    ...(audience === undefined ? {} : { resource: audience }),
    // Without it a provider need not give what renews a token.
    ...(scope.split(' ').includes('offline_access') ? { prompt: 'consent' } : {}),
    ...more,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, begun };
}

/** Exchanges the code of an answer whose state was that of the login. Throws OidcError. */
export async function exchangeCode(provider: Provider, begun: BegunLogin, code: string): Promise<Tokens> {
  return postForm<Tokens>(provider.token_endpoint, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: begun.redirectUri,
    client_id: begun.clientId,
    code_verifier: begun.verifier,
    resource: begun.audience,
  });
}

/** Gets new tokens by what renews them, which counts once. Throws OidcError. */
export async function renewTokens(
  provider: Provider,
  { clientId, refreshToken }: { readonly clientId: string; readonly refreshToken: string },
): Promise<Tokens> {
  return postForm<Tokens>(provider.token_endpoint, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: clientId,
  });
}

/** Text of random bytes that stands in addresses as it is. */
export function randomText(bytes: number): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
