import { expect, it } from 'vitest';
import { seedProject } from '../../cli/seed.ts';
import type { ClusterRoleBinding, Project, ResourceQuota } from '../../kinds/generated/types.ts';
import { controlPlaneOf } from '../../store/control-plane.ts';
import { listControlPlanes } from '../../store/control-planes.ts';
import { createQuotas } from '../../store/quota/quotas.ts';
import { readEvents } from '../../test/support/events.ts';
import { testRuntime } from '../../test/support/runtime.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { controller as namespaces } from '../namespace/reconcile.ts';
import { controller as organizations } from '../organization/reconcile.ts';
import { controller as resourceQuotas } from '../resource-quota/reconcile.ts';
import { controller as projects } from './reconcile.ts';

const named = (name: string) => ({ namespace: '', name });

async function world() {
  const open = await testStore();
  const { store, registry, pool } = open;
  const quotas = createQuotas(pool);
  const deps = {
    ...open,
    quotas,
    seedProject: (controlPlane: string) => seedProject(store, registry, controlPlane),
    controlPlanes: () => listControlPlanes(pool),
  };
  const soon = { usePeriodMs: 50 };
  const runtime = await testRuntime(open, [
    projects(deps, soon),
    organizations(deps),
    resourceQuotas(deps, soon),
    namespaces(open),
  ]);
  const seen = readEvents((signal) => store.watch(asAdmin, 'Project', { signal }));
  /** The project once it is as the predicate asks. */
  async function until(name: string, predicate: (project: Project) => boolean): Promise<Project> {
    let found: Project | undefined;
    await seen.until((events) => {
      const last = events.findLast((event) => 'object' in event && event.object.metadata.name === name);
      found = last !== undefined && 'object' in last && last.type !== 'DELETED' ? (last.object as Project) : undefined;
      return found !== undefined && predicate(found);
    });
    // It was just found.
    return found!;
  }
  const gone = (name: string) =>
    seen.until((events) => events.some((event) => event.type === 'DELETED' && event.object.metadata.name === name));
  return { ...open, runtime, until, gone, make: (name: string, spec = {}) => make(name, spec) };

  async function make(name: string, spec: object) {
    await store.create({ ...asAdmin, actor: 'jane' }, 'Project', { metadata: { name }, spec: spec as never });
    const project = await until(name, (one) => reasonOf(one) === 'Ready');
    return { ...asAdmin, project: controlPlaneOf(project) };
  }
}

function reasonOf({ status }: Project): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.reason;
}

it('makes a control plane with what every project has, and lets its owners in', async () => {
  const { store, make, until } = await world();
  await store.create({ ...asAdmin, actor: 'olga' }, 'Organization', { metadata: { name: 'acme' } });
  const inside = await make('shop', { organization: { name: 'acme' } });
  const { items } = await store.list(inside, 'Namespace');
  expect(items.map(({ metadata }) => metadata.name)).toEqual(['default', 'kube-system']);
  const owners = async () =>
    (await store.get(inside, 'ClusterRoleBinding', named('datum:owners')))?.subjects?.map(({ name }) => name);
  expect(await owners()).toEqual(['jane', 'olga']);
  expect((await store.get(inside, 'ClusterRole', named('cluster-admin')))?.rules).toBeDefined();

  const bindings = readEvents((signal) => store.watch(inside, 'ClusterRoleBinding', { signal }));
  const bound = (names: readonly string[]) =>
    bindings.until((events) => {
      const last = events.findLast((event) => 'object' in event && event.object.metadata.name === 'datum:owners');
      const binding = last !== undefined && 'object' in last && last.type !== 'DELETED' ? last.object : undefined;
      const { subjects = [] } = (binding ?? {}) as Partial<ClusterRoleBinding>;
      return String(subjects.map(({ name }) => name)) === String(names);
    });
  await store.update(asAdmin, 'Organization', named('acme'), (acme) => ({
    ...acme,
    spec: { owners: [{ kind: 'Group', name: 'bosses' }] },
  }));
  await bound(['jane', 'bosses']);
  await store.delete(inside, 'ClusterRoleBinding', named('datum:owners'));
  await bound(['jane', 'bosses']);
  await bindings.stop();

  await store.delete(asAdmin, 'Organization', named('acme'));
  const organizations = readEvents((signal) => store.watch(asAdmin, 'Organization', { signal }));
  await organizations.until((events) =>
    JSON.stringify(events.map((one) => 'object' in one && one.object)).includes('In use by project shop'),
  );
  await store.update(asAdmin, 'Project', named('shop'), ({ spec, ...shop }) => {
    const { organization: _, ...rest } = spec ?? {};
    return { ...shop, spec: rest };
  });
  await organizations.until((events) => events.some(({ type }) => type === 'DELETED'));
  await organizations.stop();
  await until('shop', (shop) => shop.spec?.organization === undefined);
  await store.list(inside, 'ClusterRoleBinding');
});

