import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { createClient as createSseClient } from 'graphql-sse';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { newAccessToken } from '../access/tokens/access-token.ts';
import { bytesOf, fingerprintOf } from '../access/tokens/fingerprint.ts';
import { type Server, startServer, stopServer } from './clients/support/server.ts';
import { startOidcProvider, type TestProvider } from './support/oidc-provider.ts';
import { collect } from './support/watcher.ts';

// Who one is, at both doors of a product that runs.

const ownIssuer = 'https://datum.internal';
const accounts = { ann: { groups: ['net'] } };
let provider: TestProvider;
let stranger: TestProvider;
let server: Server;
let database: Client;

beforeAll(async () => {
  [provider, stranger] = await Promise.all([startOidcProvider(accounts), startOidcProvider(accounts)]);
  const issuer = { issuer: provider.issuer, audiences: ['cli', 'https://api.example'], groupsClaim: 'groups' };
  server = await startServer({ DATUM_ROLES: 'gateway,subgraph,kubernetes', DATUM_OIDC: JSON.stringify([issuer]) });
  database = new Client({ connectionString: server.ready.database });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await Promise.all([server && stopServer(server), provider?.close(), stranger?.close()]);
});

const graphql = (): string => server.ready.graphql ?? '';

/** What the GraphQL door answers to a request with these headers. */
async function askGraphql(headers: Readonly<Record<string, string>>): Promise<{ status: number; body: any }> {
  const response = await fetch(graphql(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  return { status: response.status, body: await response.json() };
}

/** What the Kubernetes door answers to the question who asks. */
async function whoAmI(authorization: string): Promise<{ status: number; body: any }> {
  return server.call({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    headers: { authorization },
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
}

/** Hands a token out as the command does, whose administrator may do all. */
async function handOut(user: string, expiresAt?: Date): Promise<string> {
  const token = newAccessToken();
  await database.query(
    'insert into access_token (id, hash, username, groups, note, expires_at) values ($1, $2, $1, $3, $4, $5)',
    [user, bytesOf(fingerprintOf(token)), ['system:masters'], '', expiresAt ?? null],
  );
  return token;
}

const takeBack = (user: string) => database.query('update access_token set revoked_at = now() where id = $1', [user]);

/** Makes a service account and a token of it. */
async function accountToken(name: string, spec: object = {}): Promise<string> {
  const path = '/api/v1/namespaces/default/serviceaccounts';
  await server.call({
    method: 'POST',
    path,
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
  });
  const { status, body } = await server.call({
    method: 'POST',
    path: `${path}/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec },
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body.status.token as string;
}

test('whoever proves themselves is the same at both doors', async () => {
  const known: readonly (readonly [string, object])[] = [
    [server.token, { username: 'admin', groups: ['system:masters', 'system:authenticated'] }],
    [await handOut('ci'), { username: 'ci' }],
    [
      await provider.idToken('ann'),
      {
        username: `${provider.issuer}#ann`,
        uid: 'ann',
        groups: [`${provider.issuer}#net`, 'system:authenticated'],
      },
    ],
    [await provider.accessToken('https://api.example'), { username: `${provider.issuer}#machine` }],
    [
      await accountToken('robot'),
      {
        username: 'system:serviceaccount:default:robot',
        uid: expect.any(String),
        groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] },
      },
    ],
  ];
  for (const [token, userInfo] of known) {
    expect(await whoAmI(`Bearer ${token}`)).toMatchObject({ status: 201, body: { status: { userInfo } } });
    expect(await askGraphql({ authorization: `Bearer ${token}` })).toMatchObject({ status: 200 });
  }
});

/** A token as the provider would sign it, with whatever is different. */
async function signed(more: {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly by?: TestProvider;
}): Promise<string> {
  const { claims = {}, header = {}, by = provider } = more;
  const jwk = by.signingKey();
  const nowSecs = Math.floor(Date.now() / 1000);
  const payload = { iss: provider.issuer, sub: 'ann', aud: 'cli', iat: nowSecs, exp: nowSecs + 600, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid: provider.signingKey().kid ?? '', typ: 'JWT', ...header })
    .sign(await importJWK({ ...jwk }, 'RS256'));
}

