import { expect, it } from 'vitest';
import { asAdmin, openTestStore, testStore, type TestStore } from '../../test/support/store.ts';
import { controlPlaneOf } from '../control-plane.ts';
import { createIpam } from '../ipam/create-ipam.ts';
import type { RequestContext, Store } from '../types.ts';

const inDefault = (name: string) => ({ namespace: 'default', name });
const secret = (name: string) => ({ metadata: inDefault(name), data: {} });

async function limit(store: Store, hard: Record<string, string | number>, name = 'q', as = asAdmin): Promise<void> {
  const key = { namespace: 'default', name };
  if ((await store.get(as, 'ResourceQuota', key)) === undefined)
    await store.create(as, 'ResourceQuota', { metadata: key, spec: { hard } });
  else await store.update(as, 'ResourceQuota', key, (quota) => ({ ...quota, spec: { hard } }));
}

/** `quota resource used/hard` of all limits. */
async function limits({ pool }: TestStore): Promise<string[]> {
  const { rows } = await pool.query<Record<string, string>>('select * from quota_limit order by 1, 2, 3, 4');
  return rows.map(({ quota, resource, used, hard }) => `${quota} ${resource} ${Number(used)}/${Number(hard)}`);
}

const machine = (name: string) => ({
  metadata: inDefault(name),
  spec: {
    runtime: {
      resources: { instanceType: 'datumcloud/d1-standard-2' },
      sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29' }] },
    },
    networkInterfaces: [{ network: { name: 'default' } }],
  },
});

it('refuses what would exceed a limit, with the numbers; deleting makes room', async () => {
  const open = await testStore();
  const { store } = open;
  await store.create(asAdmin, 'Secret', secret('a'));
  await limit(store, { secrets: 2 });
  await store.create(asAdmin, 'Secret', secret('b'));
  await expect(store.create(asAdmin, 'Secret', secret('c'))).rejects.toMatchObject({
    code: 'QuotaExceeded',
    message: 'secrets "c" is forbidden: exceeded quota: q, requested: secrets=1, used: secrets=2, limited: secrets=2',
    limits: [{ quota: 'q', resource: 'secrets', requested: '1', used: '2', limit: '2' }],
  });
  const { object } = await store.create(asAdmin, 'ConfigMap', { metadata: inDefault('c') });
  expect(object.metadata.name).toBe('c');
  await store.delete(asAdmin, 'Secret', inDefault('a'));
  expect(await limits(open)).toEqual(['q secrets 1/2']);
  await store.create(asAdmin, 'Secret', secret('c'));
  await store.delete(asAdmin, 'ResourceQuota', inDefault('q'));
  expect(await limits(open)).toEqual([]);
  await store.create(asAdmin, 'Secret', secret('d'));
});

it('holds for generated names, applies and dry runs, which take nothing', async () => {
  const open = await testStore();
  const { store } = open;
  await limit(store, { 'count/configmaps': 1 });
  const generated = { metadata: { namespace: 'default', generateName: 'g-' } };
  await store.create(asAdmin, 'ConfigMap', generated, { dryRun: true });
  await store.create(asAdmin, 'ConfigMap', generated, { dryRun: true });
  expect(await limits(open)).toEqual(['q count/configmaps 0/1']);
  await store.apply(asAdmin, 'ConfigMap', inDefault('a'), { data: { a: '1' } });
  await store.apply(asAdmin, 'ConfigMap', inDefault('a'), { data: { a: '2' } });
  const refused = { code: 'QuotaExceeded' };
  await expect(store.create(asAdmin, 'ConfigMap', generated)).rejects.toMatchObject(refused);
  await expect(store.create(asAdmin, 'ConfigMap', generated, { dryRun: true })).rejects.toMatchObject(refused);
  await expect(store.apply(asAdmin, 'ConfigMap', inDefault('b'), { data: {} })).rejects.toMatchObject(refused);
  await expect(store.apply(asAdmin, 'ConfigMap', inDefault('b'), {}, { dryRun: true })).rejects.toMatchObject(refused);
  await store.delete(asAdmin, 'ConfigMap', inDefault('a'), { dryRun: true });
  expect(await limits(open)).toEqual(['q count/configmaps 1/1']);
});

it('answers an idempotency key again where there is no room any more', async () => {
  const { store } = await testStore();
  await limit(store, { secrets: 1 });
  const first = await store.create(asAdmin, 'Secret', secret('a'), { idempotencyKey: 'k' });
  const again = await store.create(asAdmin, 'Secret', secret('a'), { idempotencyKey: 'k' });
  expect(again.object.metadata.uid).toBe(first.object.metadata.uid);
});

it('keeps what is there when a limit is lowered, and refuses more', async () => {
  const open = await testStore();
  const { store } = open;
  for (const name of ['a', 'b', 'c']) await store.create(asAdmin, 'Secret', secret(name));
  await limit(store, { secrets: 5 });
  await limit(store, { secrets: 1 });
  expect(await limits(open)).toEqual(['q secrets 3/1']);
  await store.update(asAdmin, 'Secret', inDefault('a'), (one) => ({ ...one, data: { a: 'YQ==' } }));
  await store.delete(asAdmin, 'Secret', inDefault('b'));
  await expect(store.create(asAdmin, 'Secret', secret('b'))).rejects.toMatchObject({ code: 'QuotaExceeded' });
});

