import { expect, onTestFinished, test } from 'vitest';
import { compact } from '../../store/compact.ts';
import { cuttingProxy } from '../../test/clients/support/cutting-proxy.ts';
import { testGateway, testToken } from '../../test/support/gateway.ts';
import { eventually } from '../../test/support/graphql.ts';
import { testStore } from '../../test/support/store.ts';
import { createDatum, type Datum } from '../client/create-datum.ts';

const meta = (name: string) => ({ namespace: 'default', name });
const put = (datum: Datum, name: string, data: Record<string, string>) =>
  datum.configMaps.apply({ metadata: meta(name), data }, { force: true });

/** A client whose gateway can be exchanged for another on the same store. */
async function start() {
  const gateway = await testGateway();
  let url = gateway.url;
  const proxy = await cuttingProxy(() => Number(new URL(url).port));
  const datum = createDatum({
    url: url.replace(/:\d+/, `:${proxy.port}`),
    token: testToken,
    retry: { baseDelayMs: 5, maxDelayMs: 50 },
  });
  onTestFinished(async () => {
    datum.close();
    await proxy.close();
  });
  return {
    datum,
    direct: createDatum({ url, token: testToken }),
    gateway,
    proxy,
    goTo: (next: string) => (url = next),
  };
}

test('an informer holds what there is, tells of changes, and finds by its indexes', async () => {
  const { datum } = await start();
  await put(datum, 'a', { tier: 'edge', zones: 'x,y' });
  const informer = datum.configMaps.informer({
    namespace: 'default',
    indexes: { tier: ({ data }) => data?.['tier'], zone: ({ data }) => data?.['zones']?.split(',') },
  });
  onTestFinished(() => informer.stop());
  expect(informer.isSynced).toBe(false);
  await informer.synced;
  expect([informer.isSynced, informer.size, informer.status.state]).toEqual([true, 1, 'live']);
  expect(informer.get(meta('a'))?.data).toEqual({ tier: 'edge', zones: 'x,y' });
  const changes: string[] = [];
  informer.subscribe(({ type, object, previous }) =>
    changes.push(`${type} ${object.metadata.name} ${previous?.data?.['tier']}`),
  );
  const names = (index: 'tier' | 'zone', key: string) => informer.by(index, key).map(({ metadata }) => metadata.name);
  expect([names('tier', 'edge'), names('zone', 'y'), names('zone', 'z')]).toEqual([['a'], ['a'], []]);
  const list = informer.list();
  expect(informer.list()).toBe(list);

  await put(datum, 'a', { tier: 'core', zones: 'y,z' });
  await put(datum, 'b', { tier: 'core' });
  await datum.configMaps.delete(meta('b'));
  await eventually(
    async () => changes.length,
    (length) => length === 3,
  );
  expect(changes).toEqual(['MODIFIED a edge', 'ADDED b undefined', 'DELETED b core']);
  expect([names('tier', 'edge'), names('tier', 'core'), names('zone', 'x'), names('zone', 'z')]).toEqual([
    [],
    ['a'],
    [],
    ['a'],
  ]);
  expect(informer.list()).not.toBe(list);
  expect(() => informer.by('none' as 'tier', '')).toThrow('no index');
  informer.stop();
  await informer.ended;
});

test('when the history is lost, an informer tells only what is different', async () => {
  const { datum, direct, gateway, goTo, proxy } = await start();
  for (const name of ['stays', 'changes', 'goes']) await put(direct, name, { n: '1' });
  const informer = datum.configMaps.informer();
  onTestFinished(() => informer.stop());
  await informer.synced;
  const changes: string[] = [];
  informer.subscribe(({ type, object }) => changes.push(`${type} ${object.metadata.name}`));

  goTo('http://127.0.0.1:1');
  proxy.cut();
  await put(direct, 'changes', { n: '2' });
  await direct.configMaps.delete(meta('goes'));
  await put(direct, 'comes', { n: '1' });
  await compact(gateway.store.pool, { keepMs: 0, maxRows: 0 });
  // Another process on the same store, which remembers nothing of what was compacted.
  goTo((await testGateway({ on: await testStore(gateway.store) })).url);
  await eventually(
    async () => changes.length,
    (length) => length >= 3,
  );
  await put(direct, 'last', {});
  await eventually(
    async () => changes,
    (all) => all.includes('ADDED last'),
  );
  expect(changes.toSorted()).toEqual(['ADDED comes', 'ADDED last', 'DELETED goes', 'MODIFIED changes']);
});

test('an informer whose watch is refused says so', async () => {
  const { datum } = await start();
  const informer = datum.configMaps.informer({ labelSelector: '((' });
  await expect(informer.synced).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(informer.ended).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('after many disconnects an informer holds what a fresh list gives', async () => {
  const { datum, direct, proxy } = await start();
  const informer = datum.configMaps.informer({ select: { metadata: true, data: true } });
  onTestFinished(() => informer.stop());
  const rounds = 60;
  for (let round = 0; round < rounds; round += 1) {
    const name = `c-${round % 7}`;
    if (round % 5 === 4) await direct.configMaps.delete(meta(name)).catch(() => {});
    else await put(direct, name, { round: String(round) });
    if (round % 3 === 0) proxy.cut();
  }
  const fresh = await direct.configMaps.list({ select: { metadata: true, data: true } }).all();
  await eventually(
    async () => [...informer.list()].toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name)),
    (held) => JSON.stringify(held) === JSON.stringify(fresh),
  );
});
