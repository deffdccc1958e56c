import { expect, onTestFinished, test } from 'vitest';
import { compact } from '../../store/compact.ts';
import { cuttingProxy } from '../../test/clients/support/cutting-proxy.ts';
import { testGateway, testToken, type TestGateway } from '../../test/support/gateway.ts';
import { eventually } from '../../test/support/graphql.ts';
import { isFull } from '../../test/support/scale.ts';
import { createDatum, type Datum } from '../client/create-datum.ts';
import type { ClientOptions } from '../client/options.ts';
import type { ConfigMap } from '../generated/types.ts';
import { sse } from '../transports/sse.ts';
import { webSocket } from '../transports/web-socket.ts';
import type { WatchEvent, WatchOptions, WatchStatus } from './watch.types.ts';

/** A client whose way to its gateway can be cut, and may be slow. */
async function start(options: Partial<ClientOptions> = {}, bytesPerMs?: number) {
  const gateway = await testGateway();
  const proxy = await cuttingProxy(() => Number(new URL(gateway.url).port), bytesPerMs);
  const retry = { baseDelayMs: 5, maxDelayMs: 50 };
  const url = gateway.url.replace(/:\d+/, `:${proxy.port}`);
  const datum = createDatum({ url, token: testToken, retry, ...options });
  onTestFinished(async () => {
    datum.close();
    await proxy.close();
  });
  return { gateway, proxy, datum, direct: createDatum({ url: gateway.url, token: testToken }) };
}

const put = (datum: Datum, name: string, n: number) =>
  datum.configMaps.apply({ metadata: { namespace: 'default', name }, data: { n: String(n) } }, { force: true });

/** What a watch brings, as text. */
function follow(datum: Datum, options: WatchOptions & { readonly namespace?: string } = {}) {
  const events: WatchEvent<ConfigMap>[] = [];
  const stop = new AbortController();
  const ended = (async () => {
    for await (const event of datum.configMaps.watch({ ...options, signal: stop.signal })) events.push(event);
  })();
  ended.catch(() => {});
  onTestFinished(() => stop.abort());
  const told = (): string[] =>
    events.map((event) =>
      'object' in event ? `${event.type} ${event.object.metadata.name} ${event.object.data?.['n']}` : event.type,
    );
  const until = (isSo: (all: string[]) => boolean): Promise<string[]> => eventually(async () => told(), isSo);
  return { events, told, until, stop, ended };
}

for (const [name, streams] of [
  ['WebSocket', webSocket()],
  ['SSE', sse],
] as const) {
  test(`a watch brings the state, then every change once, however often its connection is cut (${name})`, async () => {
    const { datum, direct, proxy } = await start({ streams });
    await put(direct, 'a', 0);
    const states: WatchStatus['state'][] = [];
    const watcher = follow(datum, { namespace: 'default', onStatus: ({ state }) => states.push(state) });
    await watcher.until((all) => all.includes('BOOKMARK'));
    for (let n = 1; n <= 40; n += 1) {
      if (n % 4 === 0) proxy.cut();
      await put(direct, 'a', n);
    }
    const changes = (all: string[]): string[] => all.filter((event) => event !== 'BOOKMARK');
    await watcher.until((all) => changes(all).length >= 41);
    expect(changes(watcher.told())).toEqual([
      'ADDED a 0',
      ...Array.from({ length: 40 }, (_, n) => `MODIFIED a ${n + 1}`),
    ]);
    expect(states.slice(0, 2)).toEqual(['connecting', 'live']);
    expect(states).toContain('reconnecting');
  });

  test(`over a slow network that breaks off in the middle of messages nothing is lost or told twice (${name})`, async () => {
    const { datum, direct, proxy } = await start({ streams }, 40);
    const watcher = follow(datum, { namespace: 'default' });
    await watcher.until((all) => all.includes('BOOKMARK'));
    const changes = (): string[] => watcher.told().filter((event) => event !== 'BOOKMARK');
    const created = Array.from({ length: 60 }, (_, n) => `n-${n}`);
    for (const [n, name] of created.entries()) {
      // Far more is written than comes through meanwhile.
      await direct.configMaps.create({ metadata: { namespace: 'default', name }, data: { n: 'x'.repeat(500) } });
      if (n % 12 !== 11) continue;
      const before = changes().length;
      await watcher.until(() => changes().length > before);
      proxy.cut();
    }
    await watcher.until(() => changes().length >= created.length);
    expect(changes()).toEqual(created.map((name) => `ADDED ${name} ${'x'.repeat(500)}`));
  });

  test(`a state that breaks off goes on, and is told once (${name})`, async () => {
    const { datum, direct, proxy } = await start({ streams });
    for (let n = 0; n < 30; n += 1) await put(direct, `c-${String(n).padStart(2, '0')}`, n);
    const watcher = follow(datum);
    for (let cuts = 0; cuts < 5; cuts += 1) {
      await eventually(
        async () => watcher.events.length,
        (length) => length > cuts,
      );
      proxy.cut();
    }
    await watcher.until((all) => all.includes('BOOKMARK'));
    const added = watcher.told().filter((event) => event !== 'BOOKMARK');
    expect(added).toEqual([...new Set(added)]);
    expect(added).toHaveLength(30);
  });
}