/** The same without a library that knows what is right. */
async function signedByHand(header: object): Promise<string> {
  const [, claims = ''] = (await signed({})).split('.');
  const { kid, ...jwk } = provider.signingKey();
  const head = `${part({ alg: 'RS256', kid, typ: 'JWT', ...header })}.${claims}`;
  const key = createPrivateKey({ key: jwk as never, format: 'jwk' });
  return `${head}.${sign('sha256', Buffer.from(head), key).toString('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token whose secret is the provider's public key, in a form in which careless verifiers hold it. */
async function confused(alg: 'HS256', secretOf: 'pem' | 'jwk'): Promise<string> {
  const [, claims = ''] = (await signed({})).split('.');
  const { kty, n, e, kid } = provider.signingKey();
  const key = createPublicKey({ key: { kty, n, e } as never, format: 'jwk' });
  const secret = secretOf === 'pem' ? key.export({ type: 'spki', format: 'pem' }) : JSON.stringify({ kty, n, e });
  const head = `${part({ alg, kid, typ: 'JWT' })}.${claims}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

async function withPart(index: 0 | 1, change: object): Promise<string> {
  const parts = (await signed({})).split('.');
  const value = JSON.parse(Buffer.from(parts[index] ?? '', 'base64url').toString()) as object;
  parts[index] = part({ ...value, ...change });
  return parts.join('.');
}

const nowSecs = (): number => Math.floor(Date.now() / 1000);

/** Tokens that prove nobody, each with what is wrong. */
const bad: Readonly<Record<string, () => Promise<string> | string>> = {
  'nothing at all': () => '',
  nonsense: () => 'nonsense',
  'a part of the right one': () => server.token.slice(0, -1),
  'of the right form, never handed out': () => newAccessToken(),
  'handed out, one letter other': async () => {
    const token = await handOut('letter');
    return token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
  },
  'handed out and expired': () => handOut('expired', new Date(Date.now() - 1000)),
  'handed out and taken back': async () => {
    const token = await handOut('gone');
    await takeBack('gone');
    return token;
  },
  'the hash of one that was handed out': async () => fingerprintOf(await handOut('hashed')),
  'of an issuer that is not known': () => stranger.idToken('ann'),
  'for another audience': () => provider.accessToken('https://other.example'),
  'without audience': () => signed({ claims: { aud: undefined } as never }),
  'for an audience that only contains ours': () => signed({ claims: { aud: 'cli2' } }),
  expired: () => signed({ claims: { exp: nowSecs() - 60 } }),
  'without end': () => signed({ claims: { exp: undefined } as never }),
  'with an end that is no number': () => signed({ claims: { exp: '99999999999' as never } }),
  'not valid yet': () => signed({ claims: { nbf: nowSecs() + 600 } }),
  'issued in the future': () => signed({ claims: { iat: nowSecs() + 600 } }),
  'without subject': () => signed({ claims: { sub: undefined } as never }),
  'forged: signed by another key': () => signed({ by: stranger }),
  'forged: claims changed': () => withPart(1, { sub: 'bob' }),
  'forged: no signature': async () => (await signed({})).replace(/[^.]*$/, ''),
  'forged: signature of another token': async () => {
    const [one, two] = [await signed({}), await signed({ claims: { sub: 'bob' } })];
    return `${one.slice(0, one.lastIndexOf('.'))}${two.slice(two.lastIndexOf('.'))}`;
  },
  'alg none': async () => {
    const [, claims = ''] = (await signed({})).split('.');
    return `${part({ alg: 'none', typ: 'JWT' })}.${claims}.`;
  },
  'alg nOnE, with a signature': () => withPart(0, { alg: 'nOnE' }),
  'key confusion: HS256 with the public key as PEM': () => confused('HS256', 'pem'),
  'key confusion: HS256 with the public key as JSON': () => confused('HS256', 'jwk'),
  'key confusion: another algorithm': () => withPart(0, { alg: 'ES256' }),
  'with a key of its own': async () => {
    const { kty, n, e } = stranger.signingKey();
    return signed({ by: stranger, header: { jwk: { kty, n, e } } });
  },
  'with the address of a key of its own': () =>
    signed({ by: stranger, header: { jku: `${stranger.issuer}/jwks`, x5u: `${stranger.issuer}/x` } }),
  'with an extension that must be understood': () => signedByHand({ crit: ['x'], x: 1 }),
  'something else that the issuer signed': () => signed({ header: { typ: 'logout+jwt' } }),
  'an issuer that is no text': () => signed({ claims: { iss: [provider.issuer] as never } }),
  'an issuer that is a property of every object': () => signed({ claims: { iss: '__proto__' } }),
  'an issuer with a slash more': () => signed({ claims: { iss: `${provider.issuer}/` } }),
  'claims that are no object': () => `${part({ alg: 'RS256' })}.${Buffer.from('[]').toString('base64url')}.eA`,
  'parts that are no JSON': () => 'a.b.c',
  'of a service account, for others': () => accountToken('other', { audiences: ['vault'] }),
  'of a service account, signed by a provider': () =>
    signed({ claims: { iss: ownIssuer, sub: 'system:serviceaccount:default:robot', aud: ownIssuer } }),
  'of a service account, its project changed': async () => {
    const parts = (await accountToken('moved')).split('.');
    const claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()) as Record<string, object>;
    parts[1] = part({ ...claims, 'datumapis.com': { project: 'other' } });
    return parts.join('.');
  },
  'of a service account that is gone': async () => {
    const token = await accountToken('short');
    const path = '/api/v1/namespaces/default/serviceaccounts/short';
    expect(await server.call({ method: 'DELETE', path })).toMatchObject({ status: 200 });
    return token;
  },
};

