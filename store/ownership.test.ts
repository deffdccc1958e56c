import { beforeAll, describe, expect, it } from 'vitest';
import type { ManagedFieldsEntry, Resource } from '../kinds/object.ts';
import { createDatabase } from '../test/support/database.ts';
import { asAdmin, openTestStore, type TestStore } from '../test/support/store.ts';
import type { RequestContext } from './types.ts';

const as = (manager: string): RequestContext => ({ ...asAdmin, manager });
const key = (name: string) => ({ namespace: 'default', name });

let open: TestStore;
beforeAll(async () => {
  const database = await createDatabase();
  open = await openTestStore(database.url);
  return () => open.close().then(() => database.drop());
});

function network(name: string, spec: object = {}) {
  return { metadata: { name, namespace: 'default' }, spec: { ipam: { mode: 'Auto' }, ...spec } };
}

const entry = (object: Resource, manager: string): ManagedFieldsEntry | undefined =>
  object.metadata.managedFields?.find((each) => each.manager === manager);

describe('updates', () => {
  it('own what they change, and take nobody’s entry for nothing', async () => {
    await open.store.apply(as('one'), 'Network', key('tracked'), network('tracked', { mtu: 1500 }));
    const { object } = await open.store.update(as('editor'), 'Network', key('tracked'), (current) => ({
      ...current,
      spec: { ...current.spec, mtu: 1600 },
    }));
    expect(entry(object, 'editor')).toMatchObject({ operation: 'Update', fieldsV1: { 'f:spec': { 'f:mtu': {} } } });
    expect(entry(object, 'one')?.fieldsV1).toEqual({ 'f:spec': { 'f:ipam': { 'f:mode': {} } } });
    const again = await open.store.update(as('third'), 'Network', key('tracked'), (current) => ({ ...current }));
    expect(again).toMatchObject({ changed: false, object });
    const status = { conditions: object.status?.conditions ?? [] };
    const same = await open.store.update(
      as('worker'),
      'Network',
      key('tracked'),
      (current) => ({ ...current, status }),
      {
        subresource: 'status',
      },
    );
    expect(same.changed).toBe(false);
  });

  it('bound the number of entries', async () => {
    await open.store.create(as('m0'), 'ConfigMap', {
      metadata: { name: 'many', namespace: 'default' },
      data: { m0: '1' },
    });
    for (let n = 1; n < 14; n += 1) {
      await open.store.update(as(`m${n}`), 'ConfigMap', key('many'), (current) => ({
        ...current,
        data: { ...current.data, [`m${n}`]: '1' },
      }));
    }
    const object = await open.store.get(asAdmin, 'ConfigMap', key('many'));
    expect(object?.metadata.managedFields).toHaveLength(10);
    expect(JSON.stringify(object?.metadata.managedFields)).toContain('f:m0');
    expect(entry(object as Resource, 'ancient-changes')).toBeDefined();
  });

  it('ignore managed fields that cannot be read, and keep those of subresources out', async () => {
    const { object } = await open.store.create(asAdmin, 'Network', network('sent'));
    const send = (managedFields: unknown, subresource?: 'status') =>
      open.store.update(
        asAdmin,
        'Network',
        key('sent'),
        (current) => ({ ...current, metadata: { ...current.metadata, managedFields: managedFields as never } }),
        subresource && { subresource },
      );
    const valid = {
      manager: 'x',
      operation: 'Apply',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': {} },
    };
    let deep: object = {};
    for (let n = 0; n < 100; n += 1) deep = { 'f:x': deep };
    for (const bad of [
      [{ ...valid, operation: 'Nope' }],
      [{ ...valid, fieldsV1: { 'q:bad': {} } }],
      [{ ...valid, fieldsV1: { 'k:{': {} } }],
      [{ ...valid, fieldsV1: deep }],
      [{ ...valid, fieldsType: 'FieldsV2' }],
      ['x'],
      'x',
    ]) {
      expect(await send(bad)).toMatchObject({ changed: false });
    }
    expect(await send([valid], 'status')).toMatchObject({ changed: false });
    const replaced = await send([{ ...valid, fieldsV1: { 'f:spec': { 'k:{"b": 1, "a": "x"}': { '.': {} } } } }]);
    expect(replaced.object.metadata.managedFields).toEqual([
      { ...valid, fieldsV1: { 'f:spec': { 'k:{"a":"x","b":1}': {} } } },
    ]);
    expect(replaced.object.metadata.uid).toBe(object.metadata.uid);
  });
});

describe('the stored text', () => {
  it('is the same, whatever the order of keys and whoever writes', async () => {
    const text = async (name: string): Promise<string> => {
      const { rows } = await open.pool.query<{ text: string }>(
        'select object::text as text from resource where name = $1',
        [name],
      );
      const { metadata, ...rest } = JSON.parse(rows[0]?.text ?? '') as Resource;
      const {
        name: _,
        uid: __,
        creationTimestamp: ___,
        managedFields: ____,
        ...meta
      } = metadata as Partial<Resource['metadata']>;
      return JSON.stringify({ ...rest, metadata: meta });
    };
    const labels = { b: '2', a: '1', c: '3' };
    const metadata = { namespace: 'default', labels };
    await open.store.create(asAdmin, 'Network', {
      spec: { mtu: 1500, ipam: { ipv4Range: '10.0.0.0/8', mode: 'Auto' } },
      metadata: { ...metadata, name: 't1' },
    });
    await open.store.apply(as('x'), 'Network', key('t2'), {
      metadata: { labels: { c: '3', a: '1', b: '2' }, name: 't2' },
      spec: { ipam: { mode: 'Auto', ipv4Range: '10.0.0.0/8' }, mtu: 1500 },
    });
    await open.store.create(
      asAdmin,
      'Network',
      network('t3', { mtu: 1500, ipam: { ipv4Range: '10.0.0.0/8', mode: 'Auto' } }),
    );
    await open.store.update(asAdmin, 'Network', key('t3'), (current) => ({
      ...current,
      metadata: { labels, ...current.metadata },
    }));
    expect(await text('t2')).toBe(await text('t1'));
    expect(await text('t3')).toBe(await text('t1'));
  });
});
