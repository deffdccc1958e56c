/** An OpenID provider by which one may sign in, as the server says it. */
export interface LoginProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** What the button says. */
  readonly name: string;
  readonly scope: string;
  readonly use: 'id_token' | 'access_token';
  readonly audience?: string;
}

/** How one may sign in beside by token. A server that cannot say offers nothing: then the token is the way. */
export async function readProviders(): Promise<readonly LoginProvider[]> {
  const response = await fetch('/sign-in.json');
  if (!response.ok) return [];
  const { providers } = (await response.json()) as { readonly providers: readonly LoginProvider[] };
  return providers;
}
