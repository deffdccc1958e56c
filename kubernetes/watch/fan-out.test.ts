import { Agent, request } from 'node:http';
import { expect, it, vi } from 'vitest';
import { serveReads, type WatchedStream } from '../../test/support/reads.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import type { Store } from '../../store/types.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const key = (name: string) => ({ namespace: 'default', name });

/** Writes a chain of changes of one object and answers `TYPE name n` of each. */
async function write(store: Store, name: string, count: number): Promise<void> {
  await store.create(asAdmin, 'ConfigMap', { metadata: { ...key(name), labels: { of: name } }, data: { n: '0' } });
  for (let n = 1; n < count; n += 1)
    await store.update(asAdmin, 'ConfigMap', key(name), (c) => ({ ...c, data: { n: String(n) } }));
  await store.delete(asAdmin, 'ConfigMap', key(name));
}

it('hundreds of watchers, who come in the middle, miss nothing and see nothing twice', async () => {
  const open = await testStore();
  const { store } = open;
  const server = await serveReads(open);
  const start = String(await store.revision());
  const names = ['a', 'b', 'c', 'd'];
  const streams: { name: string | undefined; stream: WatchedStream }[] = [];
  const writing = Promise.all(names.map((name) => write(store, name, 60)));
  for (let index = 0; index < 300; index += 1) {
    const name = index % 3 === 0 ? names[index % 4] : undefined;
    const selector = name === undefined ? '' : `&labelSelector=of%3D${name}`;
    streams.push({ name, stream: await server.watch(`${configMaps}?watch=1&resourceVersion=${start}${selector}`) });
  }
  await writing;
  const history = names.flatMap(() => 61).reduce((sum, one) => sum + one, 0);
  for (const { name, stream } of streams) {
    const expected = name === undefined ? history : 61;
    await vi.waitFor(() => expect(stream.lines.length).toBeGreaterThanOrEqual(expected), 60_000);
    const revisions = stream.lines.map(({ object }) => BigInt(object.metadata.resourceVersion));
    expect(revisions).toEqual(revisions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(revisions).size).toBe(expected);
    for (const one of name === undefined ? names : [name]) {
      const mine = stream.lines.filter(({ object }) => object.metadata.name === one);
      expect(mine.map(({ type, object }) => `${type} ${object.data.n}`)).toEqual([
        'ADDED 0',
        ...Array.from({ length: 59 }, (_, n) => `MODIFIED ${n + 1}`),
        'DELETED 59',
      ]);
    }
  }
  expect(server.errors).toEqual([]);
});

it('cuts off a client that does not read, and nobody else', async () => {
  const open = await testStore();
  const { store } = open;
  const server = await serveReads(open);
  const stuck = await server.watch(`${configMaps}?watch=1`);
  stuck.response.pause();
  const reading = await server.watch(`${configMaps}?watch=1`);
  await store.create(asAdmin, 'ConfigMap', { metadata: key('big') });
  const text = 'x'.repeat(400_000);
  for (let n = 0; n < 40; n += 1)
    await store.update(asAdmin, 'ConfigMap', key('big'), (c) => ({ ...c, data: { text, n: String(n) } }));
  await vi.waitFor(() => expect(reading.lines).toHaveLength(41), 60_000);
  await vi.waitFor(() => expect(server.errors).toHaveLength(1), 60_000);
  expect(String(server.errors[0])).toContain('too slowly');
});

it('a thousand watches that are opened and closed leave nothing behind', async () => {
  const open = await testStore();
  let listeners = 0;
  const feed: Store['feed'] = {
    ...open.store.feed,
    subscribe(listener, ended) {
      const subscription = open.store.feed.subscribe(listener, ended);
      listeners += 1;
      return { ...subscription, unsubscribe: () => ((listeners -= 1), subscription.unsubscribe()) };
    },
  };
  const server = await serveReads({ ...open, store: { ...open.store, feed } });
  const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  await open.store.create(asAdmin, 'ConfigMap', { metadata: key('a') });

  async function openAndClose(): Promise<void> {
    const paths = Array.from({ length: 100 }, (_, index) =>
      index % 2 === 0 ? '' : `&fieldSelector=metadata.name%3Dnone${index}&allowWatchBookmarks=true`,
    );
    const streams = await Promise.all(paths.map((path) => server.watch(`${configMaps}?watch=1${path}`)));
    expect(listeners).toBe(1);
    for (const stream of streams) stream.close();
    // Some go before their answer has begun.
    const hasty = request({ port: server.port, path: `${configMaps}?watch=1`, agent: new Agent() });
    hasty.on('error', () => {});
    hasty.end(() => hasty.destroy());
    await vi.waitFor(() => expect([server.sockets.size, listeners]).toEqual([0, 0]), 60_000);
  }

  const before = timers();
  for (let round = 0; round < 10; round += 1) await openAndClose();
  // Connections to Postgres stay, and have timers of their own: some dozen, and not one per watch.
  await vi.waitFor(() => expect(timers() - before).toBeLessThan(50), 60_000);
  expect(server.errors).toEqual([]);
});
