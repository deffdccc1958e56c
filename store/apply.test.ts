import { beforeAll, describe, expect, it } from 'vitest';
import type { ManagedFieldsEntry, Resource } from '../kinds/object.ts';
import { asAdmin, openTestStore, type TestStore } from '../test/support/store.ts';
import { createDatabase } from '../test/support/database.ts';
import type { ApplyOptions, ApplyResult, RequestContext } from './types.ts';

const as = (manager: string): RequestContext => ({ ...asAdmin, manager });
const key = (name: string) => ({ namespace: 'default', name });
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

let open: TestStore;
beforeAll(async () => {
  const database = await createDatabase();
  open = await openTestStore(database.url);
  const place = { metadata: { name: 'dfw', namespace: 'default' }, spec: dallas };
  await open.store.create(asAdmin, 'Location', place);
  await open.store.create(asAdmin, 'Network', network('default'));
  return () => open.close().then(() => database.drop());
});

const dallas = {
  locationClassName: 'self-managed',
  topology: { 'topology.datum.net/city-code': 'DFW' },
  provider: { gcp: { projectId: 'p', region: 'us-south1', zone: 'us-south1-a' } },
};

function network(name: string, spec: object = {}) {
  return { metadata: { name, namespace: 'default' }, spec: { ipam: { mode: 'Auto' }, ...spec } };
}

/** A workload of these containers, as one manifest holds it. */
function workload(name: string, containers: readonly object[], whole = true) {
  const runtime = {
    sandbox: { containers },
    ...(whole ? { resources: { instanceType: 'datumcloud/d1-standard-2' } } : {}),
  };
  const networkInterfaces = [{ network: { name: 'default' } }];
  const placements = [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }];
  const spec = {
    template: { spec: { runtime, ...(whole ? { networkInterfaces } : {}) } },
    ...(whole ? { placements } : {}),
  };
  return { metadata: { name, namespace: 'default' }, spec };
}

function apply(
  manager: string,
  kind: 'Workload' | 'Network' | 'ConfigMap',
  applied: { metadata: { name: string } & Record<string, unknown> } & Record<string, unknown>,
  options?: ApplyOptions,
): Promise<ApplyResult<Resource>> {
  return open.store.apply(as(manager), kind, key(applied.metadata.name), applied, options) as never;
}

function containersOf(object: Resource): { name: string; image?: string; env?: object[] }[] {
  return (object.spec as { template: { spec: { runtime: { sandbox: { containers: [] } } } } }).template.spec.runtime
    .sandbox.containers;
}

const entry = (object: Resource, manager: string): ManagedFieldsEntry | undefined =>
  object.metadata.managedFields?.find((each) => each.manager === manager);

