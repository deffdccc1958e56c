import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createGcpClient, type GcpClientOptions } from './client.ts';
import { GcpError } from './errors.ts';
import { defaultLimits, noLimits } from './limits.ts';
import type { CallReport } from './transport.ts';

/** The client in front of a server that answers as told. */
async function clientOf(answer: RequestListener, options: GcpClientOptions = {}) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createGcpClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    limits: noLimits,
    ...options,
  });
  onTestFinished(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

const get = { project: 'p', network: 'n' };

async function failureOf(call: Promise<unknown>): Promise<GcpError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GcpError);
  return error as GcpError;
}

test('a call is one request, with the API version and what it has to say', async () => {
  const seen: string[] = [];
  const client = await clientOf((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
      expect(request.headers['x-goog-api-version']).toMatch(/^\d{4}-\d\d-\d\d$/);
      response.end('{"name":"op","status":"DONE"}');
    });
  });
  const { data } = await client.compute.networks.insert({
    project: 'p',
    requestId: 'r',
    requestBody: { name: 'n', mtu: 1460 },
  });
  expect(data).toEqual({ name: 'op', status: 'DONE' });
  expect(seen).toEqual([
    'POST /compute/v1/projects/p/global/networks?requestId=r application/json {"name":"n","mtu":1460}',
  ]);
});

test('compressed answers are read', async () => {
  const client = await clientOf((request, response) => {
    expect(request.headers['accept-encoding']).toContain('gzip');
    response.setHeader('content-encoding', 'gzip').end(gzipSync('{"name":"n"}'));
  });
  expect((await client.compute.networks.get(get)).data).toEqual({ name: 'n' });
});

test.each<[string, RequestListener, string, string]>([
  ['half a body', (_, response) => response.end('{"name":'), 'transient', 'truncatedAnswer'],
  ['no object', (_, response) => response.end('"text"'), 'transient', 'truncatedAnswer'],
  ['a page of HTML', (_, response) => response.writeHead(503).end('<html>'), 'transient', 'HTTP 503'],
  ['a connection that is cut', (request) => request.socket.destroy(), 'transient', 'ECONNRESET'],
  [
    'an answer that is cut',
    (_, response) => response.writeHead(200, { 'content-length': '99' }).write('{', () => response.socket?.destroy()),
    'transient',
    'ECONNRESET',
  ],
  ['silence', () => {}, 'transient', 'ETIMEDOUT'],
  [
    'a refusal',
    (_, response) => response.writeHead(403).end('{"error":{"errors":[{"reason":"forbidden"}],"message":"no"}}'),
    'permission',
    'forbidden',
  ],
])('%s is an error of its class', async (_, answer, faultClass, code) => {
  const client = await clientOf(answer, { timeoutMs: 200 });
  const { fault } = await failureOf(client.compute.networks.get(get));
  expect(fault).toMatchObject({
    class: faultClass,
    code: expect.stringMatching(code === 'ECONNRESET' ? /ECONNRESET|ERR_STREAM_PREMATURE_CLOSE/ : code) as string,
  });
});

test('nothing is sent twice', async () => {
  let count = 0;
  const client = await clientOf((_, response) => {
    count += 1;
    response.writeHead(503).end();
  });
  for (const call of [() => client.compute.networks.get(get), () => client.compute.networks.delete(get)])
    await failureOf(call());
  expect(count).toBe(2);
});

test('an error holds nothing of what was sent', async () => {
  const client = await clientOf(
    (_, response) => response.writeHead(400).end('{"error":{"errors":[{"reason":"invalid"}],"message":"bad"}}'),
    {
      credentials: async () => ({ authorization: 'Bearer t0ken' }),
    },
  );
  const data = Buffer.from('hunter2').toString('base64');
  const error = await failureOf(
    client.secrets.projects.secrets.addVersion({ parent: 'projects/p/secrets/s', requestBody: { payload: { data } } }),
  );
  for (const secret of [data, 'hunter2', 't0ken'])
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(secret);
});

test('a caller can give up', async () => {
  const client = await clientOf(() => {});
  const controller = new AbortController();
  const call = client.compute.networks.get(get, { signal: controller.signal });
  setImmediate(() => controller.abort());
  expect((await failureOf(call)).fault.code).toBe('ABORT_ERR');
});

test('what Google throttles is not sent again before the window is over, and what our limit forbids is not sent', async () => {
  let count = 0;
  const client = await clientOf(
    (_, response) => {
      count += 1;
      response
        .writeHead(403)
        .end('{"error":{"errors":[{"reason":"rateLimitExceeded"}],"message":"Rate Limit Exceeded"}}');
    },
    { limits: { ...defaultLimits, globalWrites: 0 } },
  );
  const first = await failureOf(client.compute.networks.get(get));
  const second = await failureOf(client.compute.networks.get(get));
  const write = await failureOf(client.compute.networks.delete(get));
  expect(count).toBe(1);
  for (const { fault, retryAfterMs } of [first, second, write]) {
    expect(fault.class).toBe('throttle');
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThan(62_000);
  }
});

test('each call is reported, without its query', async () => {
  const reports: CallReport[] = [];
  const client = await clientOf(
    (request, response) => response.writeHead(request.method === 'GET' ? 200 : 409).end('{}'),
    {
      onCall: (report) => reports.push(report),
    },
  );
  await client.compute.networks.get(get);
  await failureOf(client.compute.networks.delete({ ...get, requestId: 'r' }));
  const path = '/compute/v1/projects/p/global/networks/n';
  expect(reports).toMatchObject([
    { method: 'GET', path, status: 200 },
    { method: 'DELETE', path, status: 409, code: 'HTTP 409' },
  ]);
});
