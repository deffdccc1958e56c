import { type ClientHttp2Session, connect } from 'node:http2';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/graphql.ts';
import { freshNamespace, serverOfFile } from './support/server.ts';

const server = serverOfFile();

function session(): ClientHttp2Session {
  const { url, ca } = server();
  const connection = connect(url, { ca });
  onTestFinished(() => connection.destroy());
  return connection;
}

/** Sends one request on a connection and reads its whole answer. */
function ask(
  connection: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const stream = connection.request({ authorization: `Bearer ${server().token}`, ...headers });
    let status = 0;
    let text = '';
    stream.on('response', (answer) => void (status = Number(answer[':status'])));
    stream.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    stream.on('error', reject);
    stream.on('end', () => resolve({ status, text }));
    stream.end(body);
  });
}

describe('33 the connection', () => {
  it('speaks HTTP/2, and carries many watches at once', async () => {
    const connection = session();
    const namespace = await freshNamespace(server());
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const seen = Array.from({ length: 200 }, () => '');
    for (const [index] of seen.entries()) {
      const stream = connection.request({
        authorization: `Bearer ${server().token}`,
        ':path': `${path}?watch=true&resourceVersion=0`,
      });
      stream.on('data', (chunk: Buffer) => void (seen[index] += chunk.toString()));
    }
    expect((await ask(connection, { ':path': '/version' })).status).toBe(200);
    const body = JSON.stringify({ metadata: { name: 'c' } });
    const created = await ask(
      connection,
      { ':method': 'POST', ':path': path, 'content-type': 'application/json' },
      body,
    );
    expect(created.status).toBe(201);
    await eventually(
      async () => seen.filter((text) => text.startsWith('{"type":"ADDED"')).length,
      (count) => count === seen.length,
    );
  });

  it('outlives bodies that nobody reads', async () => {
    const connection = session();
    // Together many times what a connection may have under way.
    const body = JSON.stringify({ pad: 'x'.repeat(60_000) });
    for (const path of ['/api/v1/namespaces/default/pods', '/nothing', '/apis/x.example.com/v1/things']) {
      for (let times = 0; times < 40; times += 1) {
        const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/json' };
        expect((await ask(connection, headers, body)).status).toBe(404);
      }
    }
    expect((await ask(connection, { ':path': '/version' })).status).toBe(200);
  });

  it('answers in gzip when asked, and 304 when nothing changed', async () => {
    for (const path of ['/openapi/v2', '/openapi/v3', '/api', '/apis']) {
      const plain = await server().call({ path });
      const packed = await server().call({ path, headers: { 'accept-encoding': 'gzip' } });
      if (packed.headers['content-encoding'] === 'gzip') {
        expect(gunzipSync(packed.raw).equals(plain.raw), path).toBe(true);
      } else expect(packed.raw.equals(plain.raw), path).toBe(true);
    }
    const document = await server().call({ path: '/openapi/v2', headers: { 'accept-encoding': 'gzip' } });
    expect(document.headers['content-encoding']).toBe('gzip');
    const discovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    for (const [path, accept] of [
      ['/openapi/v2', 'application/json'],
      ['/openapi/v3', 'application/json'],
      ['/api', discovery],
      ['/apis', discovery],
    ] as const) {
      const first = await server().call({ path, headers: { accept } });
      const again = await server().call({ path, headers: { accept, 'if-none-match': String(first.headers['etag']) } });
      expect([path, first.status, again.status, again.raw.length]).toEqual([path, 200, 304, 0]);
    }
  });
});
