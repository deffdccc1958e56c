import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { expect, test, onTestFinished } from 'vitest';
import { testGateway } from '../test/support/gateway.ts';
import { consoleFiles } from './console-files.ts';

const html = '<!doctype html><title>console</title>';
const script = 'export const text = "a script";'.repeat(20);

function builtConsole(): string {
  const folder = mkdtempSync(join(tmpdir(), 'datum-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), html);
  writeFileSync(join(folder, 'assets', 'main-abc.js'), script);
  writeFileSync(join(folder, 'assets', 'main-abc.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, '.sources'), 'a hash');
  return folder;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Serves a console that was built, and 404 for all else. */
async function serve() {
  const serveConsole = consoleFiles(builtConsole());
  const server = createServer((asked, response) => {
    if (serveConsole?.(asked, response) !== true) response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  // Not fetch, which unpacks what is compressed and straightens paths.
  return async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<Answer>((resolve, reject) => {
      const asked = request({ port, path, method, headers, host: '127.0.0.1' }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        );
      });
      asked.on('error', reject).end();
    });
}

const page = { accept: 'text/html,application/xhtml+xml' };

test('files with a hash are kept for ever, the page is asked for each time', async () => {
  const get = await serve();
  const file = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip, deflate, br' });
  expect(file.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
    vary: 'accept-encoding',
  });
  expect(brotliDecompressSync(file.body).toString()).toBe(script);
  expect((await get('/assets/main-abc.js')).body.toString()).toBe(script);

  const first = await get('/', page);
  expect(first).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
  expect(await get('/', { ...page, 'if-none-match': String(first.headers['etag']) })).toMatchObject({ status: 304 });
  expect((await get('/', page, 'HEAD')).body).toHaveLength(0);
});

test('every path of a page shows the console, and none of the API', async () => {
  const get = await serve();
  for (const path of ['/', '/?ns=default', '/resources/workloads/default/web?tab=yaml', '/p/edge/', '/no/such/page'])
    expect((await get(path, page)).body.toString(), path).toBe(html);
  const ofApi = [
    '/graphql',
    '/graphql/x',
    '/healthz',
    '/livez',
    '/readyz',
    '/metrics',
    '/projects/edge/graphql',
    '/apis',
  ];
  for (const path of [...ofApi, '/assets/gone-abc.js']) expect((await get(path, page)).status, path).toBe(404);
  expect((await get('/resources/workloads')).status, 'a program does not take pages').toBe(404);
  expect((await get('/', page, 'POST')).status).toBe(404);
});

test('nothing outside of the console can be read', async () => {
  const get = await serve();
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/../../etc/passwd',
    '/.sources',
    '//etc/passwd',
  ])
    expect((await get(path)).status, path).toBe(404);
});

test('everybody is told how to sign in, and pages may talk to these providers alone', async () => {
  const login = { issuer: 'https://id.example/realms/acme', clientId: 'datum', name: 'Acme', scope: 'openid' } as const;
  const consoleLogins = [{ ...login, use: 'id_token', origins: ['https://oauth2.example'] } as const];
  const { url } = await testGateway({ consoleFolder: builtConsole(), consoleLogins });
  const response = await fetch(new URL('/sign-in.json', url));
  expect(await response.json()).toEqual({ providers: [{ ...login, use: 'id_token' }] });
  const policy = response.headers.get('content-security-policy')?.split('; ');
  expect(policy).toContain("connect-src 'self' https://id.example https://oauth2.example");
  expect(policy).toContain("default-src 'none'");
});

test('without a console that was built there is none', () => {
  expect(consoleFiles(join(tmpdir(), 'no-such-folder'))).toBeUndefined();
});
