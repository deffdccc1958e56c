import { expect, it } from 'vitest';
import { ask } from './support/graphql.ts';
import { testToken } from './support/gateway.ts';
import { type ProductProcess, startProductProcess, temporaryDataDir } from './support/product.ts';
import { type WatchedEvent, watchOverWebSocket } from './support/watcher.ts';

const subscription = `subscription ($from: String) { watchConfigMaps(namespace: "default", from: $from) {
  type resumeToken configMap { metadata { name resourceVersion } data } } }`;

/** Writes `count` changes to a few objects; answers the revisions that were acknowledged, in order of the answers. */
async function write(product: ProductProcess, prefix: string, count: number): Promise<string[]> {
  const revisions: string[] = [];
  const mutation = `mutation ($input: ConfigMapInput!) { createConfigMap(input: $input) { configMap { metadata { resourceVersion } } userErrors { message } } }`;
  type Created = { createConfigMap: { configMap: { metadata: { resourceVersion: string } } } };
  for (let n = 0; n < count; n += 1) {
    const input = { metadata: { name: `${prefix}-${n}`, namespace: 'default' }, data: { n: String(n) } };
    revisions.push(
      (await ask<Created>(product.ready, mutation, { input })).createConfigMap.configMap.metadata.resourceVersion,
    );
  }
  return revisions;
}

const changesIn = (events: readonly WatchedEvent[]): string[] =>
  events.filter(({ type }) => type !== 'BOOKMARK').map(({ configMap }) => configMap.metadata.resourceVersion as string);
const lastToken = (events: readonly WatchedEvent[]): string => events.at(-1)?.resumeToken ?? '';

it('a watch goes on by its token after a broken connection and after restarts of the whole product', async () => {
  const dataDir = temporaryDataDir();
  const env = { DATUM_ROLES: 'gateway,subgraph', DATUM_TOKEN: testToken };
  let product = await startProductProcess({ dataDir, env });
  const written: string[] = [];
  const seen: string[] = [];

  let watcher = watchOverWebSocket(product.ready.graphql ?? '', subscription);
  await watcher.until((events) => events.some(({ type }) => type === 'BOOKMARK'));
  written.push(...(await write(product, 'first', 20)));
  await watcher.until((events) => changesIn(events).length >= 7);
  await watcher.stop();
  seen.push(...changesIn(watcher.events));
  let token = lastToken(watcher.events);
  written.push(...(await write(product, 'unwatched', 5)));

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const expected = written.length;
    watcher = watchOverWebSocket(product.ready.graphql ?? '', subscription, { from: token });
    await watcher.until((events) => seen.length + changesIn(events).length >= expected);
    written.push(...(await write(product, signal.toLowerCase(), 5)));
    await product.stop(signal);
    await watcher.ended.catch(() => {});
    seen.push(...changesIn(watcher.events));
    token = lastToken(watcher.events);
    product = await startProductProcess({ dataDir, env });
    written.push(...(await write(product, `after-${signal.toLowerCase()}`, 5)));
  }
  watcher = watchOverWebSocket(product.ready.graphql ?? '', subscription, { from: token });
  await watcher.until((events) => seen.length + changesIn(events).length >= written.length);
  seen.push(...changesIn(watcher.events));
  expect(seen).toEqual(written);
});
