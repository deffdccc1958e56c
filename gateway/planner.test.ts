import { expect, test } from 'vitest';
import { testGateway } from '../test/support/gateway.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import { watchOverWebSocket } from '../test/support/watcher.ts';

const names = '{ nodes { __typename metadata { name } } }';

test('without a native planner the gateway answers the same', async () => {
  const store = await testStore();
  const metadata = { name: 'web', namespace: 'default' };
  const location = { name: 'nowhere', namespace: 'default' };
  await store.store.create(asAdmin, 'Network', { metadata, spec: { ipam: { mode: 'Auto' } } });
  await store.store.create(asAdmin, 'NetworkBinding', { metadata, spec: { network: { name: 'web' }, location } });
  const native = await testGateway({ on: store, planner: 'native' });
  const javascript = await testGateway({ on: store, planner: 'javascript' });
  const id = (await native.query('{ network(namespace: "default", name: "web") { id } }')).data.network.id as string;
  for (const text of [
    `{ networks { nodes { id spec { mtu } bindings ${names} instances ${names} } } }`,
    `{ networkBindings { nodes { network { metadata { name labels } workloads ${names} } deployment { id } } } }`,
    `query ($id: ID!) { node(id: $id) { id ... on Resource { metadata { name } } ... on Network { instances ${names} } } }`,
    '{ networks(first: 0) { nodes { id } } }',
  ]) {
    const variables = text.includes('$id') ? { id } : {};
    const withoutIds = ({ data, errors }: Awaited<ReturnType<typeof native.query>>) => ({
      data: errors === undefined ? (data as unknown) : undefined,
      codes: errors?.map(({ extensions }) => extensions['code']),
    });
    expect(withoutIds(await javascript.query(text, variables)), text).toEqual(
      withoutIds(await native.query(text, variables)),
    );
  }
  const watcher = watchOverWebSocket(
    javascript.url,
    `subscription { watchNetworks { type network { metadata { name } instances ${names} } } }`,
  );
  await watcher.until((events) => events.length === 2);
  expect(watcher.events[0]).toEqual({
    type: 'ADDED',
    network: { metadata: { name: 'web' }, instances: { nodes: [] } },
  });
});
