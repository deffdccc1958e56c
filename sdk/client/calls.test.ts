import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { testGateway, testToken } from '../../test/support/gateway.ts';
import { createDatum } from './create-datum.ts';
import { ConnectionError, RequestError, UnauthenticatedError } from './errors.ts';
import type { ClientOptions } from './options.ts';
import type { Span } from './tracing.ts';

const retry = { baseDelayMs: 1, maxDelayMs: 5 };
const key = { namespace: 'default', name: 'a' } as const;

type Meddle = (request: { readonly body: string; readonly count: number }) => 'pass' | 'lose' | 'break' | number;

/** A gateway behind a proxy that passes requests on, loses them, loses their answers, or answers itself. */
async function start(meddle: Meddle, options: Partial<ClientOptions> = {}) {
  const gateway = await testGateway();
  const seen: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ headers: request.headers, body });
    const what = meddle({ body, count: seen.length });
    if (what === 'lose') return request.socket.destroy();
    if (typeof what === 'number') return response.writeHead(what, { 'retry-after': '0' }).end('not now');
    const { authorization = '' } = request.headers;
    const answer = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body,
    });
    const text = await answer.text();
    if (what === 'break') return request.socket.destroy();
    return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/graphql`;
  return { seen, datum: createDatum({ url, token: testToken, retry, ...options }), gateway };
}

test('a query is sent again until it is answered, but not for ever', async () => {
  const { datum, seen } = await start(({ count }) => (count === 1 ? 'lose' : count === 2 ? 503 : 'pass'));
  expect(await datum.configMaps.find(key)).toBeUndefined();
  expect(seen).toHaveLength(3);
  const never = await start(() => 'lose');
  await expect(never.datum.configMaps.find(key)).rejects.toThrow(ConnectionError);
  expect(never.seen).toHaveLength(4);
});

test('a create whose answer is lost is made once, and answered as made', async () => {
  const { datum, seen } = await start(({ count }) => (count <= 2 ? 'break' : 'pass'));
  const { object } = await datum.configMaps.create({ metadata: { namespace: 'default', generateName: 'a-' } });
  expect(seen.map(({ body }) => JSON.parse(body).variables.idempotencyKey)).toEqual(
    Array(3).fill(expect.stringMatching(/^[0-9a-f-]{36}$/)),
  );
  const all = await datum.configMaps.list({ namespace: 'default' }).all();
  expect(all.map(({ metadata }) => metadata.name)).toEqual([object.metadata.name]);
});

test('other writes are not sent again when nobody knows whether they were done', async () => {
  const { datum, seen } = await start(({ body }) => (body.includes('mutation Create') ? 'pass' : 'break'));
  await datum.configMaps.create({ metadata: key });
  await expect(datum.configMaps.update(key, { data: { a: 'b' } })).rejects.toThrow(ConnectionError);
  await expect(datum.configMaps.apply({ metadata: key, data: { a: 'c' } })).rejects.toThrow(ConnectionError);
  await expect(datum.configMaps.delete(key)).rejects.toThrow(ConnectionError);
  expect(seen).toHaveLength(4);
  await expect(datum.configMaps.delete(key, { dryRun: true })).rejects.toThrow(ConnectionError);
  expect(seen, 'what changes nothing is').toHaveLength(8);
});

test('what is refused before it is looked at is sent again, whatever it is', async () => {
  const { datum, seen } = await start(({ count }) => (count === 2 ? 429 : 'pass'));
  await datum.configMaps.create({ metadata: key });
  await datum.configMaps.update(key, { data: { a: 'b' } });
  expect(seen).toHaveLength(3);
});

test('an answer of somebody else on the way is an error with its status', async () => {
  const { datum } = await start(() => 418);
  const failed = datum.configMaps.find(key);
  await expect(failed).rejects.toThrow(RequestError);
  await expect(failed).rejects.toMatchObject({ code: 'HTTP_418', status: 418 });
});

test('a token is asked for once, and anew when it is refused', async () => {
  const asked: boolean[] = [];
  const token = async ({ refresh }: { refresh: boolean }): Promise<string> => {
    asked.push(refresh);
    return refresh ? testToken : 'expired';
  };
  const { datum } = await start(() => 'pass', { token });
  await Promise.all([
    datum.configMaps.find(key),
    datum.configMaps.find(key),
    datum.namespaces.find({ name: 'default' }),
  ]);
  await datum.configMaps.create({ metadata: key });
  expect(asked).toEqual([false, true]);
});

test('a caller that the server does not know is told so', async () => {
  const { datum } = await start(() => 'pass', { token: 'nobody' });
  await expect(datum.configMaps.find(key)).rejects.toThrow(UnauthenticatedError);
  const anyone = await start(() => 'pass', { token: () => 'still nobody' });
  await expect(anyone.datum.configMaps.find(key)).rejects.toThrow(UnauthenticatedError);
});

test('a watch asks for another token when its own is refused, and ends when there is none', async () => {
  const gateway = await testGateway();
  const given = ['expired', testToken];
  const datum = createDatum({ url: gateway.url, token: () => given.shift() ?? '', retry });
  onTestFinished(() => datum.close());
  const { value } = await datum.configMaps.watch().next();
  expect(value?.type).toBe('BOOKMARK');
  const nobody = createDatum({ url: gateway.url, token: () => 'nobody', retry });
  await expect(nobody.configMaps.watch().next()).rejects.toThrow(UnauthenticatedError);
});

test('a call ends when it is aborted, and when it takes too long', async () => {
  const { datum } = await start(() => 'lose', { retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 } });
  const stop = new AbortController();
  const waiting = datum.configMaps.find({ ...key, signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const slow = createDatum({ url, timeoutMs: 50, retry: { attempts: 2, baseDelayMs: 1 } });
  await expect(slow.configMaps.find(key)).rejects.toThrow('no answer within 50 ms');
});

test('each call is a span, and the server is told of which trace', async () => {
  const spans: unknown[] = [];
  const tracer = {
    startSpan(name: string, options: object = {}): Span {
      const span: Record<string, unknown> = { name, ...options };
      spans.push(span);
      return {
        setAttribute: (attribute, value) => void (span[attribute] = value),
        recordException: (error) => void (span['exception'] = error.message),
        setStatus: ({ code }) => void (span['status'] = code),
        spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
        end: () => void (span['ended'] = true),
      };
    },
  };
  const { datum, seen } = await start(({ count }) => (count === 1 ? 'lose' : 'pass'), { tracer });
  await datum.configMaps.find(key);
  await expect(datum.configMaps.get(key)).rejects.toThrow('does not exist');
  await expect(datum.execute('{ nothing }')).rejects.toThrow();
  expect(seen[0]?.headers['traceparent']).toBe(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
  expect(spans).toMatchObject([
    { name: 'datum configMaps.get', kind: 2, 'datum.attempt': 2, ended: true },
    { name: 'datum configMaps.get', ended: true },
    { name: 'datum execute', ended: true, status: 2, exception: expect.stringContaining('nothing') },
  ]);
});

test('a project is named with every request and watch', async () => {
  const { datum, seen, gateway } = await start(() => 'pass', { project: 'shop' });
  await datum.configMaps.find(key);
  expect(seen[0]?.headers['datum-project']).toBe('shop');
  const other = createDatum({ url: gateway.url, token: testToken, project: 'nowhere', retry });
  await expect(other.configMaps.find(key)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
  await expect(other.configMaps.watch().next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