test('a history that no longer reaches back is told as RESYNC, then the state', async () => {
  const { datum, gateway } = await start();
  const first = follow(datum);
  await first.until((all) => all.includes('BOOKMARK'));
  const bookmark = first.events[0];
  const from = bookmark !== undefined && 'resumeToken' in bookmark ? bookmark.resumeToken : undefined;
  first.stop.abort();
  await put(datum, 'a', 1);
  await compact(gateway.store.pool, { keepMs: 0, maxRows: 0 });
  const replica = await replicaOf(gateway);
  const resumed = follow(replica, { from });
  await resumed.until((all) => all.includes('BOOKMARK'));
  expect(resumed.told()).toEqual(['RESYNC', 'ADDED a 1', 'BOOKMARK']);
});

/** A client of another process on the same store, which remembers nothing. */
async function replicaOf(gateway: TestGateway): Promise<Datum> {
  const { testStore } = await import('../../test/support/store.ts');
  const { url } = await testGateway({ on: await testStore(gateway.store) });
  const datum = createDatum({ url, token: testToken });
  onTestFinished(() => datum.close());
  return datum;
}

test('a watch that the server refuses throws, and does not begin again', async () => {
  const { datum } = await start();
  const watcher = follow(datum, { from: 'nonsense' });
  await expect(watcher.ended).rejects.toMatchObject({ code: 'INVALID_RESUME_TOKEN' });
});

test('a watch ends when its reader stops, also while that waits, and when it is aborted', async () => {
  const { datum } = await start();
  for await (const event of datum.configMaps.watch()) {
    expect(event.type).toBe('BOOKMARK');
    break;
  }
  const events = datum.configMaps.watch();
  await events.next();
  const pending = events.next();
  await events.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });
  const watcher = follow(datum);
  await watcher.until((all) => all.includes('BOOKMARK'));
  watcher.stop.abort(new Error('enough'));
  await expect(watcher.ended).rejects.toThrow('enough');
});

// Long: left to full runs.
test.runIf(isFull)('a reader that is slow gets every change all the same', async () => {
  const { datum, direct } = await start();
  const seen: string[] = [];
  const states: WatchStatus['state'][] = [];
  const events = datum.configMaps.watch({ onStatus: ({ state }) => states.push(state) });
  await events.next();
  const pending = events.next();
  const count = 2_500;
  await put(direct, 'a', 0);
  await pending;
  for (let n = 1; n <= count; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        direct.configMaps.create({ metadata: { namespace: 'default', name: `n-${n + i}` } }),
      ),
    );
  while (seen.length < count) {
    const { value } = await events.next();
    if (value !== undefined && 'object' in value) seen.push(value.object.metadata.name);
  }
  expect(new Set(seen).size).toBe(count);
  expect(states, 'it was cut off on the way').toContain('reconnecting');
  await events.return?.();
});
