import { expect, onTestFinished, test } from 'vitest';
import { testGateway, testToken } from '../../test/support/gateway.ts';
import { NotFoundError } from '../client/errors.ts';
import { createClient } from '../client/create-client.ts';
import { allKinds } from '../generated/kinds.ts';
import { everything, shapeOf } from '../client/shape.ts';
import { discoverKind } from './discover-kind.ts';

/** A client that was built with no kind at all. */
async function start() {
  const { url } = await testGateway();
  const client = createClient({ url, token: testToken, kinds: {} });
  onTestFinished(() => client.close());
  return client;
}

test('a kind that a program was not built with is found, and used like the others', async () => {
  const client = await start();
  const networks = client.resource(await discoverKind(client, 'networks'));
  const key = { namespace: 'default', name: 'web' };
  const { object } = await networks.create({ metadata: key, spec: { ipam: { mode: 'Auto' } } });
  expect(object).toMatchObject({ kind: 'Network', metadata: key, spec: { ipam: { mode: 'Auto' } } });
  expect(await networks.get(key)).toEqual(object);
  expect(await networks.list({ namespace: 'default' }).all()).toEqual([object]);
  const part = await networks.get({
    ...key,
    select: { metadata: { name: true }, bindings: { nodes: { metadata: { name: true } } } },
  });
  expect(part).toEqual({ metadata: { name: 'web' }, bindings: { nodes: [] } });
  const { value } = await networks.watch().next();
  expect(value).toMatchObject({ type: 'ADDED', object: { metadata: key } });
  await networks.apply({ apiVersion: object.apiVersion, kind: 'Network', metadata: { ...key, labels: { a: 'b' } } });
  await networks.delete(key);
  const namespaces = client.resource(await discoverKind(client, 'Namespace'));
  expect((await namespaces.get({ name: 'default' })).metadata.name).toBe('default');
  await expect(discoverKind(client, 'nothing')).rejects.toThrow(NotFoundError);
});

test('what is found is what was generated', async () => {
  const client = await start();
  for (const kind of [allKinds.workloads, allKinds.networks, allKinds.clusterRoles, allKinds.events]) {
    const found = await discoverKind(client, kind.many);
    expect(found).toMatchObject({ type: kind.type, one: kind.one, many: kind.many, namespaced: kind.namespaced });
    const fields = (text: string): string[] => text.split(' ').toSorted();
    expect(fields(everything(shapeOf(found)))).toEqual(fields(everything(shapeOf(kind))));
    expect(Object.keys(found.relations).toSorted()).toEqual(Object.keys(kind.relations).toSorted());
  }
});
