import { expect, it } from 'vitest';
import { asAdmin } from '../test/support/store.ts';
import { readEvents } from '../test/support/events.ts';
import type { Store } from './types.ts';

const inDefault = (name: string) => ({ namespace: 'default', name });
const configMap = (name: string, more: Record<string, unknown> = {}) => ({
  metadata: { name, namespace: 'default', ...more },
  data: { a: '1' },
});
const network = (name: string) => ({ metadata: { name, namespace: 'default' }, spec: { ipam: { mode: 'Auto' } } });

/** What every implementation of Store must do; `open` gives a fresh one with the namespace `default`. */
export function storeConformance(open: () => Promise<Store>): void {
  it('creates, gives metadata and reads back', async () => {
    const store = await open();
    const { object } = await store.create(asAdmin, 'Network', network('n'));
    expect(object.metadata).toMatchObject({ name: 'n', namespace: 'default', generation: 1 });
    expect(object.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(BigInt(object.metadata.resourceVersion)).toBeGreaterThan(0n);
    expect(await store.get(asAdmin, 'Network', inDefault('n'))).toEqual(object);
    expect(await store.get({ ...asAdmin, project: 'other' }, 'Network', inDefault('n'))).toBeUndefined();
    expect(await store.getMany(asAdmin, 'Network', [inDefault('x'), inDefault('n')])).toEqual([undefined, object]);
    const places = [
      { kind: 'ConfigMap', ...inDefault('n') },
      { kind: 'Network', ...inDefault('n') },
      { kind: 'Namespace', namespace: '', name: 'default' },
    ];
    expect(await store.getPlaces(asAdmin, places)).toEqual([
      undefined,
      object,
      expect.objectContaining({ kind: 'Namespace' }),
    ]);
  });

  it('refuses a second object of one name, and a namespace that is missing', async () => {
    const store = await open();
    await store.create(asAdmin, 'ConfigMap', configMap('a'));
    await expect(store.create(asAdmin, 'ConfigMap', configMap('a'))).rejects.toMatchObject({ code: 'AlreadyExists' });
    await expect(
      store.create(asAdmin, 'ConfigMap', { metadata: { name: 'a', namespace: 'nowhere' } }),
    ).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('makes names out of generateName', async () => {
    const store = await open();
    const { object } = await store.create(asAdmin, 'ConfigMap', {
      metadata: { generateName: 'job-', namespace: 'default' },
    });
    expect(object.metadata.name).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it('counts generations of the spec only, and keeps status and spec apart', async () => {
    const store = await open();
    await store.create(asAdmin, 'Network', { ...network('n'), status: { conditions: [] } });
    const spec = await store.update(asAdmin, 'Network', inDefault('n'), (n) => ({
      ...n,
      spec: { ...n.spec, mtu: 1500 },
      status: { ipam: { subnets: 9 } },
    }));
    expect(spec.object.metadata.generation).toBe(2);
    expect(spec.object.status?.ipam).toBeUndefined();
    const status = await store.update(
      asAdmin,
      'Network',
      inDefault('n'),
      (n) => ({ ...n, spec: { ...n.spec, mtu: 1600 }, status: { ...n.status, ipam: { subnets: 9 } } }),
      {
        subresource: 'status',
      },
    );
    expect(status.object.metadata.generation).toBe(2);
    expect(status.object.spec.mtu).toBe(1500);
    expect(status.object.status?.ipam).toEqual({ subnets: 9 });
    const labels = await store.update(asAdmin, 'Network', inDefault('n'), (n) => ({
      ...n,
      metadata: { ...n.metadata, labels: { a: 'b' } },
    }));
    expect(labels.object.metadata.generation).toBe(2);
  });

  it('lists for many anchors what it lists for each', async () => {
    const store = await open();
    const owners: string[] = [];
    for (const name of ['a', 'b', 'c'])
      owners.push((await store.create(asAdmin, 'Network', network(name))).object.metadata.uid);
    for (const [name, owner] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['a3', 'a'],
      ['b1', 'b'],
    ] as const) {
      const [uid = ''] = owners.slice(['a', 'b'].indexOf(owner));
      const ownerReferences = [{ apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network', name: owner, uid }];
      const spec = { network: { name: owner }, location: { name: 'l', namespace: 'default' } };
      await store.create(asAdmin, 'NetworkBinding', {
        metadata: { name, namespace: 'default', ownerReferences, labels: { odd: String(name.endsWith('2')) } },
        spec,
      });
    }
    const byOwner = owners.map((owner) => ({ owner, namespace: 'default' }));
    const byReference = ['a', 'b', 'c'].map((name) => ({ refersTo: { kind: 'Network', ...inDefault(name) } }));
    for (const anchors of [byOwner, byReference]) {
      for (const options of [{}, { limit: 2 }, { order: '-name', labelSelector: 'odd=false', limit: 1 }] as const) {
        const each = await Promise.all(
          anchors.map((anchor) => store.list(asAdmin, 'NetworkBinding', { ...anchor, ...options })),
        );
        expect(each.map(({ items }) => items.length).toSorted()).not.toEqual([0, 0, 0]);
        expect(await store.listMany(asAdmin, 'NetworkBinding', anchors, options)).toEqual(each);
      }
    }
  });

  it('keeps the revision when nothing changes', async () => {
    const store = await open();
    const { object } = await store.create(asAdmin, 'ConfigMap', configMap('a'));
    const again = await store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({ ...c }));
    expect(again).toMatchObject({
      changed: false,
      object: { metadata: { resourceVersion: object.metadata.resourceVersion } },
    });
  });

  it('refuses a stale write and a foreign uid', async () => {
    const store = await open();
    const { object } = await store.create(asAdmin, 'ConfigMap', configMap('a'));
    await store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({ ...c, data: { a: '2' } }));
    const stale = store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({ ...c, data: { a: '3' } }), {
      ifMatch: object.metadata.resourceVersion,
    });
    await expect(stale).rejects.toMatchObject({ code: 'Conflict' });
    await expect(
      store.update(asAdmin, 'ConfigMap', inDefault('a'), () => ({ ...object, data: { a: '3' } })),
    ).rejects.toMatchObject({ code: 'Conflict' });
    await expect(
      store.delete(asAdmin, 'ConfigMap', inDefault('a'), { uid: '00000000-0000-0000-0000-000000000000' }),
    ).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('starts from a state that the caller read, unless that is stale', async () => {
    const store = await open();
    const { object: stale } = await store.create(asAdmin, 'ConfigMap', configMap('a'));
    const add = (key: string) =>
      store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({ ...c, data: { ...c.data, [key]: '1' } }), {
        startFrom: stale,
      });
    const before = structuredClone(stale);
    await add('b');
    expect(stale).toEqual(before);
    expect((await add('c')).object.data).toEqual({ a: '1', b: '1', c: '1' });
    expect((await store.get(asAdmin, 'ConfigMap', inDefault('a')))?.data).toEqual({ a: '1', b: '1', c: '1' });
  });

  it('never touches the state that a status write starts from', async () => {
    const store = await open();
    const { object: stale } = await store.create(asAdmin, 'Network', network('n'));
    const before = structuredClone(stale);
    const write = (subnets: number) =>
      store.update(
        asAdmin,
        'Network',
        inDefault('n'),
        (n) => ({ ...n, status: { ...n.status, ipam: { ...n.status?.ipam, subnets } } }),
        { subresource: 'status', startFrom: stale },
      );
    await write(1);
    expect(stale).toEqual(before);
  });

  it('loses no update of writers that race', async () => {
    const store = await open();
    await store.create(asAdmin, 'ConfigMap', { ...configMap('a'), data: { n: '0' } });
    const add = () =>
      store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({
        ...c,
        data: { n: String(Number(c.data?.['n']) + 1) },
      }));
    await Promise.all(Array.from({ length: 8 }, add));
    expect((await store.get(asAdmin, 'ConfigMap', inDefault('a')))?.data).toEqual({ n: '8' });
  });

  it('keeps an object with finalizers until the last is gone', async () => {
    const store = await open();
    await store.create(asAdmin, 'Network', {
      ...network('n'),
      metadata: { name: 'n', namespace: 'default', finalizers: ['example.com/hold'] },
    });
    const first = await store.delete(asAdmin, 'Network', inDefault('n'));
    expect(first).toMatchObject({ deleted: false, object: { metadata: { generation: 2 } } });
    expect(first.object.metadata.deletionTimestamp).toBeDefined();
    expect(await store.delete(asAdmin, 'Network', inDefault('n'))).toMatchObject({
      deleted: false,
      object: { metadata: { resourceVersion: first.object.metadata.resourceVersion } },
    });
    await store.update(asAdmin, 'Network', inDefault('n'), (n) => ({
      ...n,
      metadata: { ...n.metadata, finalizers: [] },
    }));
    expect(await store.get(asAdmin, 'Network', inDefault('n'))).toBeUndefined();
  });

  it('changes the finalizers in the spec of a namespace by their own path only', async () => {
    const store = await open();
    const key = { namespace: '', name: 'kept' };
    const labelled = { a: 'b', 'kubernetes.io/metadata.name': 'kept' };
    await store.create(asAdmin, 'Namespace', { metadata: { name: 'kept' } });
    const { object } = await store.update(asAdmin, 'Namespace', key, ({ spec: _spec, ...rest }) => ({
      ...rest,
      metadata: { ...rest.metadata, labels: { a: 'b' } },
    }));
    expect(object).toMatchObject({ metadata: { labels: labelled }, spec: { finalizers: ['kubernetes'] } });
    const free = await store.update(asAdmin, 'Namespace', key, (one) => ({ ...one, spec: {} }), {
      managedAs: 'finalize',
    });
    expect(free.object.spec).toEqual({});
  });

  it('takes nothing new in a namespace that is being deleted', async () => {
    const store = await open();
    await store.create(asAdmin, 'Namespace', { metadata: { name: 'going' } });
    await store.delete(asAdmin, 'Namespace', { namespace: '', name: 'going' });
    expect((await store.get(asAdmin, 'Namespace', { namespace: '', name: 'going' }))?.status?.phase).toBe(
      'Terminating',
    );
    await expect(
      store.create(asAdmin, 'ConfigMap', { metadata: { name: 'a', namespace: 'going' } }),
    ).rejects.toMatchObject({ code: 'NamespaceTerminating' });
    await expect(store.delete(asAdmin, 'Namespace', { namespace: '', name: 'default' })).rejects.toMatchObject({
      code: 'Forbidden',
    });
  });

  it('keeps nothing of a dry run', async () => {
    const store = await open();
    const before = await store.revision();
    const { object } = await store.create(asAdmin, 'Network', network('n'), { dryRun: true });
    expect(object.spec.mtu).toBe(1460);
    expect(await store.get(asAdmin, 'Network', inDefault('n'))).toBeUndefined();
    await store.create(asAdmin, 'Network', network('n'));
    const changed = await store.update(
      asAdmin,
      'Network',
      inDefault('n'),
      (n) => ({ ...n, spec: { ...n.spec, mtu: 1500 } }),
      { dryRun: true },
    );
    expect(changed.object.metadata.generation).toBe(2);
    await store.delete(asAdmin, 'Network', inDefault('n'), { dryRun: true });
    expect(await store.get(asAdmin, 'Network', inDefault('n'))).toMatchObject({
      spec: { mtu: 1460 },
      metadata: { generation: 1 },
    });
    await expect(store.create(asAdmin, 'Network', network('n'), { dryRun: true })).rejects.toMatchObject({
      code: 'AlreadyExists',
    });
    expect(await store.revision()).toBeGreaterThan(before);
  });

  it('answers an idempotency key with the first result', async () => {
    const store = await open();
    const input = { metadata: { generateName: 'a-', namespace: 'default' }, data: { x: '1' } };
    const first = await store.create(asAdmin, 'ConfigMap', input, { idempotencyKey: 'k' });
    const second = await store.create(asAdmin, 'ConfigMap', input, { idempotencyKey: 'k' });
    expect(second.object).toEqual(first.object);
    await expect(
      store.create(asAdmin, 'ConfigMap', { ...input, data: { x: '2' } }, { idempotencyKey: 'k' }),
    ).rejects.toMatchObject({ code: 'IdempotencyMismatch' });
    expect((await store.list(asAdmin, 'ConfigMap')).items).toHaveLength(1);
  });

  it('lists by selectors, in order and page by page', async () => {
    const store = await open();
    for (const name of ['c', 'a', 'd', 'b']) {
      await store.create(
        asAdmin,
        'ConfigMap',
        configMap(name, { labels: { tier: name < 'c' ? 'edge' : 'core', [name]: 'x' } }),
      );
    }
    const names = async (options: Parameters<Store['list']>[2]) =>
      (await store.list(asAdmin, 'ConfigMap', options)).items.map(({ metadata }) => metadata.name).join('');
    expect(await names({})).toBe('abcd');
    expect(await names({ order: '-name' })).toBe('dcba');
    expect(await names({ labelSelector: 'tier=edge' })).toBe('ab');
    expect(await names({ labelSelector: 'tier in (core, other),!d' })).toBe('c');
    expect(await names({ labelSelector: 'tier!=edge' })).toBe('cd');
    expect(await names({ labelSelector: 'tier notin (edge),d' })).toBe('d');
    expect(await names({ fieldSelector: 'metadata.name!=a,metadata.namespace=default' })).toBe('bcd');
    expect(await names({ namespace: 'other' })).toBe('');
    const first = await store.list(asAdmin, 'ConfigMap', { limit: 3 });
    expect(first.hasMore).toBe(true);
    const after = first.cursors[2] ?? '';
    expect(await names({ limit: 3, after })).toBe('d');
    await expect(store.list(asAdmin, 'ConfigMap', { after, labelSelector: 'a' })).rejects.toMatchObject({
      code: 'InvalidToken',
    });
    await expect(store.list({ ...asAdmin, project: 'other' }, 'ConfigMap', { after })).rejects.toMatchObject({
      code: 'InvalidToken',
    });
    await expect(store.list(asAdmin, 'ConfigMap', { labelSelector: 'a==' + '=b' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    await expect(store.list(asAdmin, 'ConfigMap', { fieldSelector: 'data.a=1' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
  });

  it('lists by owner and by reference', async () => {
    const store = await open();
    const { object: owner } = await store.create(asAdmin, 'Network', network('n'));
    const reference = { apiVersion: owner.apiVersion, kind: 'Network', name: 'n', uid: owner.metadata.uid };
    await store.create(asAdmin, 'ConfigMap', configMap('owned', { ownerReferences: [reference] }));
    await store.create(asAdmin, 'NetworkBinding', {
      metadata: { name: 'b', namespace: 'default' },
      spec: { network: { name: 'n' }, location: { name: 'l', namespace: 'default' } },
    });
    expect((await store.list(asAdmin, 'ConfigMap', { owner: owner.metadata.uid })).items).toHaveLength(1);
    expect(
      (await store.list(asAdmin, 'NetworkBinding', { refersTo: { kind: 'Network', ...inDefault('n') } })).items,
    ).toHaveLength(1);
    expect(
      (await store.list(asAdmin, 'NetworkBinding', { refersTo: { kind: 'Network', ...inDefault('other') } })).items,
    ).toHaveLength(0);
  });

  it('watches: state, bookmark, then every change once and in order', async () => {
    const store = await open();
    await store.create(asAdmin, 'ConfigMap', configMap('a'));
    const reader = readEvents((signal) => store.watch(asAdmin, 'ConfigMap', { signal }));
    await reader.until((events) => events.some((event) => event.type === 'BOOKMARK'));
    await store.create(asAdmin, 'ConfigMap', configMap('b'));
    await store.update(asAdmin, 'ConfigMap', inDefault('b'), (c) => ({ ...c, data: { a: '2' } }));
    await store.delete(asAdmin, 'ConfigMap', inDefault('b'));
    await store.create({ ...asAdmin, project: 'default' }, 'Network', network('noise'));
    await reader.until((events) => events.length === 5);
    await reader.stop();
    expect(reader.events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK', 'ADDED', 'MODIFIED', 'DELETED']);
  });

  it('resumes after a revision, and shows transitions in and out of a selector', async () => {
    const store = await open();
    const { revision } = await store.list(asAdmin, 'ConfigMap');
    await store.create(asAdmin, 'ConfigMap', configMap('a', { labels: { on: 'no' } }));
    const label = (on: string) =>
      store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({
        ...c,
        metadata: { ...c.metadata, labels: { on } },
      }));
    await label('yes');
    await store.update(asAdmin, 'ConfigMap', inDefault('a'), (c) => ({ ...c, data: { a: '2' } }));
    await label('no');
    await label('yes');
    await store.delete(asAdmin, 'ConfigMap', inDefault('a'));
    const reader = readEvents((signal) =>
      store.watch(asAdmin, 'ConfigMap', { from: revision, labelSelector: 'on=yes', signal }),
    );
    await reader.until((events) => events.length === 5);
    await reader.stop();
    expect(reader.events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'DELETED']);
    expect(reader.events[2]).toMatchObject({ object: { metadata: { labels: { on: 'yes' } }, data: { a: '2' } } });
  });

  it('sends bookmarks into silence', async () => {
    const store = await open();
    const reader = readEvents((signal) => store.watch(asAdmin, 'ConfigMap', { bookmarkEveryMs: 40, signal }));
    await reader.until((events) => events.filter(({ type }) => type === 'BOOKMARK').length >= 3);
    await reader.stop();
  });
}
