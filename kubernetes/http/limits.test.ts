import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { request } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Identity } from '../../access/identity.ts';
import { authenticateFrom } from '../../access/limits/authenticate-from.ts';
import type { Activity, LimitSettings } from '../../access/limits/limits.ts';
import { patience, type Patience } from '../../access/limits/listening.ts';
import { createRequestLimits } from '../../access/limits/request-limits.ts';
import { certificates, type Certificates } from '../../cli/certificates.ts';
import { unauthorized } from '../status/refusals.ts';
import type { Answer } from './call.ts';
import type { RawCall } from './raw-call.ts';
import { startHttpsServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'datum-tls-'));
let keys: Certificates;
beforeAll(async () => void (keys = await certificates(folder, '127.0.0.1')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Setup {
  readonly settings?: LimitSettings;
  readonly times?: Partial<Patience>;
  readonly answer?: (call: RawCall) => Promise<Answer>;
}

const ok = async (): Promise<Answer> => ({ status: 200, body: '{}' });

/** A server where a bearer token is the name of a user, and the method says what a request is paid for as. */
async function serve({ settings, times, answer = ok }: Setup): Promise<number> {
  const limits = createRequestLimits({ settings });
  const authenticate = authenticateFrom(async (authorization): Promise<Identity | undefined> => {
    const [, user] = /^Bearer (\w+)$/.exec(authorization ?? '') ?? [];
    return user === undefined || user === 'forged' ? undefined : { user, groups: [], project: 'default' };
  }, limits.addresses);
  const server = await startHttpsServer({
    leaving: new AbortController().signal,
    host: '127.0.0.1',
    port: 0,
    tls: { ...keys.server, clientCa: keys.ca },
    log: pino({ level: 'silent' }),
    limits,
    patience: { ...patience, lookEveryMs: 100, ...times },
    async answer(call) {
      const identity = await authenticate(call.headers.authorization, call.socket.remoteAddress ?? '');
      if (identity === undefined) throw unauthorized();
      await call.turn.enter(identity);
      call.turn.pay(
        (call.headers['x-activity'] as Activity | undefined) ?? 'read',
        Number(call.headers['content-length'] ?? 0),
      );
      return answer(call);
    },
  });
  onTestFinished(() => server.close());
  return server.port;
}

interface Got {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: { readonly [key: string]: unknown };
}

function get(port: number, user: string, options: object = {}, body?: Buffer): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { headers, ...rest } = options as { headers?: object };
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        ca: keys.ca,
        agent: false,
        ...rest,
        headers: { ...headers, authorization: `Bearer ${user}` },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: JSON.parse(text || '{}') as Got['body'],
          }),
        );
      },
    );
    sent.on('error', reject).end(body);
  });
}

async function open(port: number, localAddress?: string): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: keys.ca,
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** Resolves with what came, when the server has closed. */
async function closed(socket: TLSSocket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString()));
  socket.on('error', () => {});
  if (!socket.closed) await once(socket, 'close');
  return text;
}

const never = { perSecond: 0.001, burst: 2 };

test('one request too many is a 429 that says when to come back; others do not notice', async () => {
  const port = await serve({ settings: { standard: { read: never } } });
  expect((await get(port, 'alice')).status).toBe(200);
  expect((await get(port, 'alice')).status).toBe(200);
  const refused = await get(port, 'alice');
  expect(refused.status).toBe(429);
  expect(refused.headers['retry-after']).toBe('300');
  expect(refused.body).toMatchObject({
    kind: 'Status',
    status: 'Failure',
    reason: 'TooManyRequests',
    code: 429,
    details: { retryAfterSeconds: 300 },
  });
  expect((await get(port, 'alice', { headers: { 'x-activity': 'write' } })).status, 'another budget').toBe(200);
  expect((await get(port, 'bob')).status).toBe(200);
});

