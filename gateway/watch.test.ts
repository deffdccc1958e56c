import { createClient as createSseClient } from 'graphql-sse';
import { expect, test } from 'vitest';
import { compact } from '../store/compact.ts';
import { remoteTestGateway, testGateway, testToken, type TestGateway } from '../test/support/gateway.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import { collect, type WatchedEvent, watchOverWebSocket } from '../test/support/watcher.ts';

const watch = `subscription ($from: String, $filter: ResourceFilter, $namespace: String) {
  watchConfigMaps(from: $from, filter: $filter, namespace: $namespace) { type resumeToken configMap { metadata { name resourceVersion } data } }
}`;

async function put({ store: { store } }: TestGateway, name: string, data: Record<string, string>): Promise<void> {
  const key = { namespace: 'default', name };
  if ((await store.get(asAdmin, 'ConfigMap', key)) === undefined) {
    await store.create(asAdmin, 'ConfigMap', { metadata: { ...key }, data });
  } else {
    await store.update(asAdmin, 'ConfigMap', key, (current) => ({ ...current, data }));
  }
}

const seen = (events: readonly WatchedEvent[]): string[] =>
  events.map(({ type, configMap }) =>
    configMap === null ? type : `${type} ${configMap.metadata.name} ${JSON.stringify(configMap.data)}`,
  );

for (const [shape, start] of [
  ['in one process', testGateway],
  ['with subgraphs behind HTTP and WebSocket', remoteTestGateway],
] as const) {
  test(`a watch brings the state, then every change once, and resumes by its token (${shape})`, async () => {
    const gateway = await start();
    await put(gateway, 'a', { n: '1' });
    const first = watchOverWebSocket(gateway.url, watch);
    await first.until((events) => events.some(({ type }) => type === 'BOOKMARK'));
    expect(first.events[0]?.resumeToken).toBeNull();
    await put(gateway, 'a', { n: '2' });
    await put(gateway, 'b', { n: '1' });
    await gateway.store.store.delete(asAdmin, 'ConfigMap', { namespace: 'default', name: 'a' });
    await first.until((events) => events.length === 5);
    expect(seen(first.events)).toEqual([
      'ADDED a {"n":"1"}',
      'BOOKMARK',
      'MODIFIED a {"n":"2"}',
      'ADDED b {"n":"1"}',
      'DELETED a {"n":"2"}',
    ]);

    await first.stop();
    await put(gateway, 'b', { n: '2' });
    const resumed = watchOverWebSocket(gateway.url, watch, { from: first.events[2]?.resumeToken });
    await resumed.until((events) => events.length === 3);
    expect(seen(resumed.events)).toEqual(['ADDED b {"n":"1"}', 'DELETED a {"n":"2"}', 'MODIFIED b {"n":"2"}']);
  });
}

test('a watch whose subgraph goes away ends with an error that passes, and so does one that finds none', async () => {
  const gateway = await remoteTestGateway();
  const first = watchOverWebSocket(gateway.url, watch);
  await first.until((events) => events.some(({ type }) => type === 'BOOKMARK'));
  await gateway.closeSubgraphs();
  const second = watchOverWebSocket(gateway.url, watch);
  for (const { ended } of [first, second]) {
    const error = await ended.then(() => 'no error', String);
    expect(error).toContain('The subgraph core cannot be reached');
    expect(error).toMatch(/"code":"UNAVAILABLE".*"retryable":true|"retryable":true.*"code":"UNAVAILABLE"/);
  }
});

test('graphql-sse, as it is, watches in distinct connections mode', async () => {
  const gateway = await testGateway();
  await put(gateway, 'a', { n: '1' });
  const client = createSseClient({
    url: gateway.url,
    headers: { authorization: `Bearer ${testToken}` },
    retryAttempts: 0,
  });
  const watcher = collect(client.iterate({ query: watch }) as AsyncIterableIterator<never>, () => client.dispose());
  await watcher.until((events) => events.length === 2);
  await put(gateway, 'a', { n: '2' });
  await watcher.until((events) => events.length === 3);
  expect(seen(watcher.events)).toEqual(['ADDED a {"n":"1"}', 'BOOKMARK', 'MODIFIED a {"n":"2"}']);
  await watcher.stop();
});