it('keeps to every quota, and to no other namespace', async () => {
  const { store } = await testStore();
  await store.create(asAdmin, 'Namespace', { metadata: { name: 'other' } });
  await limit(store, { secrets: 5 }, 'wide');
  await limit(store, { 'count/secrets': 0 }, 'narrow');
  await expect(store.create(asAdmin, 'Secret', secret('a'))).rejects.toMatchObject({
    limits: [{ quota: 'narrow', resource: 'count/secrets' }],
  });
  await store.create(asAdmin, 'Secret', { metadata: { namespace: 'other', name: 'a' } });
});

it('counts machines, cores, memory and external addresses', async () => {
  const open = await testStore();
  const { store } = open;
  await store.create(asAdmin, 'Instance', machine('a'));
  await limit(store, { machines: 9, cpu: '4500m', memory: '32Gi', addresses: 9 });
  await store.create(asAdmin, 'Instance', machine('b'));
  await expect(store.create(asAdmin, 'Instance', machine('c'))).rejects.toMatchObject({
    message:
      'instances.compute.datumapis.com "c" is forbidden: exceeded quota: q, requested: cpu=2, used: cpu=4, limited: cpu=4500m',
  });
  expect(await limits(open)).toEqual([
    'q addresses 2/9',
    'q cpu 4/4.5',
    `q machines 2/9`,
    `q memory ${2 ** 34}/${2 ** 35}`,
  ]);
  await store.delete(asAdmin, 'Instance', inDefault('a'));
  expect(await limits(open)).toEqual([
    'q addresses 1/9',
    'q cpu 2/4.5',
    `q machines 1/9`,
    `q memory ${2 ** 33}/${2 ** 35}`,
  ]);
});

it('counts internal addresses as they are given and given back', async () => {
  const open = await testStore();
  const ipam = createIpam(open.pool);
  const project = asAdmin.project;
  await ipam.ensureSpace({ project, uid: 'n', family: 'IPv4', range: '10.0.0.0/16' });
  await ipam.allocateBlock({ project, network: 'n', family: 'IPv4', owner: 's', prefixLength: 24 });
  const give = (owner: string, namespace = 'default') =>
    ipam.allocateAddress({ project, namespace, subnet: 's', owner, interfaceIndex: 0 });
  await give('before');
  await limit(open.store, { addresses: 2 });
  expect(await limits(open)).toEqual(['q addresses 1/2']);
  await give('one');
  expect(await give('one')).toMatchObject({ ok: true });
  expect(await give('two')).toEqual({
    ok: false,
    reason: 'QuotaExceeded',
    message: 'exceeded quota: q, requested: addresses=1, used: addresses=2, limited: addresses=2',
  });
  expect(await give('elsewhere', 'other')).toMatchObject({ ok: true });
  await ipam.releaseAddresses({ project, owner: 'before' });
  expect(await give('two')).toMatchObject({ ok: true });
  expect(await limits(open)).toEqual(['q addresses 2/2']);
});

it('holds at once in a process that has met no limits yet', async () => {
  const one = await testStore();
  const two = await openTestStore(one.url, { secretKey: one.secretKey });
  try {
    await two.store.create(asAdmin, 'Secret', secret('a'));
    await limit(one.store, { secrets: 1 });
    await expect(two.store.create(asAdmin, 'Secret', secret('b'))).rejects.toMatchObject({ code: 'QuotaExceeded' });
    await two.store.delete(asAdmin, 'Secret', inDefault('a'));
    expect(await limits(one)).toEqual(['q secrets 0/1']);
  } finally {
    await two.close();
  }
});

it('limits a whole project; one that goes takes nothing new', async () => {
  const open = await testStore();
  const { store } = open;
  const spec = { quotas: { namespaces: 2, secrets: 1 } };
  const { object } = await store.create(asAdmin, 'Project', { metadata: { name: 'shop' }, spec });
  const inside: RequestContext = { ...asAdmin, project: controlPlaneOf(object) };
  for (const name of ['default', 'b']) await store.create(inside, 'Namespace', { metadata: { name } });
  await expect(store.create(inside, 'Namespace', { metadata: { name: 'c' } })).rejects.toMatchObject({
    limits: [{ quota: 'project shop', resource: 'namespaces', used: '2', limit: '2' }],
  });
  await store.create(inside, 'Secret', { metadata: { namespace: 'b', name: 'a' } });
  await expect(store.create(inside, 'Secret', secret('a'))).rejects.toMatchObject({ code: 'QuotaExceeded' });
  await store.update(asAdmin, 'Project', { namespace: '', name: 'shop' }, (project) => ({ ...project, spec: {} }));
  await store.create(inside, 'Secret', secret('a'));

  await store.delete(asAdmin, 'Project', { namespace: '', name: 'shop' });
  await expect(store.create(inside, 'ConfigMap', { metadata: inDefault('a') })).rejects.toMatchObject({
    code: 'NamespaceTerminating',
    message: 'unable to create new content in project shop because it is being terminated',
  });
  await store.delete(inside, 'Secret', inDefault('a'));
  await store.create(asAdmin, 'ConfigMap', { metadata: inDefault('a') });
});