test('whoever does not stop asking is told late, and then cut off', async () => {
  const port = await serve({ settings: { standard: { read: never } } });
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: keys.ca });
  session.on('error', () => {});
  await once(session, 'connect');
  const startMs = performance.now();
  let toldAtOnce = 0;
  const ask = (): void => {
    const stream = session.request({ authorization: 'Bearer alice' });
    stream.on('error', () => {}).on('response', (headers) => void (toldAtOnce += Number(headers[':status'] === 429)));
  };
  for (let count = 0; count < 250; count += 1) ask();
  await expect.poll(() => toldAtOnce, { timeout: 60_000 }).toBeGreaterThanOrEqual(100);
  await expect.poll(() => toldAtOnce, { timeout: 60_000 }).toBe(248);
  expect(performance.now() - startMs).toBeGreaterThan(900);
  for (let count = 0; count < 400 && !session.destroyed; count += 1) ask();
  await new Promise((resolve) => session.once('close', resolve));
  expect((await get(port, 'bob')).status).toBe(200);
});

test('requests of nobody are limited by address; whoever shares it is not locked out', async () => {
  const port = await serve({ settings: { server: { anonymous: never } } });
  for (const status of [401, 401, 429, 429]) expect((await get(port, 'forged')).status).toBe(status);
  expect((await get(port, 'alice')).status).toBe(200);
  expect((await get(port, 'forged', { localAddress: '127.0.0.2' })).status).toBe(401);
});

test('requests of one identity wait for each other, not those of another', async () => {
  const inside: string[] = [];
  const going = Promise.withResolvers<void>();
  const port = await serve({
    settings: { standard: { requests: 2, waiting: 1 } },
    async answer({ headers }) {
      inside.push(headers.authorization ?? '');
      if (headers.authorization === 'Bearer alice') await going.promise;
      return ok();
    },
  });
  const asked = Array.from({ length: 4 }, () => get(port, 'alice'));
  const [refused] = await Promise.race(asked.map(async (each) => [await each] as const));
  expect(refused?.status).toBe(429);
  expect(inside).toHaveLength(2);
  expect((await get(port, 'bob')).status).toBe(200);
  going.resolve();
  expect((await Promise.all(asked)).map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
});

test('a slow body does not keep the turn of its identity, and does not take for ever', async () => {
  const port = await serve({
    settings: { standard: { requests: 1 } },
    times: { headersMs: 500, requestMs: 1_000 },
    answer: async (call) => ({ status: 200, body: JSON.stringify({ bytes: (await call.body()).length }) }),
  });
  const slow = await open(port);
  slow.write('POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\ncontent-length: 100\r\n\r\nabc');
  expect((await get(port, 'alice', { method: 'POST' }, Buffer.from('abc'))).body).toEqual({ bytes: 3 });
  expect(await closed(slow)).toMatch(/^HTTP\/1\.1 408 /);
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: keys.ca });
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':method': 'POST', authorization: 'Bearer alice' }, { endStream: false });
  stream.write('abc');
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  expect(headers[':status']).toBe(408);
});

test('huge bodies under way are counted', async () => {
  const port = await serve({
    settings: { standard: { waitingBytes: 1_500_000 } },
    answer: async (call) => ({ status: 200, body: JSON.stringify({ bytes: (await call.body()).length }) }),
  });
  const slow = await open(port);
  slow.write('POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\ncontent-length: 1000000\r\n\r\nabc');
  const body = Buffer.alloc(1_000_000);
  await expect.poll(async () => (await get(port, 'alice', { method: 'POST' }, body)).status).toBe(429);
  expect((await get(port, 'bob', { method: 'POST' }, body)).status).toBe(200);
  slow.destroy();
  await expect.poll(async () => (await get(port, 'alice', { method: 'POST' }, body)).status).toBe(200);
});

