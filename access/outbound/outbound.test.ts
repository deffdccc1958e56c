import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { addressRule } from './address-rules.ts';
import { fetchOutbound, type OutboundRequest, type OutboundRules } from './fetch-outbound.ts';
import type { ResolveAll } from './pinned-lookup.ts';

/** A server on loopback; answers its port and what reached it. */
async function serve(listener: RequestListener): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.headers.host} ${request.url} ${request.headers.authorization ?? '-'}`);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

/** Loopback stands for the internet: the only way to have servers in a test. */
const loopback = addressRule(['127.0.0.0/8']);
const names =
  (of: Readonly<Record<string, string | readonly string[]>>): ResolveAll =>
  async (hostname) =>
    [of[hostname] ?? []].flat().map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const rules: OutboundRules = {
  allows: loopback,
  allowsHttp: true,
  resolve: names({ 'good.example': '127.0.0.1', 'other.example': '127.0.0.1' }),
};
const ask = (url: string, more: Partial<OutboundRules> = {}, request: OutboundRequest = {}) =>
  fetchOutbound(url, request, { ...rules, ...more });

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001:0:1::',
  'fd00:ec2::254',
  'fc00::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'not an address',
  '',
])('%s is no address of the internet', (address) => {
  expect(addressRule()(address)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is one', (address) => {
  expect(addressRule()(address)).toBe(true);
});

test('ranges can be allowed, but never those that hand out credentials', () => {
  const allows = addressRule(['10.0.0.0/8', '169.254.0.0/16', 'fd00::/8']);
  expect(['10.1.1.1', '169.254.1.1', 'fd00::1', '::ffff:10.1.1.1'].map(allows)).toEqual([true, true, true, true]);
  expect(['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '192.168.0.1'].some(allows)).toBe(false);
  expect(() => addressRule(['10.0.0.0'])).toThrow('range');
  expect(() => addressRule(['x/8'])).toThrow('range');
});

test('what is allowed is asked, and answers', async () => {
  const { port, seen } = await serve((request, response) => {
    request.pipe(response.writeHead(201, { 'x-own': '1' }));
  });
  const answer = await ask(`http://good.example:${port}/a?b=1`, {}, { method: 'POST', body: 'hello' });
  expect([answer.status, answer.headers['x-own'], String(answer.body)]).toEqual([201, '1', 'hello']);
  expect(seen).toEqual([`POST good.example:${port} /a?b=1 -`]);
});

test.each([
  'file:///etc/passwd',
  'ftp://good.example/',
  'gopher://good.example/',
  'http://user:password@good.example/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://a.localhost/',
  'http://metadata.google.internal/computeMetadata/v1/',
  'http://metadata.google.internal./',
  'http://metadata/',
  'http://[::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://10.0.0.1/',
  'http://0x0a000001/',
  'http://167772161/',
  'http://10.1/',
  'http://012.0.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  '//good.example/',
  'nonsense',
  '',
])('%s is refused', async (url) => {
  await expect(ask(url)).rejects.toThrow(expect.objectContaining({ name: 'RefusedUrl' }) as Error);
});

test('plain HTTP is refused unless it is allowed', async () => {
  await expect(ask('http://good.example/', { allowsHttp: false })).rejects.toThrow('http:// is not allowed');
});

test('a name is judged by all of its addresses, which the message does not tell', async () => {
  const { port, seen } = await serve((_request, response) => void response.end('secret'));
  const resolve = names({
    'inner.example': '10.0.0.1',
    'mixed.example': ['127.0.0.1', '10.0.0.1'],
    'none.example': [],
  });
  for (const name of ['inner', 'mixed', 'none', 'unknown']) {
    const refused = ask(`http://${name}.example:${port}/`, { resolve });
    await expect(refused, name).rejects.toThrow('not allowed');
    await expect(refused, name).rejects.not.toThrow('10.0');
  }
  expect(seen).toEqual([]);
});

test('a name that changes its address between look-ups gains nothing', async () => {
  const inside = await serve((_request, response) => void response.end('secret'));
  let asked = 0;
  // First an allowed address, then always a forbidden one: whoever resolves twice connects to the second.
  const resolve: ResolveAll = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
  expect(String((await ask(`http://rebind.example:${inside.port}/`, { resolve })).body)).toBe('secret');
  expect(asked).toBe(1);
  await expect(ask(`http://rebind.example:${inside.port}/`, { resolve })).rejects.toThrow('not allowed');
  // The other way round: judged as forbidden, however often it would be allowed later.
  let turn = 0;
  const back: ResolveAll = async () => [{ address: turn++ === 0 ? '10.0.0.1' : '127.0.0.1', family: 4 }];
  await expect(ask(`http://rebind.example:${inside.port}/`, { resolve: back })).rejects.toThrow('not allowed');
  expect(inside.seen).toHaveLength(1);
});

test('each redirect is judged anew', async () => {
  const target = await serve((_request, response) => void response.end('secret'));
  for (const location of [
    'http://10.0.0.1/',
    'http://inner.example/',
    'http://metadata.google.internal/',
    'file:///etc/passwd',
    'http://169.254.169.254/',
  ]) {
    const { port } = await serve((_request, response) => void response.writeHead(302, { location }).end());
    const resolve = names({ 'good.example': '127.0.0.1', 'inner.example': '10.0.0.1' });
    await expect(ask(`http://good.example:${port}/`, { resolve }), location).rejects.toThrow('not allowed');
  }
  const { port } = await serve((request, response) => {
    const location = request.url === '/other' ? `http://other.example:${target.port}/end` : '/other';
    response.writeHead(request.url === '/other' ? 307 : 303, { location }).end();
  });
  const headers = { authorization: 'Bearer mine' };
  const answer = await ask(`http://good.example:${port}/`, {}, { method: 'POST', body: 'x', headers });
  expect(String(answer.body)).toBe('secret');
  expect(target.seen, 'without credentials at another origin').toEqual([`GET other.example:${target.port} /end -`]);
  const loop = await serve((_request, response) => void response.writeHead(302, { location: '/' }).end());
  await expect(ask(`http://good.example:${loop.port}/`)).rejects.toThrow('redirects too often');
  expect(loop.seen).toHaveLength(4);
});

test('an answer that is too large or too slow is not taken', async () => {
  const { port } = await serve((request, response) => {
    if (request.url === '/slow') return void response.write('a');
    const more = (): void => void (response.destroyed || response.write('x'.repeat(10_000), more));
    more();
  });
  await expect(ask(`http://good.example:${port}/`, { maxBytes: 100_000 })).rejects.toThrow('more than 100000 bytes');
  await expect(ask(`http://good.example:${port}/slow`, { timeoutMs: 200 })).rejects.toThrow('took too long');
  await expect(ask('http://good.example:1/')).rejects.toThrow('cannot be reached');
});