test('an EventSource, which can only GET, watches', async () => {
  const gateway = await testGateway();
  await put(gateway, 'a', { n: '1' });
  const abort = new AbortController();
  const response = await fetch(`${gateway.url}?${new URLSearchParams({ query: watch })}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${testToken}` },
    signal: abort.signal,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('BOOKMARK')) break;
  }
  expect(text).toMatch(/event: next\ndata: \{"data":\{"watchConfigMaps":\{"type":"ADDED"/);
  abort.abort();
});

test('an object that stops matching is DELETED for the watcher, with its last matching state', async () => {
  const gateway = await testGateway();
  const { store } = gateway.store;
  const key = { namespace: 'default', name: 'a' };
  await store.create(asAdmin, 'ConfigMap', { metadata: { ...key, labels: { tier: 'edge' } }, data: { n: '1' } });
  const watcher = watchOverWebSocket(gateway.url, watch, { filter: { labelSelector: 'tier=edge' } });
  await watcher.until((events) => events.length === 2);
  await store.update(asAdmin, 'ConfigMap', key, (current) => ({
    ...current,
    metadata: { ...current.metadata, labels: {} },
    data: { n: '2' },
  }));
  await watcher.until((events) => events.length === 3);
  expect(seen(watcher.events).at(-1)).toBe('DELETED a {"n":"1"}');
});

test('a token of another kind, filter, namespace or project, or no token at all, is refused', async () => {
  const gateway = await testGateway();
  const first = watchOverWebSocket(gateway.url, watch);
  const [bookmark] = await first.until((events) => events.length === 1);
  const from = bookmark?.resumeToken ?? '';
  const foreign = Buffer.from(
    JSON.stringify(['other', ...JSON.parse(Buffer.from(from, 'base64url').toString()).slice(1)]),
  ).toString('base64url');
  const secrets = `subscription ($from: String) { watchSecrets(from: $from) { type resumeToken } }`;
  const wrong: [string, Record<string, unknown>][] = [
    [watch, { from, filter: { labelSelector: 'a=b' } }],
    [watch, { from, namespace: 'default' }],
    [watch, { from: 'nonsense' }],
    [watch, { from: foreign }],
    [secrets, { from }],
  ];
  for (const [query, variables] of wrong) {
    const watcher = watchOverWebSocket(gateway.url, query, variables);
    await expect(
      watcher.until(() => false),
      JSON.stringify(variables),
    ).rejects.toThrow('"code":"INVALID_RESUME_TOKEN"');
  }
});

test('an expired token brings one RESYNC, then the state on the same stream', async () => {
  const gateway = await testGateway();
  const first = watchOverWebSocket(gateway.url, watch);
  const [bookmark] = await first.until((events) => events.length === 1);
  await first.stop();
  await put(gateway, 'a', { n: '1' });
  await compact(gateway.store.pool, { keepMs: 0, maxRows: 0 });
  // The first process may still remember; another knows only what the history holds.
  const replica = await testGateway({ on: await testStore(gateway.store) });
  const resumed = watchOverWebSocket(replica.url, watch, { from: bookmark?.resumeToken });
  await resumed.until((events) => events.length === 3);
  expect(seen(resumed.events)).toEqual(['RESYNC', 'ADDED a {"n":"1"}', 'BOOKMARK']);
  expect(resumed.events.map(({ resumeToken }) => resumeToken === null)).toEqual([true, true, false]);
});

test('relations of a watched object, across subgraphs, are those at the time of its event', async () => {
  const gateway = await testGateway();
  const { store } = gateway.store;
  const names = '{ nodes { metadata { name } } }';
  const query = `subscription { watchNetworks { type network { metadata { name } bindings ${names} instances ${names} } } }`;
  const watcher = watchOverWebSocket(gateway.url, query);
  await watcher.until((events) => events.length === 1);
  const metadata = { namespace: 'default', name: 'web' };
  await store.create(asAdmin, 'Network', { metadata, spec: { ipam: { mode: 'Auto' } } });
  await watcher.until((events) => events.length === 2);
  const location = { namespace: 'default', name: 'nowhere' };
  await store.create(asAdmin, 'NetworkBinding', {
    metadata: { ...metadata, name: 'binding' },
    spec: { network: { name: 'web' }, location },
  });
  await store.update(asAdmin, 'Network', metadata, (current) => ({
    ...current,
    metadata: { ...current.metadata, labels: { a: 'b' } },
  }));
  await watcher.until((events) => events.length === 3);
  const networks = watcher.events.map(({ network }) => network as unknown);
  expect(networks).toEqual([
    null,
    { metadata: { name: 'web' }, bindings: { nodes: [] }, instances: { nodes: [] } },
    { metadata: { name: 'web' }, bindings: { nodes: [{ metadata: { name: 'binding' } }] }, instances: { nodes: [] } },
  ]);
});
