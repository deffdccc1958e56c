import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Store } from '../store/types.ts';
import { remoteTestGateway, testGateway, testToken } from '../test/support/gateway.ts';
import { eventually } from '../test/support/graphql.ts';
import { testStore } from '../test/support/store.ts';

const authorization = `Bearer ${testToken}`;
/** One that brings its state at once, and one that never brings anything after its start. */
const watches = [
  'subscription { watchNetworks { type } }',
  'subscription ($from: String) { watchConfigMaps(from: $from) { type } }',
];

test.each([
  ['in one process', testGateway],
  ['with subgraphs behind WebSocket', remoteTestGateway],
])('a thousand watches, opened and closed over WebSocket and SSE, leave nothing behind (%s)', async (_, start) => {
  const store = await testStore();
  let open = 0;
  async function* watch(...args: Parameters<Store['watch']>): AsyncGenerator<unknown> {
    open += 1;
    try {
      yield* store.store.watch(...args);
    } finally {
      open -= 1;
    }
  }
  const counted = { ...store.store, watch: watch as Store['watch'] };
  const { url, query } = await start({ on: { ...store, store: counted } });
  const from = (await query('{ configMaps { resumeToken } }')).data.configMaps.resumeToken as string;

  const socketClient = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    lazyCloseTimeout: 1_000,
  });
  const sseClient = createSseClient({ url, headers: { authorization }, retryAttempts: 0 });
  const rounds = 10;
  const perRound = 100;
  for (let round = 0; round < rounds; round += 1) {
    const stops = Array.from({ length: perRound }, (_, index) => {
      const request = { query: watches[index % 2] ?? '', variables: { from } };
      const sink = { next: () => {}, error: () => {}, complete: () => {} };
      return index % 4 < 2 ? socketClient.subscribe(request, sink) : sseClient.subscribe(request, sink);
    });
    await eventually(
      async () => open,
      (count) => count === perRound,
    );
    for (const stop of stops) stop();
    await eventually(
      async () => open,
      (count) => count === 0,
    );
  }
  await socketClient.dispose();
  sseClient.dispose();
  expect(open).toBe(0);
});
