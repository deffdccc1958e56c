import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Authenticate } from '../access/authenticate.ts';
import type { LimitSettings } from '../access/limits/limits.ts';
import { createRequestLimits } from '../access/limits/request-limits.ts';
import { certificates } from '../cli/certificates.ts';
import { send, testGateway, testToken } from '../test/support/gateway.ts';
import type { GatewayOptions } from './start-gateway.ts';

/** A bearer token is the name of a user who may do all; `forged` is nobody's. */
const byName: Authenticate = async (authorization) => {
  const [, user = 'forged'] = /^Bearer (\w+)$/.exec(authorization ?? '') ?? [];
  return user === 'forged' ? undefined : { user, groups: ['system:masters'], project: 'default' };
};

const few = { perSecond: 0.001, burst: 3 };

async function gatewayWith(settings: LimitSettings, options: Partial<GatewayOptions> = {}) {
  const gateway = await testGateway({ authenticate: byName, limits: createRequestLimits({ settings }), ...options });
  const as = (user: string) => ({ authorization: `Bearer ${user}` });
  return {
    ...gateway,
    as,
    ask: (user: string, query = '{ __typename }') => send(gateway.url, query, {}, as(user)),
  };
}

/** Opens a WebSocket as somebody and waits until it is taken. */
async function socketOf(url: string, user: string, options: object = {}): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', options);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${user}` } }));
  await Promise.race([once(socket, 'message'), once(socket, 'close')]);
  return socket;
}

const watch = 'subscription { watchNetworks(namespace: "default") { type } }';

function subscribe(socket: WebSocket, id: string, query = watch): Promise<any> {
  const answer = new Promise((resolve) => {
    const listen = (data: Buffer): void => {
      const message = JSON.parse(String(data)) as { id?: string; type: string };
      if (message.id !== id) return;
      socket.off('message', listen);
      resolve(message);
    };
    socket.on('message', listen);
  });
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
  return answer;
}

const limited = expect.objectContaining({
  extensions: expect.objectContaining({ code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: 300 }) as unknown,
}) as unknown;

test('one request too many says when to come back, before it is read; others do not notice', async () => {
  const { ask, url, as } = await gatewayWith({ masters: { read: few } });
  for (let count = 0; count < 3; count += 1) expect((await ask('alice')).status).toBe(200);
  const { status, errors } = await ask('alice', 'no GraphQL at all {');
  expect(status).toBe(429);
  expect(errors).toEqual([limited]);
  expect(errors?.[0]?.extensions['requestId']).toBeTypeOf('string');
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...as('alice'), 'content-type': 'application/json' },
  });
  expect(response.headers.get('retry-after')).toBe('300');
  expect((await ask('bob')).status).toBe(200);
});

test('each field of a mutation is a write', async () => {
  const { ask } = await gatewayWith({ masters: { write: few } });
  const remove = 'deleteNetwork(namespace: "default", name: "n") { userErrors { message } }';
  const removes = (count: number): string =>
    `mutation { ...A } fragment A on Mutation { ${Array.from({ length: count }, (_, n) => `a${n}: ${remove}`).join(' ')} }`;
  expect((await ask('alice', removes(2))).errors).toBeUndefined();
  // There is a token left, which is enough for all of it; then there is a debt.
  expect((await ask('alice', removes(10))).errors).toBeUndefined();
  const refused = await ask('alice', removes(1));
  expect(refused.status).toBe(429);
  expect(refused.errors).toEqual([limited]);
  expect((await ask('alice', '{ __typename }')).status).toBe(200);
});

test('requests of nobody are limited by address', async () => {
  const { ask } = await gatewayWith({ server: { anonymous: few } });
  for (const status of [401, 401, 401, 429, 429]) expect((await ask('forged')).status).toBe(status);
  expect((await ask('alice')).status).toBe(200);
});

