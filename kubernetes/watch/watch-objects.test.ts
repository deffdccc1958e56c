import { expect, it, vi } from 'vitest';
import { serveReads, type WatchedStream } from '../../test/support/reads.ts';
import { testDatabase } from '../../test/support/database.ts';
import { asAdmin, openTestStore, testStore } from '../../test/support/store.ts';
import { compact } from '../../store/compact.ts';
import type { Store } from '../../store/types.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const metadataOnly = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' };
const key = (name: string) => ({ namespace: 'default', name });
const streaming = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

const create = (store: Store, name: string, labels: Record<string, string> = {}) =>
  store.create(asAdmin, 'ConfigMap', { metadata: { ...key(name), labels }, data: { n: '0' } });
const change = (store: Store, name: string, n: string) =>
  store.update(asAdmin, 'ConfigMap', key(name), (c) => ({ ...c, data: { n } }));
const label = (store: Store, name: string, labels: Record<string, string>) =>
  store.update(asAdmin, 'ConfigMap', key(name), (c) => ({ ...c, metadata: { ...c.metadata, labels } }));

/** Waits for lines and answers `TYPE name n`. */
async function told(stream: WatchedStream, count: number): Promise<string[]> {
  await vi.waitFor(() => expect(stream.lines.length).toBeGreaterThanOrEqual(count), 60_000);
  return stream.lines.map(({ type, object }) => [type, object.metadata.name, object.data?.n].filter(Boolean).join(' '));
}

async function world() {
  const open = await testStore();
  return { ...open, server: await serveReads(open) };
}

it('tells the state, what happened since a revision, and what happens', async () => {
  const { store, server } = await world();
  const { object } = await create(store, 'a');
  const all = await server.watch(`${configMaps}?watch=1`);
  const later = await server.watch(`${configMaps}?watch=1&resourceVersion=${object.metadata.resourceVersion}`);
  expect(await told(all, 1)).toEqual(['ADDED a 0']);
  await create(store, 'b');
  await change(store, 'b', '1');
  await store.delete(asAdmin, 'ConfigMap', key('b'));
  const live = ['ADDED b 0', 'MODIFIED b 1', 'DELETED b 1'];
  expect(await told(all, 4)).toEqual(['ADDED a 0', ...live]);
  expect(await told(later, 3)).toEqual(live);
  const again = await server.watch(`${configMaps}?watch=1&resourceVersion=${object.metadata.resourceVersion}`);
  expect(await told(again, 3)).toEqual(live);
  expect(all.lines[3]?.object.metadata.resourceVersion).toBe(String(await store.revision()));
});

it('shows what enters and leaves a selection, and a removal as it was before', async () => {
  const { store, server } = await world();
  await create(store, 'a');
  const stream = await server.watch(`${configMaps}?watch=1&labelSelector=in%3Dyes`);
  await label(store, 'a', { in: 'yes' });
  await change(store, 'a', '1');
  await label(store, 'a', { in: 'no' });
  await change(store, 'a', '2');
  await label(store, 'a', { in: 'yes' });
  expect(await told(stream, 4)).toEqual(['ADDED a 0', 'MODIFIED a 1', 'DELETED a 1', 'ADDED a 2']);
  expect(stream.lines[2]?.object.metadata.labels).toEqual({ in: 'yes' });

  const networks = await server.watch('/apis/networking.datumapis.com/v1alpha/networks?watch=1');
  const metadata = { ...key('n'), finalizers: ['example.com/x'] };
  await store.create(asAdmin, 'Network', { metadata, spec: { ipam: { mode: 'Auto' } } });
  await store.delete(asAdmin, 'Network', key('n'));
  await store.update(asAdmin, 'Network', key('n'), (n) => ({ ...n, metadata: { ...n.metadata, finalizers: [] } }));
  await told(networks, 3);
  expect(networks.lines[2]).toMatchObject({ type: 'DELETED', object: { metadata: { finalizers: ['example.com/x'] } } });
});