describe('apply', () => {
  it('lets two managers edit containers and their env side by side', async () => {
    const one = { name: 'a', image: 'example.com/x:1', env: [{ name: 'A', value: '1' }] };
    const first = await apply('one', 'Workload', workload('side', [one]));
    expect(first).toMatchObject({ created: true, changed: true });
    const env = [{ name: 'B', value: '2' }];
    await apply(
      'two',
      'Workload',
      workload(
        'side',
        [
          { name: 'b', image: 'example.com/y:1' },
          { name: 'a', env },
        ],
        false,
      ),
    );
    const { object } = await apply('one', 'Workload', workload('side', [{ ...one, image: 'example.com/x:2' }]));
    expect(containersOf(object)).toEqual([
      { name: 'b', image: 'example.com/y:1' },
      { name: 'a', image: 'example.com/x:2', env: [...one.env, ...env] },
    ]);
    expect(object.metadata.generation).toBe(3);
  });

  it('refuses a field of another, names both, and takes it over by force', async () => {
    await apply('one', 'Workload', workload('conflict', [{ name: 'a', image: 'example.com/x:1' }]));
    const other = workload('conflict', [{ name: 'a', image: 'example.com/x:9' }], false);
    const path = '.spec.template.spec.runtime.sandbox.containers[name="a"].image';
    await expect(apply('two', 'Workload', other)).rejects.toMatchObject({
      code: 'ApplyConflict',
      message: `Apply failed with 1 conflict: conflict with "one": ${path}`,
      conflicts: [{ manager: 'one', operation: 'Apply', path }],
    });
    const { object } = await apply('two', 'Workload', other, { force: true });
    expect(containersOf(object)).toMatchObject([{ image: 'example.com/x:9' }]);
    expect(JSON.stringify(entry(object, 'one'))).not.toContain('f:image');
  });

  it('removes by omission, a list item as a whole', async () => {
    const [a, b] = [
      { name: 'a', image: 'example.com/x:1' },
      { name: 'b', image: 'example.com/y:1' },
    ];
    await apply('one', 'Workload', workload('omitted', [a, b]));
    await apply('two', 'Workload', workload('omitted', [{ ...b, env: [{ name: 'B', value: '2' }] }], false));
    const { object } = await apply('one', 'Workload', workload('omitted', [a]));
    expect(containersOf(object).map(({ name }) => name)).toEqual(['a', 'b']);
    const gone = await apply('two', 'Workload', workload('omitted', [], false));
    expect(containersOf(gone.object)).toEqual([a]);
    expect(entry(gone.object, 'two')).toBeUndefined();
  });

  it('changes nothing when the same is applied again', async () => {
    const applied = workload('again', [{ name: 'a', image: 'example.com/x:1' }]);
    const { object } = await apply('one', 'Workload', applied);
    expect(await apply('one', 'Workload', applied)).toMatchObject({ changed: false, created: false, object });
  });

  it('goes on from client-side apply, in kubectl’s steps', async () => {
    const applied = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'csa', namespace: 'default' },
      data: { a: '1', b: '2' },
    };
    const annotations = { [lastApplied]: `${JSON.stringify(applied)}\n` };
    const sent = { ...applied, metadata: { ...applied.metadata, annotations } };
    await open.store.create(as('kubectl-client-side-apply'), 'ConfigMap', sent);
    const changed = await apply('kubectl', 'ConfigMap', { ...applied, data: { a: '3' } });
    expect((changed.object as { data?: object }).data).toEqual({ a: '3', b: '2' });
    expect(JSON.parse(changed.object.metadata.annotations?.[lastApplied] ?? '')).toMatchObject({ data: { a: '3' } });
    await expect(apply('helm', 'ConfigMap', { ...applied, data: { a: '4' } })).rejects.toMatchObject({
      code: 'ApplyConflict',
    });
    const mine = {
      manager: 'kubectl',
      operation: 'Apply',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:annotations': { [`f:${lastApplied}`]: {} } } },
    } as const;
    await open.store.update(as('any'), 'ConfigMap', key('csa'), (current) => ({
      ...current,
      metadata: { ...current.metadata, managedFields: [mine] },
    }));
    const { object } = await apply('kubectl', 'ConfigMap', { ...applied, data: { a: '4' } });
    expect(object).toMatchObject({ data: { a: '4' } });
    expect(object.metadata.annotations).toBeUndefined();
    expect(object.metadata.managedFields).toHaveLength(1);
  });

  it('lets two writers of status own conditions of their own', async () => {
    await open.store.create(asAdmin, 'Network', network('conditions'));
    const condition = (type: string, status = 'True') => ({
      ...network('conditions'),
      spec: { mtu: 9000 },
      status: { conditions: [{ type, status, reason: 'R', message: '', lastTransitionTime: '2024-01-01T00:00:00Z' }] },
    });
    const status = { subresource: 'status' } as const;
    await apply('c1', 'Network', condition('Programmed'), status);
    await apply('c2', 'Network', condition('Healthy'), status);
    await apply('c1', 'Network', condition('Programmed', 'False'), status);
    const { object } = await apply('c2', 'Network', { ...condition('Healthy'), status: { conditions: [] } }, status);
    expect(object).toMatchObject({ spec: { mtu: 1460 }, metadata: { generation: 1 } });
    const conditions = (object.status as { conditions: { type: string; status: string }[] }).conditions;
    expect(conditions.map(({ type, status: state }) => `${type} ${state}`)).toEqual([
      'Ready Unknown',
      'Programmed False',
    ]);
    await expect(
      apply('c1', 'Network', { ...condition('X'), metadata: { name: 'absent' } }, status),
    ).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('honours uid and revision in the configuration', async () => {
    const { object } = await apply('one', 'Network', network('pre'));
    const said = (metadata: object, name = 'pre') => ({
      ...network(name),
      metadata: { name, namespace: 'default', ...metadata },
    });
    await expect(apply('one', 'Network', said({ resourceVersion: '1' }))).rejects.toMatchObject({ code: 'Conflict' });
    await expect(apply('one', 'Network', said({ uid: 'x' }))).rejects.toMatchObject({ code: 'Conflict' });
    await expect(apply('one', 'Network', said({ uid: 'x' }, 'none'))).rejects.toMatchObject({ code: 'Conflict' });
    const { resourceVersion, uid } = object.metadata;
    expect(await apply('one', 'Network', said({ resourceVersion, uid }))).toMatchObject({ changed: false });
  });

  it('keeps nothing of a dry run, and tells the generation', async () => {
    const { object } = await apply('one', 'Network', network('dry'));
    const tried = await apply('two', 'Network', network('dry', { mtu: 1500 }), { dryRun: true });
    expect(tried.object).toMatchObject({
      spec: { mtu: 1500 },
      metadata: { generation: 2, resourceVersion: object.metadata.resourceVersion },
    });
    expect(await open.store.get(asAdmin, 'Network', key('dry'))).toEqual(object);
    expect(await apply('one', 'Network', network('never'), { dryRun: true })).toMatchObject({ created: true });
    expect(await open.store.get(asAdmin, 'Network', key('never'))).toBeUndefined();
  });

  it('says what cannot be applied', async () => {
    const wrong = {
      ...network('wrong'),
      spec: { ipam: { mode: 'Auto', bogus: 1 }, mtu: 'x', ipFamilies: ['IPv4', 'IPv4'] },
    };
    await expect(apply('one', 'Network', wrong)).rejects.toMatchObject({
      code: 'BadRequest',
      message: `failed to create typed patch object (default/wrong; networking.datumapis.com/v1alpha, Kind=Network): errors:
  .spec.ipam.bogus: field not declared in schema
  .spec.mtu: expected numeric (int or float), got string
  .spec.ipFamilies: duplicate entries for key [="IPv4"]`,
    });
    await expect(apply('one', 'Network', network('wrong', { mtu: 1 }))).rejects.toMatchObject({ code: 'Invalid' });
    const hostile = JSON.parse(
      '{"metadata":{"name":"wrong","labels":{"__proto__":"x"}},"spec":{"__proto__":{"mtu":1},"ipam":{"mode":"Auto"}}}',
    ) as never;
    await expect(apply('one', 'Network', hostile)).rejects.toMatchObject({ code: 'BadRequest' });
    expect(({} as { mtu?: number }).mtu).toBeUndefined();
  });

  it('loses nothing of appliers that race, the first one included', async () => {
    const managers = ['a', 'b', 'c', 'd', 'e', 'f'];
    const results = await Promise.all(
      managers.map((manager) => apply(manager, 'ConfigMap', { metadata: { name: 'race' }, data: { [manager]: '1' } })),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const object = await open.store.get(asAdmin, 'ConfigMap', key('race'));
    expect(Object.keys(object?.data ?? {})).toEqual(managers);
    expect(object?.metadata.managedFields).toHaveLength(managers.length);
  });

  it('gives what nobody is known to own to those before the first apply', async () => {
    await open.store.create(asAdmin, 'ConfigMap', {
      metadata: { name: 'old', namespace: 'default' },
      data: { a: '1' },
    });
    await open.store.update(asAdmin, 'ConfigMap', key('old'), (current) => ({
      ...current,
      metadata: { ...current.metadata, managedFields: [] },
    }));
    const plain = await open.store.update(asAdmin, 'ConfigMap', key('old'), (current) => ({
      ...current,
      data: { a: '2' },
    }));
    expect(plain.object.metadata.managedFields).toBeUndefined();
    await expect(apply('one', 'ConfigMap', { metadata: { name: 'old' }, data: { a: '3' } })).rejects.toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    });
  });
});
