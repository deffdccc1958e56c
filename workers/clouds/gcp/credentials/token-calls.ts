import { credentialsFailed } from './failure.ts';
import { accountPath } from './service-account.ts';

export interface Token {
  readonly value: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** Hosts that hand out tokens. `origin` stands for all of them, where an emulator takes their place. */
export interface TokenHosts {
  readonly origin?: string;
  readonly now: () => number;
}

const scope = 'https://www.googleapis.com/auth/cloud-platform';
const timeoutMs = 10_000;

/** Exchanges what another party says of us for a token of Google's. Throws GcpError. */
export function exchange(
  hosts: TokenHosts,
  from: { readonly audience: string; readonly subjectTokenType: string; readonly subjectToken: string },
): Promise<Token> {
  return lifetimeToken(hosts, 'https://sts.googleapis.com', '/v1/token', {
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: from.audience,
      scope,
      subject_token_type: from.subjectTokenType,
      subject_token: from.subjectToken,
    }),
  });
}

/** A token of the user who has logged in. Throws GcpError. */
export function refresh(
  hosts: TokenHosts,
  user: { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string },
): Promise<Token> {
  return lifetimeToken(hosts, 'https://oauth2.googleapis.com', '/token', {
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: user.clientId,
      client_secret: user.clientSecret,
      refresh_token: user.refreshToken,
    }),
  });
}

/** The token of the machine's own account. Throws GcpError. */
export function fromMetadata(hosts: TokenHosts): Promise<Token> {
  const path = '/computeMetadata/v1/instance/service-accounts/default/token';
  return lifetimeToken(hosts, 'http://metadata.google.internal', path, {
    method: 'GET',
    headers: { 'metadata-flavor': 'Google' },
  });
}

/** A token of the last account of a chain, each of which lends its rights to the one before it. Throws GcpError. */
export async function impersonate(hosts: TokenHosts, token: Token, chain: readonly string[]): Promise<Token> {
  const paths = chain.map((email) => accountPath(email) ?? '');
  const target = paths.at(-1) ?? '';
  const answer = await post(hosts, 'https://iamcredentials.googleapis.com', `/v1/${target}:generateAccessToken`, {
    headers: { authorization: `Bearer ${token.value}`, 'content-type': 'application/json' },
    body: JSON.stringify({ delegates: paths.slice(0, -1), scope: [scope], lifetime: '3600s' }),
  });
  const { accessToken, expireTime } = answer;
  const expiresAtMs = Date.parse(String(expireTime));
  if (typeof accessToken !== 'string' || Number.isNaN(expiresAtMs)) throw notAToken(target);
  return { value: accessToken, expiresAtMs };
}

async function lifetimeToken(hosts: TokenHosts, host: string, path: string, init: RequestInit): Promise<Token> {
  const { access_token: value, expires_in: seconds } = await post(hosts, host, path, init);
  if (typeof value !== 'string' || typeof seconds !== 'number') throw notAToken(host);
  return { value, expiresAtMs: hosts.now() + seconds * 1_000 };
}

async function post(
  { origin }: TokenHosts,
  host: string,
  path: string,
  init: RequestInit,
): Promise<Record<string, unknown>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch((origin ?? host) + path, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...init,
    });
    body = await response.json().catch(() => undefined);
  } catch {
    throw credentialsFailed('unavailable', `${new URL(host).host} does not answer`);
  }
  const answer = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (response.ok) return answer;
  const how = response.status >= 500 || response.status === 429 ? 'unavailable' : 'refused';
  throw credentialsFailed(how, `${new URL(host).host} answered HTTP ${response.status}: ${said(answer)}`);
}

/** What an answer says went wrong: both forms of errors, and nothing else of it. */
function said({ error, error_description: description }: Record<string, unknown>): string {
  if (typeof error === 'string') return typeof description === 'string' ? `${error}: ${description}` : error;
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  return typeof message === 'string' ? message : 'no reason given';
}

function notAToken(from: string): Error {
  return credentialsFailed('unavailable', `${from} answered without a token`);
}
