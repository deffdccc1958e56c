import { CliError } from '../cli-error.ts';

/** What an OpenID provider says of itself. */
export interface Provider {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly device_authorization_endpoint?: string;
}

/** Tokens of a provider. */
export interface Tokens {
  readonly id_token?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
}

/** Refusal of a provider: `error` is its code. */
export class OidcError extends CliError {
  readonly error: string;

  constructor(error: string, description: string | undefined) {
    super(`the OpenID provider refuses: ${description ?? error}`);
    this.error = error;
  }
}

/** Asks a provider about itself. */
export async function discoverProvider(issuer: string): Promise<Provider> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url).catch((error: unknown) => {
    throw new CliError(`${url} does not answer: ${String((error as Error).cause ?? error)}`);
  });
  if (!response.ok) throw new CliError(`${url} answers ${response.status}`);
  const provider = (await response.json()) as Provider;
  // Otherwise anybody who can place a document at one address could speak for another.
  if (provider.issuer !== issuer) throw new CliError(`${url} speaks for ${provider.issuer}`);
  return provider;
}

/** Sends a form and answers what comes back. Throws OidcError for a refusal. */
export async function postForm<T>(url: string, form: Readonly<Record<string, string | undefined>>): Promise<T> {
  const body = new URLSearchParams(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const response = await fetch(url, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(
    (error: unknown) => {
      throw new CliError(`${url} does not answer: ${String((error as Error).cause ?? error)}`);
    },
  );
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string; error_description?: string };
  if (!response.ok) throw new OidcError(answer.error ?? `HTTP ${response.status}`, answer.error_description);
  return answer;
}