test('slow headers, idle connections and unfinished handshakes are not waited for', async () => {
  const port = await serve({ times: { headersMs: 500, keepAliveMs: 500, handshakeMs: 500 } });
  const slow = await open(port);
  slow.write('GET / HTTP/1.1\r\nhost: x\r\n');
  const drip = setInterval(() => slow.write('a: b\r\n'), 50);
  onTestFinished(() => clearInterval(drip));
  expect(await closed(slow)).toMatch(/^HTTP\/1\.1 408 |^$/);
  const idle = await open(port);
  idle.write('GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n\r\n');
  expect(await closed(idle)).toMatch(/^HTTP\/1\.1 200 /);
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: keys.ca });
  await once(session, 'close');
  const { connect: connectPlain } = await import('node:net');
  const dumb = connectPlain(port, '127.0.0.1').on('error', () => {});
  await once(dumb, 'close');
});

test('a client that does not read its answer is cut off, and held bytes come back', async () => {
  const ended = Promise.withResolvers<void>();
  const big = Buffer.alloc(30_000_000, 'x');
  const port = await serve({
    settings: { standard: { waitingBytes: 40_000_000, read: { perSecond: 10_000, burst: 10_000 } } },
    times: { stalledMs: 1_000 },
    async answer(call) {
      if (call.path === '/whole') return { status: 200, body: big };
      if (call.path === '/small') return ok();
      return {
        status: 200,
        async body(out) {
          while (out.write(big.subarray(0, 1_000_000)) || !call.signal().aborted) {
            await out.drained();
            if (call.signal().aborted) break;
          }
          ended.resolve();
        },
      };
    },
  });
  const whole = await open(port);
  whole.pause().write('GET /whole HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n\r\n');
  const stream = await open(port);
  stream.pause().write('GET /stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n\r\n');
  await ended.promise;
  expect((await closed(stream.resume())).length).toBeLessThan(20_000_000);
  expect((await closed(whole.resume())).length).toBeLessThan(20_000_000);
  // As long as the first is there, the second has no room.
  const third = await open(port);
  third.pause().write('GET /whole HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n\r\n');
  await expect.poll(async () => (await get(port, 'alice', { path: '/small' })).status).toBe(200);
  await expect(get(port, 'alice', { path: '/whole' }).then(({ body }) => body)).rejects.toThrow();
});

test('connections are limited by address, before the handshake, and by identity', async () => {
  const port = await serve({ settings: { server: { connectionsPerAddress: 3 }, standard: { connections: 2 } } });
  const speak = (socket: TLSSocket): Promise<string> => {
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n\r\n');
    return once(socket, 'data').then(([chunk]) => String(chunk).slice(0, 12));
  };
  const sockets = [await open(port), await open(port), await open(port)];
  await expect(open(port)).rejects.toThrow();
  const other = await open(port, '127.0.0.2');
  expect(await Promise.all(sockets.slice(0, 2).map(speak))).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  expect(await speak(other)).toBe('HTTP/1.1 429');
  sockets[0]?.destroy();
  await expect.poll(() => speak(other)).toBe('HTTP/1.1 200');
});

test('streams that are opened and taken back end their connection', async () => {
  const port = await serve({ settings: { standard: { read: { perSecond: 1e6, burst: 1e6 } } } });
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: keys.ca });
  session.on('error', () => {});
  await once(session, 'connect');
  let taken = 0;
  const reset = (): void => {
    if (session.destroyed || session.closed) return;
    const streams = Array.from({ length: 20 }, () => session.request({ authorization: 'Bearer alice' }));
    for (const stream of streams) stream.on('error', () => {});
    // Only once they are on their way.
    setImmediate(() => {
      for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
      taken += streams.length;
      setImmediate(reset);
    });
  };
  reset();
  await new Promise((resolve) => session.once('close', resolve));
  expect(taken).toBeGreaterThan(900);
  expect(taken).toBeLessThan(5_000);
  expect((await get(port, 'bob')).status).toBe(200);
});

test('a URL or header that is too long is refused', async () => {
  const port = await serve({});
  expect((await get(port, 'alice', { path: `/${'x'.repeat(8 * 1024)}` })).status).toBe(414);
  const long = await open(port);
  long.write(`GET / HTTP/1.1\r\nhost: x\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await closed(long)).toMatch(/^HTTP\/1\.1 431 /);
});