it('streams a list with the bookmark that ends it, also as tables and metadata', async () => {
  const { store, server } = await world();
  await create(store, 'a');
  const plain = await server.watch(`${configMaps}?watch=1&${streaming}`);
  const rows = await server.watch(`${configMaps}?watch=1&${streaming}`, table);
  const metadata = await server.watch(`${configMaps}?watch=1&${streaming}`, metadataOnly);
  expect(await told(plain, 2)).toEqual(['ADDED a 0', 'BOOKMARK']);
  expect(plain.lines[1]?.object.metadata).toMatchObject({
    resourceVersion: String(await store.revision()),
    annotations: { 'k8s.io/initial-events-end': 'true' },
  });
  await create(store, 'b');
  await told(rows, 3);
  expect(rows.lines.map(({ object }) => object.columnDefinitions?.length ?? null)).toEqual([3, null, null]);
  expect(rows.lines[2]?.object.rows[0].cells.slice(0, 2)).toEqual(['b', 1]);
  await told(metadata, 3);
  expect(metadata.lines[2]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'b' } });
  expect(metadata.lines[2]?.object).not.toHaveProperty('data');
});

it('tells who comes too late, and sends who is ahead away', async () => {
  const { store, server, pool, registry, url, secretKey } = await world();
  await create(store, 'a');
  for (let n = 0; n < 10; n += 1) await change(store, 'a', String(n));
  await compact(pool, { keepMs: 3_600_000, maxRows: 3 });
  // A process that has just started has nothing in memory.
  const fresh = await testStore({ url, secretKey });
  const restarted = await serveReads({ store: fresh.store, registry });
  const late = await restarted.watch(`${configMaps}?watch=1&resourceVersion=2`);
  await vi.waitFor(() => expect(late.ended()).toBe('clean'), 60_000);
  expect(late.lines).toEqual([{ type: 'ERROR', object: expect.objectContaining({ code: 410, reason: 'Expired' }) }]);
  const inTime = await restarted.watch(`${configMaps}?watch=1&resourceVersion=${(await store.revision()) - 2n}`);
  expect(await told(inTime, 2)).toEqual(['MODIFIED a 8', 'MODIFIED a 9']);
  expect(await server.get(`${configMaps}?watch=1&resourceVersion=99999`)).toMatchObject({ status: 504 });
  expect(await server.get(`${configMaps}?watch=1&sendInitialEvents=true`)).toMatchObject({ status: 422 });
  expect(await server.get(`${configMaps}?watch=1&fieldSelector=a%3Db`)).toMatchObject({ status: 400 });
});

it('ends when the time is up, after a last bookmark, and when the server or the store stops', async () => {
  const { store, server, registry } = await world();
  const { object } = await create(store, 'a');
  const from = `resourceVersion=${object.metadata.resourceVersion}`;
  const timed = await server.watch(`${configMaps}?watch=1&${from}&timeoutSeconds=3&allowWatchBookmarks=true`);
  const silent = await server.watch(`${configMaps}?watch=1&${from}&timeoutSeconds=1`);
  await vi.waitFor(() => expect([timed.ended(), silent.ended()]).toEqual(['clean', 'clean']), 60_000);
  expect(silent.lines).toEqual([]);
  expect(timed.lines).toEqual([
    {
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: object.metadata.resourceVersion, creationTimestamp: null },
      },
    },
  ]);
  const open = await server.watch(`${configMaps}?watch=1&${from}`);
  server.stop();
  await vi.waitFor(() => expect(open.ended()).toBe('clean'), 60_000);
  const closing = await openTestStore(await testDatabase());
  const other = await serveReads({ store: closing.store, registry });
  const last = await other.watch(`${configMaps}?watch=1`);
  await closing.close();
  await vi.waitFor(() => expect(last.ended()).toBe('clean'), 60_000);
});