it('takes down all that is inside, in order, and a project of the same name begins empty', async () => {
  const { store, make, gone, until } = await world();
  const inside = await make('shop');
  await store.create(inside, 'Namespace', { metadata: { name: 'team' } });
  const network = { metadata: { namespace: 'team', name: 'n', finalizers: ['example.com/hold'] } };
  await store.create(inside, 'Network', { ...network, spec: { ipam: { mode: 'Auto' } } });
  await store.create(inside, 'Location', {
    metadata: { namespace: 'team', name: 'l' },
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'p', region: 'r', zone: 'z' } },
    },
  });
  const changes = readEvents((signal) => store.watch(inside, 'Location', { signal }));
  await store.delete(asAdmin, 'Project', named('shop'));
  const going = await until('shop', (shop) => reasonOf(shop) === 'Terminating');
  expect(JSON.stringify(going.status)).toContain(
    'networks.networking.datumapis.com has 1; held by finalizers example.com/hold',
  );
  // Networks go before locations, which say where they are.
  expect(changes.events.some(({ type }) => type === 'DELETED')).toBe(false);
  await expect(store.create(inside, 'Namespace', { metadata: { name: 'late' } })).rejects.toMatchObject({
    code: 'NamespaceTerminating',
  });
  await store.update(inside, 'Network', { namespace: 'team', name: 'n' }, (one) => ({
    ...one,
    metadata: { ...one.metadata, finalizers: [] },
  }));
  await gone('shop');
  await changes.stop();
  for (const kind of ['Namespace', 'Location', 'ClusterRole', 'ClusterRoleBinding'])
    expect((await store.list(inside, kind)).items).toEqual([]);

  const again = await make('shop');
  expect(again.project).not.toBe(inside.project);
  expect((await store.list(again, 'Namespace')).items).toHaveLength(2);
  await expect(store.create(inside, 'Namespace', { metadata: { name: 'late' } })).rejects.toMatchObject({
    code: 'NamespaceTerminating',
  });
});

it('takes down what a project left that went without its finalizer', async () => {
  const { store, make, gone } = await world();
  const inside = await make('shop');
  const namespaces = readEvents((signal) => store.watch(inside, 'Namespace', { signal }));
  await store.update(asAdmin, 'Project', named('shop'), (shop) => ({
    ...shop,
    metadata: { ...shop.metadata, finalizers: [] },
  }));
  await store.delete(asAdmin, 'Project', named('shop'));
  await gone('shop');
  await namespaces.until((events) => events.filter(({ type }) => type === 'DELETED').length === 2);
  await namespaces.stop();
});

it('shows what of the limits is used', async () => {
  const { store, make, until } = await world();
  const inside = await make('shop', { quotas: { secrets: 5, namespaces: 9 } });
  await until('shop', ({ status }) => status?.quota?.used?.['namespaces'] === '2');
  const key = { namespace: 'default', name: 'q' };
  await store.create(inside, 'ResourceQuota', { metadata: key, spec: { hard: { secrets: 2, memory: '8Gi' } } });
  const quotas = readEvents((signal) => store.watch(inside, 'ResourceQuota', { signal }));
  const secret = (name: string) => ({ metadata: { namespace: 'default', name } });
  await store.create(inside, 'Secret', secret('a'));
  const shows = (used: string) =>
    quotas.until((events) => {
      const last = events.findLast((event) => 'object' in event);
      return (
        last !== undefined && 'object' in last && (last.object as ResourceQuota).status?.used?.['secrets'] === used
      );
    });
  await shows('1');
  const { status } = (await store.get(inside, 'ResourceQuota', key)) ?? {};
  expect(status).toEqual({ hard: { secrets: '2', memory: '8Gi' }, used: { secrets: '1', memory: '0' } });
  await store.create(inside, 'Secret', secret('b'));
  await shows('2');
  await store.delete(inside, 'Secret', { namespace: 'default', name: 'a' });
  await shows('1');
  await quotas.stop();
  const shop = await until('shop', (one) => one.status?.quota?.used?.['secrets'] === '1');
  expect(shop.status?.quota).toEqual({
    hard: { namespaces: '9', secrets: '5' },
    used: { namespaces: '2', secrets: '1' },
  });
});
