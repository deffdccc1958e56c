import { expect, test } from 'vitest';
import { testGateway, testToken } from '../../test/support/gateway.ts';
import { createDatum, type Datum } from './create-datum.ts';
import { ConflictError, FieldOwnershipError, NotFoundError, RequestError, ValidationError } from './errors.ts';

/** A client of a gateway of its own. */
async function start(): Promise<{ datum: Datum }> {
  const { url } = await testGateway();
  return { datum: createDatum({ url, token: testToken }) };
}

const key = { namespace: 'default', name: 'web' } as const;
const network = { metadata: key, spec: { ipam: { mode: 'Auto' } } } as const;

test('an object is made, read, merged, applied and deleted, each answer without what is absent', async () => {
  const { datum } = await start();
  const { object: made, warnings } = await datum.networks.create(network);
  expect(warnings).toEqual([]);
  expect(made).toMatchObject({ apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network', ...network });
  expect(Object.keys(made.metadata)).not.toContain('labels');
  expect(await datum.networks.get(key)).toEqual(made);

  const { object: merged } = await datum.networks.update(key, { metadata: { labels: { tier: 'edge', a: 'b' } } });
  expect(merged.metadata.labels).toEqual({ tier: 'edge', a: 'b' });
  const { object: cleared } = await datum.networks.update(key, { metadata: { labels: { a: null } } });
  expect(cleared.metadata.labels).toEqual({ tier: 'edge' });

  const { created, object: applied } = await datum.networks.apply({ ...network, spec: { mtu: 1400 } }, { force: true });
  expect([created, applied.spec.mtu]).toEqual([false, 1400]);
  const managed = await datum.networks.get({ ...key, select: { metadata: { managedFields: { manager: true } } } });
  expect(managed.metadata.managedFields?.map(({ manager }) => manager)).toContain('datum-sdk');

  expect(await datum.networks.delete(key)).toMatchObject({ deleted: true, object: { metadata: key }, warnings: [] });
  expect(await datum.networks.find(key)).toBeUndefined();
  await expect(datum.networks.get(key)).rejects.toThrow(new NotFoundError({ kind: 'Network', ...key }));
});

test('a dry run answers what would be, and keeps nothing', async () => {
  const { datum } = await start();
  const { object } = await datum.networks.create(network, { dryRun: true });
  expect(object.spec.mtu).toBeTypeOf('number');
  expect(await datum.networks.find(key)).toBeUndefined();
  await datum.networks.create(network);
  await datum.networks.update(key, { spec: { mtu: 1400 } }, { dryRun: true });
  await datum.networks.delete(key, { dryRun: true });
  expect((await datum.networks.get(key)).spec.mtu).toBe(object.spec.mtu);
});

test('user errors are thrown, with the path of the field and the code', async () => {
  const { datum } = await start();
  const wrong = datum.networks.create({ ...network, spec: { ipam: { mode: 'Auto' }, mtu: 5 } });
  await expect(wrong).rejects.toThrow(ValidationError);
  await expect(wrong).rejects.toMatchObject({ code: 'INVALID', field: 'spec.mtu', problems: [{ field: 'spec.mtu' }] });

  await datum.networks.create(network);
  const twice = datum.networks.create(network);
  await expect(twice).rejects.toThrow(ConflictError);
  await expect(twice).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  const { metadata } = await datum.networks.get(key);
  const late = datum.networks.update(key, { spec: { mtu: 1400 } }, { ifMatch: '1' });
  await expect(late).rejects.toMatchObject({ code: 'CONFLICT', currentResourceVersion: metadata.resourceVersion });

  await datum.networks.apply({ metadata: key, spec: { mtu: 1400 } }, { fieldManager: 'first', force: true });
  const taken = datum.networks.apply({ metadata: key, spec: { mtu: 1500 } });
  await expect(taken).rejects.toThrow(FieldOwnershipError);
  await expect(taken).rejects.toMatchObject({ conflicts: [{ manager: 'first', field: '.spec.mtu' }] });
  await datum.networks.apply({ metadata: key, spec: { mtu: 1500 } }, { force: true });
  await expect(datum.networks.delete({ ...key, name: 'none' })).rejects.toThrow(NotFoundError);

  const request = datum.networks.list({ pageSize: 1000 }).page();
  await expect(request).rejects.toThrow(RequestError);
  await expect(request).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'first',
    requestId: expect.any(String),
  });
});