test('watches are limited, over SSE and WebSocket together, and come back when they end', async () => {
  const { url, as } = await gatewayWith({ masters: { watches: 2 } });
  const stream = new AbortController();
  onTestFinished(() => stream.abort());
  const sse = (): Promise<Response> =>
    fetch(`${url}?query=${encodeURIComponent(watch)}`, {
      headers: { ...as('alice'), accept: 'text/event-stream' },
      signal: stream.signal,
    });
  const first = await sse();
  const reader = first.body?.getReader();
  await reader?.read();
  const socket = await socketOf(url, 'alice');
  expect(await subscribe(socket, '1')).toMatchObject({ type: 'next' });
  const tooMany = await subscribe(socket, '2');
  expect(tooMany.payload.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryable: true } }]);
  stream.abort();
  await expect.poll(async () => (await subscribe(socket, String(Math.random()))).payload.errors).toBeUndefined();
});

test('operations and messages of one connection are limited', async () => {
  const { url } = await gatewayWith({});
  const socket = await socketOf(url, 'alice');
  const answers = await Promise.all(Array.from({ length: 201 }, (_, index) => subscribe(socket, String(index))));
  expect(answers.filter(({ type }) => type === 'error')).toHaveLength(1);
  expect(answers.filter(({ type }) => type === 'next')).toHaveLength(200);
  const other = await socketOf(url, 'bob');
  for (let count = 0; count < 5_000; count += 1) other.send('{"type":"ping"}');
  await once(other, 'close');
  expect(socket.readyState).toBe(WebSocket.OPEN);
});

test(
  'a connection that never says who it is, and one whose peer is gone, are closed',
  { timeout: 60_000 },
  async () => {
    const { url } = await gatewayWith({}, { patience: { pingMs: 300 } });
    const silent = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const code = once(silent, 'close').then(([value]) => value as number);
    const gone = await socketOf(url, 'alice', { autoPong: false });
    const alive = await socketOf(url, 'alice');
    await once(gone, 'close');
    expect(await code).toBe(4408);
    expect(alive.readyState).toBe(WebSocket.OPEN);
  },
);

test('connections are limited by identity, HTTP and WebSocket together', async () => {
  const { url } = await gatewayWith({ masters: { connections: 2 } });
  const open = async (): Promise<(user: string) => Promise<number>> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return async (user) => {
      const body = '{"query":"{ __typename }"}';
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${user}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      return Number(/^HTTP\/1\.1 (\d+)/.exec(String(chunk))?.[1]);
    };
  };
  expect(await (await open())('alice')).toBe(200);
  const socket = await socketOf(url, 'alice');
  const third = await open();
  expect(await third('alice')).toBe(429);
  expect(await third('bob')).toBe(200);
  const fourth = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  await once(fourth, 'open');
  fourth.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer alice' } }));
  expect((await once(fourth, 'close'))[0]).toBe(4429);
  socket.terminate();
  await expect.poll(() => third('alice')).toBe(200);
});

