import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { testToken, remoteTestGateway, send, testGateway } from '../test/support/gateway.ts';

const introspection = '{ __schema { queryType { name } } }';

test('without a token nothing is answered, introspection included', async () => {
  const { url } = await testGateway();
  for (const authorization of ['', 'Bearer wrong', 'Basic dXNlcjpwYXNz', 'Bearer']) {
    const { status, data, errors } = await send(url, introspection, {}, { authorization });
    expect(status, authorization).toBe(401);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      retryable: false,
      requestId: expect.any(String) as string,
    });
  }
  for (const accept of ['text/event-stream', 'application/graphql-response+json', 'text/html']) {
    const response = await fetch(`${url}?query=${encodeURIComponent(introspection)}`, { headers: { accept } });
    expect(response.status, accept).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  }
});

test('a WebSocket without a token in connection_init is closed with 4401', async () => {
  const { url } = await testGateway();
  const wrong = [
    undefined,
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 1 },
    { token: 'test-token-0123456789' },
  ];
  for (const connectionParams of wrong) {
    const closed = await new Promise<{ code: number }>((resolve) => {
      const client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(connectionParams === undefined ? {} : { connectionParams }),
        on: { closed: (event) => resolve(event as { code: number }) },
      });
      client.subscribe(
        { query: introspection },
        { next: () => resolve({ code: 0 }), error: () => {}, complete: () => {} },
      );
    });
    expect(closed.code, JSON.stringify(connectionParams)).toBe(4401);
  }
});

test('only the health paths are open, and readiness tells the truth', async () => {
  let problem: string | undefined;
  const { url } = await testGateway({ notReady: () => problem });
  const at = async (path: string): Promise<[number, string]> => {
    const response = await fetch(new URL(path, url));
    return [response.status, await response.text()];
  };
  expect(await at('/livez')).toEqual([200, 'ok']);
  expect(await at('/readyz')).toEqual([200, 'ok']);
  problem = 'Postgres is away';
  expect(await at('/livez')).toEqual([200, 'ok']);
  expect(await at('/readyz')).toEqual([503, 'Postgres is away']);
  for (const path of ['/', '/healthcheck', '/readiness', '/metrics']) expect((await at(path))[0], path).toBe(404);
});

test('reaching the port of a subgraph gives no rights', async () => {
  const { subgraphUrls } = await remoteTestGateway();
  expect([...subgraphUrls.keys()].toSorted()).toEqual(['compute', 'core', 'networking']);
  for (const url of subgraphUrls.values()) {
    expect((await send(url, '{ _service { sdl } }', {}, { authorization: '' })).status).toBe(401);
    expect((await send(url, '{ _service { sdl } }')).status, 'even the right token').toBe(401);
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const code = await new Promise((resolve) => {
      const payload = { authorization: `Bearer ${testToken}`, text: '{}', signature: '1.x' };
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
      socket.on('close', resolve);
    });
    expect(code).toBe(4401);
  }
});
