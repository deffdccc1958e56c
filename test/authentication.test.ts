import { createClient as createSseClient } from 'graphql-sse';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { newAccessToken } from '../access/tokens/access-token.ts';
import { bytesOf, fingerprintOf } from '../access/tokens/fingerprint.ts';
import { type Server, startServer, stopServer } from './clients/support/server.ts';
import { confused, part, signed, signedByHand, withPart } from './support/forged-tokens.ts';
import { startOidcProvider, type TestProvider } from './support/oidc-provider.ts';
import { watchLines } from './support/watch-lines.ts';
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
  'without audience': () => signed(provider, { claims: { aud: undefined } as never }),
  'for an audience that only contains ours': () => signed(provider, { claims: { aud: 'cli2' } }),
  expired: () => signed(provider, { claims: { exp: nowSecs() - 60 } }),
  'without end': () => signed(provider, { claims: { exp: undefined } as never }),
  'with an end that is no number': () => signed(provider, { claims: { exp: '99999999999' as never } }),
  'not valid yet': () => signed(provider, { claims: { nbf: nowSecs() + 600 } }),
  'issued in the future': () => signed(provider, { claims: { iat: nowSecs() + 600 } }),
  'without subject': () => signed(provider, { claims: { sub: undefined } as never }),
  'forged: signed by another key': () => signed(provider, { by: stranger }),
  'forged: claims changed': () => withPart(provider, 1, { sub: 'bob' }),
  'forged: no signature': async () => (await signed(provider)).replace(/[^.]*$/, ''),
  'forged: signature of another token': async () => {
    const [one, two] = [await signed(provider), await signed(provider, { claims: { sub: 'bob' } })];
    return `${one.slice(0, one.lastIndexOf('.'))}${two.slice(two.lastIndexOf('.'))}`;
  },
  'alg none': async () => {
    const [, claims = ''] = (await signed(provider)).split('.');
    return `${part({ alg: 'none', typ: 'JWT' })}.${claims}.`;
  },
  'alg nOnE, with a signature': () => withPart(provider, 0, { alg: 'nOnE' }),
  'key confusion: HS256 with the public key as PEM': () => confused(provider, 'pem'),
  'key confusion: HS256 with the public key as JSON': () => confused(provider, 'jwk'),
  'key confusion: another algorithm': () => withPart(provider, 0, { alg: 'ES256' }),
  'with a key of its own': async () => {
    const { kty, n, e } = stranger.signingKey();
    return signed(provider, { by: stranger, header: { jwk: { kty, n, e } } });
  },
  'with the address of a key of its own': () =>
    signed(provider, { by: stranger, header: { jku: `${stranger.issuer}/jwks`, x5u: `${stranger.issuer}/x` } }),
  'with an extension that must be understood': () => signedByHand(provider, { crit: ['x'], x: 1 }),
  'something else that the issuer signed': () => signed(provider, { header: { typ: 'logout+jwt' } }),
  'an issuer that is no text': () => signed(provider, { claims: { iss: [provider.issuer] as never } }),
  'an issuer that is a property of every object': () => signed(provider, { claims: { iss: '__proto__' } }),
  'an issuer with a slash more': () => signed(provider, { claims: { iss: `${provider.issuer}/` } }),
  'claims that are no object': () => `${part({ alg: 'RS256' })}.${Buffer.from('[]').toString('base64url')}.eA`,
  'parts that are no JSON': () => 'a.b.c',
  'of a service account, for others': () => accountToken('other', { audiences: ['vault'] }),
  'of a service account, signed by a provider': () =>
    signed(provider, { claims: { iss: ownIssuer, sub: 'system:serviceaccount:default:robot', aud: ownIssuer } }),
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
  for (const token of [
    await signed(provider),
    await signedByHand(provider),
    await signed(provider, { claims: { aud: ['x', 'cli'] } }),
  ]) {
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

describe.each([
  ['is taken back', undefined],
  ['expires', 8000],
] as const)('when a credential %s', (what, lifeMs) => {
  test('the connections that were opened with it end', { timeout: 60_000 }, async () => {
    const user = `live-${what.replaceAll(' ', '-')}`;
    const expiresAt = lifeMs === undefined ? undefined : new Date(Date.now() + lifeMs);
    const token = await handOut(user, expiresAt);
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
    const watch = await watchLines(server, token);

    if (expiresAt === undefined) await takeBack(user);
    const endsAtMs = expiresAt?.getTime() ?? Date.now();
    // The stream over SSE ends as one that is complete, without an error.
    const [code] = await Promise.all([closed, stream.ended, watch.ended]);
    expect(Date.now() - endsAtMs).toBeGreaterThanOrEqual(0);
    expect(Date.now() - endsAtMs).toBeLessThan(5000);
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