describe('no door takes a token that is', () => {
  test.each(Object.entries(bad))('%s', async (_, make) => {
    const token = await make();
    const authorization = `Bearer ${token}`;
    const { status, body } = await whoAmI(authorization);
    // Not a word about what is wrong: it would tell who forges how far they came.
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      },
    });
    const answered = await askGraphql({ authorization });
    expect(answered.status).toBe(401);
    expect(answered.body).toEqual({
      errors: [
        {
          message: 'A bearer token is needed: authorization: Bearer <token>',
          extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: expect.any(String) },
        },
      ],
    });
    expect(await closeCodeOf(authorization)).toBe(4401);
  });
});

test('every door takes the same token with nothing wrong', async () => {
  for (const token of [await signed({}), await signedByHand({}), await signed({ claims: { aud: ['x', 'cli'] } })]) {
    expect(await whoAmI(`Bearer ${token}`)).toMatchObject({ status: 201 });
    expect(await askGraphql({ authorization: `bearer ${token}` })).toMatchObject({ status: 200 });
  }
});

/** The code with which the GraphQL door closes a WebSocket that begins like this. */
function closeCodeOf(authorization: string): Promise<number> {
  const socket = openSocket(authorization);
  return new Promise((resolve) => socket.on('close', resolve));
}

function openSocket(authorization: string): WebSocket {
  const socket = new WebSocket(graphql().replace(/^http/, 'ws'), 'graphql-transport-ws');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
  onTestFinished(() => socket.terminate());
  return socket;
}

test('a token of another scheme, or two of them, prove nobody', async () => {
  const basic = `Basic ${Buffer.from(`admin:${server.token}`).toString('base64')}`;
  for (const authorization of [
    basic,
    server.token,
    `Bearer ${server.token} ${server.token}`,
    `Token ${server.token}`,
  ]) {
    expect(await whoAmI(authorization)).toMatchObject({ status: 401 });
    expect(await askGraphql({ authorization })).toMatchObject({ status: 401 });
  }
});

test('without credentials there is health, and nothing else', async () => {
  const origin = new URL(graphql()).origin;
  const anonymous = { authorization: '' };
  for (const path of ['/livez', '/readyz']) expect((await fetch(origin + path)).status, path).toBe(200);
  for (const path of ['/livez', '/readyz', '/healthz', '/readyz/ping']) {
    expect(await server.call({ path, headers: anonymous }), path).toMatchObject({ status: 200 });
  }
  expect(await askGraphql({})).toMatchObject({ status: 401 });
  expect((await fetch(graphql())).status).toBe(401);
  for (const path of [
    '/',
    '/version',
    '/api',
    '/apis',
    '/openapi/v2',
    '/openapi/v3',
    '/.well-known/openid-configuration',
    '/openid/v1/jwks',
    '/api/v1/namespaces',
    '/nothing',
  ]) {
    expect(await server.call({ path, headers: anonymous }), path).toMatchObject({ status: 401 });
  }
});

/** The lines of a Kubernetes watch, until it ends. */
async function watchLines(token: string): Promise<{ readonly lines: any[]; readonly ended: Promise<void> }> {
  const { request } = await import('node:https');
  const lines: any[] = [];
  const path =
    '/api/v1/namespaces/default/configmaps?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const headers = { authorization: `Bearer ${token}` };
  const started = Promise.withResolvers<void>();
  const ended = new Promise<void>((resolve, reject) => {
    const call = request(`${server.url}${path}`, { ca: server.ca, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const whole = text.split('\n');
        text = whole.pop() ?? '';
        lines.push(...whole.map((line) => JSON.parse(line) as unknown));
        if (lines.length > 0) started.resolve();
      });
      response.on('end', resolve).on('error', reject);
    });
    call.on('error', reject).end();
    onTestFinished(() => void call.destroy());
  });
  ended.catch(() => {});
  await started.promise;
  return { lines, ended };
}