test('a manifest says its kind, or another one', async () => {
  const { datum } = await start();
  const kind = { apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network' } as const;
  await datum.networks.apply({ ...kind, ...network });
  const other = { ...network, kind: 'Subnet' } as unknown as typeof network;
  await expect(async () => datum.networks.apply(other)).rejects.toThrow('Subnet is not');
});

test('a list is read page by page, as far as it is asked for', async () => {
  const { datum } = await start();
  const names = Array.from({ length: 7 }, (_, n) => `c-${n}`);
  for (const name of names)
    await datum.configMaps.create({
      metadata: { namespace: 'default', name, labels: { even: String(Number(name.at(-1)) % 2 === 0) } },
    });
  const list = datum.configMaps.list({ namespace: 'default', pageSize: 3 });
  expect((await list.all()).map(({ metadata }) => metadata.name)).toEqual(names);
  const sizes: number[] = [];
  for await (const { items } of list.pages()) sizes.push(items.length);
  expect(sizes).toEqual([3, 3, 1]);
  const few: string[] = [];
  for await (const { metadata } of datum.configMaps.list({ labelSelector: 'even=true', orderBy: 'NAME_DESC' }))
    few.push(metadata.name);
  expect(few).toEqual(['c-6', 'c-4', 'c-2', 'c-0']);
  const { next = '', resumeToken } = await list.page();
  expect(
    (await datum.configMaps.list({ namespace: 'default', after: next, pageSize: 1 }).page()).items[0]?.metadata.name,
  ).toBe('c-3');
  expect(resumeToken).toBeTypeOf('string');
});

test('the largest page of every kind, with everything, is within what the server allows', async () => {
  const { datum } = await start();
  const resources = Object.entries(datum).filter(([, member]) => typeof member === 'object' && 'list' in member);
  expect(resources.length).toBeGreaterThan(20);
  for (const [name, resource] of resources) {
    const page = await (resource as Datum['networks']).list().page();
    expect(page.items.length, name).toBeGreaterThanOrEqual(0);
  }
});

test('relations are selected with the object', async () => {
  const { datum } = await start();
  await datum.networks.create(network);
  const location = { namespace: 'default', name: 'dfw' } as const;
  for (const name of ['one', 'two'])
    await datum.networkBindings.create({
      metadata: { namespace: 'default', name },
      spec: { network: { name: 'web' }, location },
    });
  const found = await datum.networks.get({
    ...key,
    select: {
      id: true,
      metadata: { name: true },
      bindings: {
        $: { first: 1, filter: { fieldSelector: 'metadata.name=two' } },
        nodes: { metadata: { name: true }, spec: true, network: { spec: { ipam: true } }, location: true },
        pageInfo: true,
      },
    },
  });
  expect(found).toEqual({
    id: expect.any(String),
    metadata: { name: 'web' },
    bindings: {
      nodes: [
        {
          metadata: { name: 'two' },
          spec: { network: { name: 'web' }, location },
          network: { spec: { ipam: { mode: 'Auto' } } },
        },
      ],
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    },
  });
});

test('a list is searched for a text and counted by the server, and a watch goes on where it was read', async () => {
  const { datum } = await start();
  for (const name of ['one', 'two', 'three'])
    await datum.configMaps.create({
      metadata: { namespace: 'default', name, labels: { tier: name === 'one' ? 'Edge' : 'core' } },
    });
  const names = ({ items }: { readonly items: readonly { readonly metadata: { readonly name: string } }[] }) =>
    items.map(({ metadata }) => metadata.name);
  const first = await datum.configMaps.list({ pageSize: 1, count: true }).page();
  expect([names(first), first.total]).toEqual([['one'], 3]);
  expect(
    (await datum.configMaps.list().page()).total,
    'counting costs, and is only done when asked for',
  ).toBeUndefined();
  const found = await datum.configMaps.list({ text: 'TIER=e', count: true }).page();
  expect([names(found), found.total]).toEqual([['one'], 1]);
  expect(names(await datum.configMaps.list({ text: 'T', orderBy: 'NAME_DESC' }).page())).toEqual([
    'two',
    'three',
    'one',
  ]);

  const told: string[] = [];
  const hearing = (async () => {
    for await (const { type, ...event } of datum.configMaps.watch({ text: 'TIER=e', from: found.resumeToken }))
      if ('object' in event && told.push(`${type} ${event.object.metadata.name}`) === 3) return;
  })();
  const relabel = async (name: string, tier: string) =>
    datum.configMaps.update({ namespace: 'default', name }, { metadata: { labels: { tier } } });
  await relabel('two', 'east');
  await relabel('three', 'west');
  await relabel('one', 'core');
  await relabel('two', 'edge');
  await hearing;
  expect(told).toEqual(['ADDED two', 'DELETED one', 'MODIFIED two']);
  const other = datum.configMaps.watch({ text: 'else', from: found.resumeToken });
  await expect(other.next()).rejects.toMatchObject({ code: 'INVALID_RESUME_TOKEN' });
});
