import { expect, test } from 'vitest';
import type { Store } from '../store/types.ts';
import { testGateway, testToken } from '../test/support/gateway.ts';
import { asAdmin, testStore, type TestStore } from '../test/support/store.ts';
import type { Authenticate } from '../access/authenticate.ts';

/** A store that notes every call to it. */
function noted(store: TestStore, calls: { verb: string; kind: string; actor: string }[]): TestStore {
  const spied = new Proxy(store.store, {
    get:
      (target, verb: keyof Store) =>
      (...args: [{ actor: string }, string]) => {
        calls.push({ verb, kind: typeof args[1] === 'string' ? ` ${args[1]}` : '', actor: args[0].actor });
        return (target[verb] as (...args: unknown[]) => unknown)(...args);
      },
  });
  return { ...store, store: spied };
}

async function fill({ store }: TestStore, items: number): Promise<void> {
  const location = { name: 'nowhere', namespace: 'default' };
  for (let n = 0; n < items; n += 1) {
    const metadata = { name: `n-${n}`, namespace: 'default' };
    await store.create(asAdmin, 'Network', { metadata, spec: { ipam: { mode: 'Auto' } } });
    await store.create(asAdmin, 'NetworkBinding', { metadata, spec: { network: { name: metadata.name }, location } });
    await store.create(asAdmin, 'NetworkContext', { metadata, spec: { network: { name: metadata.name }, location } });
  }
}

test('a level of relations is one call to the store, however many objects it starts from', async () => {
  const calls: { verb: string; kind: string; actor: string }[] = [];
  const store = await testStore();
  await fill(store, 12);
  const { query } = await testGateway({ on: noted(store, calls) });
  const answer = await query(`{ networkBindings(first: 12) { nodes { id network { id metadata { name }
    contexts(first: 5) { nodes { id network { metadata { name } } subnets { nodes { id } } } }
    instances(first: 5) { nodes { id } } subnets(first: 5) { id } } } } }`);
  expect(answer.errors).toBeUndefined();
  expect(answer.data.networkBindings.nodes[3].network.contexts.nodes[0].network.metadata.name).toBe('n-11');
  const counted = Object.groupBy(calls, ({ kind }) => kind.trim());
  expect(Object.keys(counted).toSorted()).toEqual(['', 'Instance', 'NetworkBinding', 'NetworkContext', 'Subnet']);
  expect([counted['']?.length, counted['NetworkBinding']?.length]).toEqual([1, 1]);
  // A level that takes longer than a turn of the event loop may last is several calls, on a slow machine; never one for each
  // object. Contexts and subnets are asked for twice: with their page size, and on the way of `subnets`.
  for (const kind of ['Instance', 'NetworkContext', 'Subnet'])
    expect([kind, (counted[kind]?.length ?? 0) <= 6]).toEqual([kind, true]);
});

test('what two callers ask at the same time is never fetched together', async () => {
  const calls: { verb: string; kind: string; actor: string }[] = [];
  const store = await testStore();
  await fill(store, 3);
  const users: Authenticate = async (authorization) => {
    const user = authorization?.replace('Bearer ', '');
    return user === undefined ? undefined : { user, groups: ['system:masters'], project: 'default' };
  };
  const { query } = await testGateway({ on: noted(store, calls), authenticate: users });
  const text =
    '{ networkBindings(first: 3) { nodes { network { metadata { name } instances(first: 1) { nodes { id } } } } } }';
  const askers = ['alice', 'bob', testToken, 'alice'];
  await Promise.all(
    askers.flatMap((user) => [
      query(text, {}, { authorization: `Bearer ${user}` }),
      query(text, {}, { authorization: `Bearer ${user}` }),
    ]),
  );
  for (const user of new Set(askers)) {
    const own = calls.filter(({ actor }) => actor === user);
    const requests = askers.filter((each) => each === user).length * 2;
    for (const verb of ['list', 'getPlaces', 'listMany'])
      expect(
        own.filter((call) => call.verb === verb),
        `${user} ${verb}`,
      ).toHaveLength(requests);
  }
});

test('an object of another project is not found by its id', async () => {
  const store = await testStore();
  await fill(store, 1);
  const users: Authenticate = async (authorization) => ({
    user: 'admin',
    groups: ['system:masters'],
    project: authorization === 'Bearer other' ? 'other' : 'default',
  });
  const { query } = await testGateway({ on: store, authenticate: users });
  const { id } = (await query('{ network(namespace: "default", name: "n-0") { id } }')).data.network;
  const byId =
    'query ($id: ID!) { node(id: $id) { id ... on Network { metadata { name } bindings { nodes { id } } } } }';
  expect((await query(byId, { id })).data.node.metadata.name).toBe('n-0');
  expect((await query(byId, { id }, { authorization: 'Bearer other' })).data.node).toBeNull();
  expect(
    (await query('{ networks { nodes { id } } }', {}, { authorization: 'Bearer other' })).data.networks.nodes,
  ).toEqual([]);
});