describe.each([
  ['is taken back', (user: string) => handOut(user), (user: string) => takeBack(user)],
  ['expires', (user: string) => handOut(user, new Date(Date.now() + 4000)), async () => {}],
] as const)('when a credential %s', (what, hand, end) => {
  test('the connections that were opened with it end', { timeout: 30_000 }, async () => {
    const user = `live-${what.replaceAll(' ', '-')}`;
    const token = await hand(user);
    const authorization = `Bearer ${token}`;
    const query = 'subscription { watchConfigMaps { type } }';

    const socket = openSocket(authorization);
    const messages: any[] = [];
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await new Promise<void>((resolve) =>
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { type: string };
        messages.push(message);
        if (message.type === 'connection_ack')
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        if (message.type === 'next') resolve();
      }),
    );
    const sse = createSseClient({ url: graphql(), headers: { authorization }, retryAttempts: 0 });
    const stream = collect(sse.iterate({ query }) as AsyncIterableIterator<any>, () => sse.dispose());
    await stream.until((events) => events.length > 0);
    const watch = await watchLines(token);

    const started = performance.now();
    await end(user);
    // The stream over SSE ends as one that is complete, without an error.
    const [code] = await Promise.all([closed, stream.ended, watch.ended]);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(code).toBe(4401);
    expect(messages.at(-1)).toMatchObject({ type: 'next' });
    expect(watch.lines.at(-1)).toEqual({
      type: 'ERROR',
      object: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Unauthorized',
        reason: 'Unauthorized',
        code: 401,
      },
    });
    expect(await whoAmI(authorization)).toMatchObject({ status: 401 });
    expect(await askGraphql({ authorization })).toMatchObject({ status: 401 });
  });
});

test('TokenReview says whose a token is, for those audiences that it is for', async () => {
  const review = async (token: string, audiences?: readonly string[]): Promise<unknown> => {
    const { body } = await server.call({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/tokenreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } },
    });
    return body.status;
  };
  const refused = { user: {}, error: 'invalid bearer token' };
  const forVault = await accountToken('reviewed', { audiences: ['vault', 'registry'] });
  const username = 'system:serviceaccount:default:reviewed';
  expect(await review(forVault, ['registry', 'other'])).toMatchObject({
    authenticated: true,
    user: { username },
    audiences: ['registry'],
  });
  expect(await review(forVault, ['other'])).toEqual(refused);
  expect(await review(forVault)).toEqual(refused);
  expect(await review(await accountToken('reviewed'))).toMatchObject({
    authenticated: true,
    user: { username },
    audiences: [ownIssuer],
  });
  expect(await review(await provider.idToken('ann'), ['cli'])).toMatchObject({ audiences: ['cli'] });
  expect(await review(server.token, ['other'])).toEqual(refused);
  expect(await review(server.token, ['other', ownIssuer])).toMatchObject({ audiences: [ownIssuer] });
});

test('TokenRequest refuses what is no wish for a token', async () => {
  const ask = (spec: object, name = 'asked', query = '') =>
    server.call({
      method: 'POST',
      path: `/api/v1/namespaces/default/serviceaccounts/${name}/token${query}`,
      body: { spec },
    });
  const token = await accountToken('asked');
  expect(token).not.toBe('');
  const day = await ask({ expirationSeconds: 86_400 });
  expect(day.body).toMatchObject({
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: 'asked', namespace: 'default' },
    spec: { audiences: [ownIssuer], expirationSeconds: 86_400, boundObjectRef: null },
  });
  expect(await ask({}, 'asked', '?dryRun=All')).toMatchObject({ status: 201, body: { status: { token: '' } } });
  const refused: readonly (readonly [object, number, string])[] = [
    [{ expirationSeconds: 599 }, 422, 'may not specify a duration less than 10 minutes'],
    [{ expirationSeconds: 2 ** 33 }, 422, 'may not specify a duration larger than 2^32 seconds'],
    [{ expirationSeconds: 'long' }, 400, 'cannot unmarshal string'],
    [{ audiences: 'one' }, 400, 'cannot unmarshal string'],
    [{ boundObjectRef: { kind: 'Secret', apiVersion: 'v1' } }, 422, 'spec.boundObjectRef.name: Required value'],
    [{ boundObjectRef: { kind: 'Namespace', apiVersion: 'v1', name: 'default' } }, 422, 'cannot bind token'],
    [{ boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 'x' } }, 404, 'secrets "x" not found'],
  ];
  for (const [spec, status, message] of refused) {
    expect(await ask(spec)).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  }
  expect(await ask({}, 'nobody')).toMatchObject({
    status: 404,
    body: { message: 'serviceaccounts "nobody" not found' },
  });
  const get = await server.call({ path: '/api/v1/namespaces/default/serviceaccounts/asked/token' });
  expect(get.status).toBe(405);
});

test('whoever is to verify tokens of service accounts finds the keys', async () => {
  const { body, headers } = await server.call({ path: '/.well-known/openid-configuration' });
  expect(body).toMatchObject({ issuer: ownIssuer, jwks_uri: `${ownIssuer}/openid/v1/jwks` });
  expect(headers['content-type']).toBe('application/json');
  const keys = await server.call({ path: '/openid/v1/jwks' });
  expect(keys.headers['content-type']).toBe('application/jwk-set+json');
  expect(keys.body.keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })]);
  expect(keys.body.keys[0]).not.toHaveProperty('d');
});
