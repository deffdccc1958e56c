import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

/** Claims of the users of a provider, by their name. */
export type Accounts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An OpenID provider that runs. */
export interface TestProvider {
  readonly issuer: string;
  /** Logs a user in, as a browser would, and answers the id token: its audience is `cli`. */
  idToken(user: string): Promise<string>;
  /** An access token that the client `machine` gets for itself, for an audience of its choice. */
  accessToken(audience: string): Promise<string>;
  /** From now on another key signs, and the old one is no longer published. */
  rotateKeys(): Promise<void>;
  /** The private key that signs now. */
  signingKey(): JWK;
  /** How often the keys were fetched. */
  keyFetches(): number;
  /** From now on it answers nothing, as when it is down. */
  breakDown(): void;
  close(): Promise<void>;
}

const redirectUri = 'https://client.example/callback';
const machineSecret = 'a-secret-of-a-machine-0123456789';
const verifier = 'v'.repeat(64);

/** A real OpenID provider with these users, stopped when the running test ends. */
export async function oidcProvider(accounts: Accounts = {}): Promise<TestProvider> {
  const provider = await startOidcProvider(accounts);
  onTestFinished(() => provider.close());
  return provider;
}

/** Starts a real OpenID provider (oidc-provider) with these users; the caller closes it. */
export async function startOidcProvider(accounts: Accounts = {}): Promise<TestProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => {};
  let keyFetches = 0;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/jwks')) keyFetches += 1;
    return handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let key = await newKey();
  const start = (): void => {
    const provider = providerOf(issuer, accounts, key);
    const callback = provider.callback();
    handle = (request, response) =>
      request.url?.startsWith('/login/') ? void logIn(provider, request, response) : callback(request, response);
  };
  start();
  return {
    issuer,
    idToken: (user) => logInAs(issuer, user),
    async accessToken(audience) {
      const answer = await post(`${issuer}/token`, {
        grant_type: 'client_credentials',
        client_id: 'machine',
        client_secret: machineSecret,
        resource: audience,
      });
      return String(answer['access_token']);
    },
    async rotateKeys() {
      key = await newKey();
      start();
    },
    signingKey: () => key,
    keyFetches: () => keyFetches,
    breakDown() {
      handle = (_, response) => response.writeHead(503).end();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg: 'RS256', use: 'sig' };
}

function providerOf(issuer: string, accounts: Accounts, key: JWK): Provider {
  const provider: Provider = new Provider(issuer, {
    jwks: { keys: [key as never] },
    clients: [
      {
        client_id: 'cli',
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'none',
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
      {
        client_id: 'machine',
        client_secret: machineSecret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    claims: { openid: ['sub'], all: [...new Set(Object.values(accounts).flatMap((claims) => Object.keys(claims)))] },
    conformIdTokenClaims: false,
    interactions: { url: (_, { uid }) => `/login/${uid}` },
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ accountId: oidc.session!.accountId!, clientId: oidc.client!.clientId });
      grant.addOIDCScope('openid all');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
        }),
      },
    },
    cookies: { keys: ['a key of cookies'] },
    routes: { jwks: '/jwks', token: '/token', authorization: '/auth' },
  });
  return provider;
}

/** Whoever asks is whom they say. */
async function logIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { params } = await provider.interactionDetails(request, response);
    await provider.interactionFinished(request, response, { login: { accountId: String(params['login_hint']) } });
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

/** The authorization code flow, with the redirects and cookies that a browser sees to. */
async function logInAs(issuer: string, user: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = `${issuer}/auth?${new URLSearchParams({
    client_id: 'cli',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid all',
    login_hint: user,
    code_challenge: Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url'),
    code_challenge_method: 'S256',
  })}`;
  while (!url.startsWith(redirectUri)) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`no login: ${response.status} ${await response.text()}`);
    url = new URL(next, url).href;
  }
  const answer = await post(`${issuer}/token`, {
    grant_type: 'authorization_code',
    client_id: 'cli',
    redirect_uri: redirectUri,
    code: new URL(url).searchParams.get('code') ?? '',
    code_verifier: verifier,
  });
  return String(answer['id_token']);
}

async function post(url: string, form: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}
