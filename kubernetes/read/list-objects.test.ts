import { expect, it } from 'vitest';
import { serveReads } from '../../test/support/reads.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { compact } from '../../store/compact.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const key = (name: string) => ({ namespace: 'default', name });

async function worldWith(names: readonly string[]) {
  const open = await testStore();
  for (const [index, name] of names.entries()) {
    await open.store.create(asAdmin, 'ConfigMap', {
      metadata: { ...key(name), labels: { odd: String(index % 2 === 1) } },
      data: { i: name },
    });
  }
  return { ...open, server: await serveReads(open) };
}

const namesOf = (body: { items: { metadata: { name: string } }[] }) => body.items.map(({ metadata }) => metadata.name);

it('answers an object as it is stored, in any form', async () => {
  const { server, store } = await worldWith(['a']);
  const stored = await store.get(asAdmin, 'ConfigMap', key('a'));
  expect(await server.get(`${configMaps}/a`)).toEqual({ status: 200, body: stored });
  expect((await server.get(`${configMaps}/a`, table)).body).toMatchObject({
    kind: 'Table',
    rows: [{ cells: ['a', 1, expect.anything()] }],
  });
  expect((await server.get(`${configMaps}/no`)).body).toMatchObject({
    code: 404,
    message: 'configmaps "no" not found',
  });
  await store.create(asAdmin, 'Secret', { metadata: key('s'), data: { a: 'Yg==' } });
  expect((await server.get('/api/v1/namespaces/default/secrets/s')).body).toMatchObject({
    kind: 'Secret',
    data: { a: 'Yg==' },
  });
});

it('pages show the state of the first one, whatever is written meanwhile', async () => {
  const { server, store } = await worldWith(['a', 'b', 'c', 'd', 'e']);
  const first = (await server.get(`${configMaps}?limit=2`)).body;
  expect(namesOf(first)).toEqual(['a', 'b']);
  expect(first.metadata.remainingItemCount).toBe(3);
  expect(first.items[0]).not.toHaveProperty('kind');
  await store.update(asAdmin, 'ConfigMap', key('c'), (c) => ({ ...c, data: { i: 'changed' } }));
  await store.delete(asAdmin, 'ConfigMap', key('e'));
  await store.create(asAdmin, 'ConfigMap', { metadata: key('dd') });
  const second = (await server.get(`${configMaps}?limit=2&continue=${first.metadata.continue}`)).body;
  expect(namesOf(second)).toEqual(['c', 'd']);
  expect(second.items[0].data.i).toBe('c');
  expect(second.metadata).toMatchObject({ resourceVersion: first.metadata.resourceVersion, remainingItemCount: 1 });
  const third = (await server.get(`${configMaps}?limit=2&continue=${second.metadata.continue}`)).body;
  expect(namesOf(third)).toEqual(['e']);
  expect(third.metadata).not.toHaveProperty('continue');
  const exact = `${configMaps}?resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`;
  expect(namesOf((await server.get(exact)).body)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(namesOf((await server.get(configMaps)).body)).toEqual(['a', 'b', 'c', 'd', 'dd']);
});

it('a list whose history is gone may go on with another token', async () => {
  const { server, store, pool } = await worldWith(['a', 'b', 'c']);
  const first = (await server.get(`${configMaps}?limit=1`)).body;
  for (let n = 0; n < 5; n += 1)
    await store.update(asAdmin, 'ConfigMap', key('b'), (c) => ({ ...c, data: { n: String(n) } }));
  await compact(pool, { keepMs: 3_600_000, maxRows: 2 });
  const gone = await server.get(`${configMaps}?limit=1&continue=${first.metadata.continue}`);
  expect(gone).toMatchObject({ status: 410, body: { reason: 'Expired', metadata: { continue: expect.any(String) } } });
  const rest = await server.get(`${configMaps}?continue=${gone.body.metadata.continue}`);
  expect(namesOf(rest.body)).toEqual(['b', 'c']);
  expect(rest.body.items[0].data.n).toBe('4');
  const exact = await server.get(
    `${configMaps}?resourceVersion=${first.metadata.resourceVersion}&resourceVersionMatch=Exact`,
  );
  expect(exact).toMatchObject({ status: 410, body: { reason: 'Expired', metadata: {} } });
});

it('streams a long list whole, in every form', async () => {
  const { server, store } = await worldWith([]);
  const names = Array.from({ length: 1500 }, (_, index) => `n${String(index).padStart(4, '0')}`);
  const data = { text: 'é'.repeat(3000) };
  await Promise.all(names.map((name) => store.create(asAdmin, 'ConfigMap', { metadata: key(name), data })));
  const whole = (await server.get(configMaps)).body;
  expect(namesOf(whole)).toEqual(names);
  expect(whole.items[1499].data).toEqual(data);
  expect(whole.metadata).toEqual({ resourceVersion: String(await store.revision()) });
  expect((await server.get(configMaps, table)).body.rows).toHaveLength(1500);
  const most = (await server.get(`${configMaps}?limit=1400`)).body;
  expect(most.items).toHaveLength(1400);
  expect(most.metadata.remainingItemCount).toBe(100);
  expect(namesOf((await server.get(`${configMaps}?continue=${most.metadata.continue}`)).body)).toEqual(
    names.slice(1400),
  );
});

it.each([
  ['resourceVersion=abc', 400],
  ['limit=x', 400],
  ['limit=-1', 200],
  ['continue=garbage', 400],
  ['continue=%00%ff', 400],
  [`continue=${Buffer.from('{"__proto__":1}').toString('base64url')}`, 400],
  [`continue=${Buffer.from('[1,2,3,4,5]').toString('base64url')}`, 400],
  ['labelSelector=a%20b%20c', 400],
  ['labelSelector=a%3Db%20c', 400],
  ['labelSelector=-a%3Db', 400],
  ['labelSelector=a%20in%20(', 400],
  ['labelSelector=a,', 400],
  ['labelSelector=odd%3E1', 200],
  ['labelSelector=odd%3Ex', 400],
  ['fieldSelector=metadata.name', 400],
  ['fieldSelector=metadata.name%3D%00', 400],
  ['fieldSelector=__proto__%3Dx', 400],
  ['resourceVersion=99999999999999999999&resourceVersionMatch=NotOlderThan', 504],
  ['resourceVersion=999999999', 504],
  ['resourceVersionMatch=Exact', 422],
  ['resourceVersionMatch=Exact&resourceVersion=0', 422],
  ['sendInitialEvents=true', 422],
])('answers ?%s with %i', async (query, status) => {
  const { server } = await worldWith(['a', 'b']);
  expect((await server.get(`${configMaps}?${query}`)).status).toBe(status);
  expect(server.errors).toEqual([]);
});
