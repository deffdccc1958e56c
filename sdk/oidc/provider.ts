/** What an OpenID provider says of itself. */
export interface Provider {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly device_authorization_endpoint?: string;
  readonly end_session_endpoint?: string;
  readonly revocation_endpoint?: string;
}

/** Tokens of a provider. */
export interface Tokens {
  readonly id_token?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
}

/** A provider refuses, or cannot be asked. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
  /** Code of a refusal; undefined where it may help to ask again. */
  readonly error: string | undefined;

  constructor(message: string, error?: string) {
    super(message);
    this.error = error;
  }
}

/** Asks a provider about itself. Throws OidcError where it does not answer, or for another. */
export async function discoverProvider(issuer: string): Promise<Provider> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await answerOf(url);
  if (!response.ok) throw new OidcError(`${url} answers ${response.status}`);
  const provider = (await response.json()) as Provider;
  // Otherwise anybody who can place a document at one address could speak for another.
  if (provider.issuer !== issuer) throw new OidcError(`${url} speaks for ${provider.issuer}`);
  return provider;
}

/** Sends a form and answers what comes back. Throws OidcError for a refusal, or where nothing comes. */
export async function postForm<T>(url: string, form: Readonly<Record<string, string | undefined>>): Promise<T> {
  const body = new URLSearchParams(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const response = await answerOf(url, { method: 'POST', body, headers: { accept: 'application/json' } });
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string; error_description?: string };
  if (response.ok) return answer;
  const { error, error_description: description } = answer;
  const why = description ?? error ?? `HTTP ${response.status}`;
  const isPassing = response.status === 429 || response.status >= 500;
  throw new OidcError(`the OpenID provider refuses: ${why}`, isPassing ? undefined : (error ?? why));
}

async function answerOf(url: string, init?: RequestInit): Promise<Response> {
  return fetch(url, init).catch((error: unknown) => {
    throw new OidcError(`${url} does not answer: ${String((error as Error).cause ?? error)}`);
  });
}
