import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { certificates, type Certificates } from '../../cli/certificates.ts';
import { patience } from '../../access/limits/listening.ts';
import { createRequestLimits } from '../../access/limits/request-limits.ts';
import { badRequest } from '../status/refusals.ts';
import type { Answer } from './call.ts';
import { maxBodyBytes } from './read-body.ts';
import type { RawCall } from './raw-call.ts';
import { startHttpsServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'datum-tls-'));
let keys: Certificates;
beforeAll(async () => void (keys = await certificates(folder, '127.0.0.1')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function serve(
  answer: (call: RawCall) => Promise<Answer>,
): Promise<{ port: number; close: () => Promise<void> }> {
  const tls = { ...keys.server, clientCa: keys.ca };
  const log = pino({ level: 'silent' });
  const limits = createRequestLimits();
  const server = await startHttpsServer({
    leaving: new AbortController().signal,
    host: '127.0.0.1',
    port: 0,
    tls,
    answer,
    log,
    limits,
    patience,
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await server.close();
    closed = true;
  };
  onTestFinished(close);
  return { port: server.port, close };
}

interface Got {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

function get(port: number, path: string, options: object = {}, body?: Buffer): Promise<Got> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, ca: keys.ca, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    call.on('error', reject).end(body);
  });
}

const echo = async (call: RawCall): Promise<Answer> => ({
  status: 200,
  warnings: ['a "quoted" one', 'ümlaut'],
  body: JSON.stringify({ path: call.path, query: [...call.query], bytes: (await call.body()).length }),
});

test('answers over HTTP/1.1 with the headers that clients look at', async () => {
  const { port } = await serve(echo);
  const got = await get(port, '/a/b?x=1&x=2', { method: 'POST' }, Buffer.from('abc'));
  expect(JSON.parse(got.body)).toEqual({ path: '/a/b', query: [['x', '1'], ['x', '2']], bytes: 3 }); // prettier-ignore
  expect(got.headers).toMatchObject({
    'cache-control': 'no-cache, private',
    'content-type': 'application/json',
    'audit-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    warning: '299 - "a \\"quoted\\" one", 299 - "\\u00fcmlaut"',
  });
});

test('answers and streams over HTTP/2', async () => {
  const { port } = await serve(async (call) =>
    call.path === '/stream'
      ? {
          status: 200,
          async body(out) {
            out.write('one\n');
            await out.drained();
            out.write('two\n');
          },
        }
      : echo(call),
  );
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: keys.ca });
  onTestFinished(() => session.destroy());
  const ask = async (path: string): Promise<string> => {
    const stream = session.request({ ':path': path });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await once(stream, 'end');
    return text;
  };
  const [plain, streamed] = await Promise.all([ask('/x'), ask('/stream')]);
  expect(JSON.parse(plain)).toMatchObject({ path: '/x' });
  expect(streamed).toBe('one\ntwo\n');
  expect(session.alpnProtocol).toBe('h2');
});

test('a refusal is a Status; a fault of ours is masked', async () => {
  const { port } = await serve(async ({ path }) => {
    throw path === '/bad' ? badRequest('no') : new Error('the secret is xyzzy');
  });
  expect(JSON.parse((await get(port, '/bad')).body)).toMatchObject({ kind: 'Status', code: 400, message: 'no' });
  const fault = await get(port, '/fault');
  expect(fault.status).toBe(500);
  expect(fault.body).not.toContain('xyzzy');
});

test('a body beyond the limit is refused, told beforehand or not', async () => {
  const { port } = await serve(echo);
  const body = Buffer.alloc(maxBodyBytes + 1);
  expect((await get(port, '/', { method: 'POST' }, body)).status).toBe(413);
  const chunked = await get(port, '/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, body);
  expect(chunked.status).toBe(413);
  expect((await get(port, '/', { method: 'POST' }, body.subarray(1))).status).toBe(200);
});

test('a stream learns that its client is gone, and ends when the server stops', async () => {
  const ended: string[] = [];
  const opened: (() => void)[] = [];
  const { port, close } = await serve(async ({ signal, path }) => ({
    status: 200,
    async body(out) {
      out.write('open\n');
      opened.shift()?.();
      if (!signal().aborted) await once(signal(), 'abort');
      ended.push(path);
    },
  }));
  const open = async (path: string): Promise<ReturnType<typeof request>> => {
    const inside = new Promise<void>((resolve) => opened.push(resolve));
    const call = request({ host: '127.0.0.1', port, path, ca: keys.ca }).on('error', () => {});
    call.on('response', (response) => response.resume().on('error', () => {}));
    call.end();
    await inside;
    return call;
  };
  const first = await open('/first');
  await open('/second');
  first.destroy();
  await expect.poll(() => ended).toEqual(['/first']);
  await close();
  expect(ended).toEqual(['/first', '/second']);
});

test('a client certificate says who somebody is; one of another authority does not', async () => {
  const other = await certificates(join(folder, 'other'), '127.0.0.1');
  const { port } = await serve(async ({ socket }) => ({ status: 200, body: JSON.stringify(socket.authorized) }));
  const mine = { cert: keys.admin.cert, key: keys.admin.key };
  expect((await get(port, '/', mine)).body).toBe('true');
  expect((await get(port, '/', { cert: other.admin.cert, key: other.admin.key })).body).toBe('false');
});
