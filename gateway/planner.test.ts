import { expect, test } from 'vitest';
import { type Answer, testGateway } from '../test/support/gateway.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import { watchOverWebSocket } from '../test/support/watcher.ts';

const names = '{ nodes { __typename metadata { name } } }';

test('the gateway answers the same however it plans, and with no plan at all', async () => {
  const store = await testStore();
  const metadata = { name: 'web', namespace: 'default' };
  const location = { name: 'nowhere', namespace: 'default' };
  await store.store.create(asAdmin, 'Network', { metadata, spec: { ipam: { mode: 'Auto' } } });
  await store.store.create(asAdmin, 'NetworkBinding', { metadata, spec: { network: { name: 'web' }, location } });
  const planners = ['none', 'native', 'javascript'] as const;
  const [none, ...others] = await Promise.all(planners.map((planner) => testGateway({ on: store, planner })));
  if (none === undefined) throw new Error('no gateway');
  const id = (await none.query('{ network(namespace: "default", name: "web") { id } }')).data.network.id as string;
  for (const text of [
    `{ networks { nodes { id spec { mtu } bindings ${names} instances ${names} } } }`,
    `{ networkBindings { nodes { network { metadata { name labels } workloads ${names} } deployment { id } } } }`,
    `query ($id: ID!) { node(id: $id) { id ... on Resource { metadata { name } } ... on Network { instances ${names} } } }`,
    '{ networks(first: 0) { nodes { id } } }',
  ]) {
    const variables = text.includes('$id') ? { id } : {};
    const wanted = dataAndCodes(await none.query(text, variables));
    for (const other of others) expect(dataAndCodes(await other.query(text, variables)), text).toEqual(wanted);
  }
  for (const { url } of [none, ...others]) {
    const watcher = watchOverWebSocket(
      url,
      `subscription { watchNetworks { type network { metadata { name } instances ${names} } } }`,
    );
    await watcher.until((events) => events.length === 2);
    expect(watcher.events[0]).toEqual({
      type: 'ADDED',
      network: { metadata: { name: 'web' }, instances: { nodes: [] } },
    });
  }
});

function dataAndCodes({ data, errors }: Answer): { data: unknown; codes: unknown[] | undefined } {
  return {
    data: errors === undefined ? (data as unknown) : undefined,
    codes: errors?.map(({ extensions }) => extensions['code']),
  };
}