test('slow headers, slow bodies and answers that nobody reads are not waited for', { timeout: 120_000 }, async () => {
  const { url, store, ask } = await gatewayWith(
    { masters: { requests: 1, waitingBytes: 30_000_000 } },
    { patience: { headersMs: 300, requestMs: 1_000, stalledMs: 5_000, lookEveryMs: 100 } },
  );
  const port = Number(new URL(url).port);
  const talk = (text: string): Socket => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text)).on('error', () => {});
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\ncontent-type: application/json\r\n';
  const slowHead = talk(head);
  const slowBody = talk(`${head}content-length: 100\r\n\r\n{`);
  expect((await send(url, '{ __typename }', {}, { authorization: 'Bearer alice' })).status).toBe(200);
  await Promise.all([once(slowHead.resume(), 'close'), once(slowBody.resume(), 'close')]);
  for (let count = 0; count < 40; count += 1) {
    await store.store.create({ project: 'default', actor: 'a', manager: 'a' }, 'ConfigMap', {
      metadata: { name: `big-${count}`, namespace: 'default' },
      data: { text: 'x'.repeat(500_000) },
    });
  }
  const body = JSON.stringify({ query: '{ configMaps(first: 200) { nodes { data } } }' });
  const unread = talk(`${head}content-length: ${body.length}\r\n\r\n${body}`).pause();
  // As long as that answer waits, there is no room for a second one.
  await expect.poll(async () => (await ask('alice', '{ __typename }')).status).toBe(200);
  const big = (): Promise<number> =>
    ask('alice', '{ configMaps(first: 200) { nodes { data } } }').then(
      ({ data }) => data.configMaps.nodes.length as number,
      () => 0,
    );
  await expect.poll(big, { timeout: 60_000 }).toBe(40);
  let bytes = 0;
  unread.on('data', (chunk: Buffer) => void (bytes += chunk.length)).resume();
  await new Promise((resolve) => unread.once('close', resolve));
  expect(bytes).toBeLessThan(20_000_000);
});

test('every answer says what pages may do; other origins may do nothing unless they are listed', async () => {
  const { url, as } = await gatewayWith({}, { allowedOrigins: ['https://console.example.com'] });
  for (const path of ['/livez', '/readyz', '/nothing', '/graphql']) {
    const { headers } = await fetch(new URL(path, url));
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy'), path).not.toContain('unsafe');
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    expect(headers.get('strict-transport-security'), path).toBeNull();
  }
  const ask = (method: string, origin: string): Promise<Response> =>
    fetch(url, {
      method,
      headers: { ...as('alice'), origin, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: '{"query":"{ __typename }"}' } : {}),
    });
  for (const method of ['OPTIONS', 'POST']) {
    const listed = await ask(method, 'https://console.example.com');
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://console.example.com');
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull();
    for (const origin of ['https://evil.example.com', 'null', 'https://console.example.com.evil.net']) {
      expect((await ask(method, origin)).headers.get('access-control-allow-origin'), origin).toBeNull();
    }
  }
  const upgrade = (origin?: string): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(
        url.replace(/^http/, 'ws'),
        'graphql-transport-ws',
        origin === undefined ? {} : { origin },
      );
      socket.on('open', () => (resolve(101), socket.close()));
      socket.on('unexpected-response', (sent, { statusCode = 0 }) => (resolve(statusCode), sent.destroy()));
    });
  expect(await upgrade()).toBe(101);
  expect(await upgrade(new URL(url).origin)).toBe(101);
  expect(await upgrade('https://console.example.com')).toBe(101);
  expect(await upgrade('https://evil.example.com')).toBe(401);
});

test('a URL or header that is too long is refused', async () => {
  const { url } = await gatewayWith({});
  const statusOf = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      request(new URL(path, url), { headers }, (response) => resolve(response.resume().statusCode ?? 0))
        .on('error', reject)
        .end();
    });
  const authorization = `Bearer ${testToken}`;
  expect(await statusOf(`/graphql?query=${'x'.repeat(9_000)}`, { authorization })).toBe(414);
  expect(await statusOf('/graphql', { authorization, long: 'x'.repeat(17_000) })).toBe(431);
});

test('over TLS, browsers are told to stay there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datum-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { ca, server } = await certificates(folder, '127.0.0.1');
  const { url } = await gatewayWith({}, { tls: server });
  expect(url).toMatch(/^https:/);
  const [status, hsts] = await new Promise<[number | undefined, unknown]>((resolve, reject) => {
    secureRequest(new URL('/livez', url), { ca }, (response) => {
      resolve([response.resume().statusCode, response.headers['strict-transport-security']]);
    })
      .on('error', reject)
      .end();
  });
  expect([status, hsts]).toEqual([200, expect.stringMatching(/^max-age=\d{8,}/)]);
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { ca });
  await once(socket, 'open');
  socket.terminate();
});
