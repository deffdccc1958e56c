import { expect, test } from 'vitest';
import type { ClusterRole } from '../kinds/generated/types.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { asAdmin, testStore } from '../test/support/store.ts';
import { builtInRoles } from './builtin-roles.ts';
import { uncovered } from './rbac/cover.ts';
import { seedRoles } from './seed-roles.ts';

const rulesOf = (name: string) =>
  builtInRoles(builtInRegistry()).find((role) => role.metadata.name === name)?.rules ?? [];

test('every namespaced kind is in the built-in roles, and only some not in all', () => {
  const kinds = builtInRegistry()
    .all()
    .filter(({ scope }) => scope === 'Namespaced');
  const missing = (role: string, verb: string): string[] =>
    kinds
      .filter(({ group, plural }) => {
        const wanted = [{ verbs: [verb], apiGroups: [group], resources: [plural] }];
        return uncovered(rulesOf(role), wanted).length > 0;
      })
      .map(({ id }) => id);
  expect(missing('view', 'list')).toEqual(['Role', 'RoleBinding', 'Secret']);
  expect(missing('view', 'patch')).toEqual(kinds.map(({ id }) => id));
  expect(missing('edit', 'list')).toEqual(['Role', 'RoleBinding']);
  expect(missing('edit', 'patch')).toEqual(['ControllerRevision', 'Location', 'ResourceQuota', 'Role', 'RoleBinding']);
  expect(missing('admin', 'patch')).toEqual(['ControllerRevision', 'Location', 'ResourceQuota']);
  expect(missing('edit', 'use')).not.toContain('Network');
  expect(missing('view', 'use')).toContain('Network');
});

test('each level has what the one below has, and none may write status or act as others', () => {
  for (const [below, above] of [
    ['view', 'edit'],
    ['edit', 'admin'],
    ['admin', 'cluster-admin'],
  ] as const)
    expect(uncovered(rulesOf(above), rulesOf(below))).toEqual([]);
  const lacks = (role: string, verb: string, resource: string): boolean =>
    uncovered(rulesOf(role), [{ verbs: [verb], apiGroups: ['networking.datumapis.com'], resources: [resource] }])
      .length > 0;
  expect(lacks('admin', 'patch', 'networks/status')).toBe(true);
  expect(lacks('admin', 'get', 'networks/status')).toBe(false);
});

test('roles are seeded once, and given what they lack, unless the project wants them as they are', async () => {
  const { store, registry } = await testStore();
  await seedRoles(store, registry, asAdmin.project);
  const seeded = await store.revision();
  await seedRoles(store, registry, asAdmin.project);
  expect(await store.revision()).toBe(seeded);
  const change = (name: string, to: (role: ClusterRole) => ClusterRole) =>
    store.update(asAdmin, 'ClusterRole', { namespace: '', name }, to);
  const own = { verbs: ['get'], apiGroups: ['example.com'], resources: ['things'] };
  await change('system:discovery', (role) => ({ ...role, rules: [own] }));
  await change('system:basic-user', ({ metadata, ...role }) => ({
    ...role,
    metadata: { ...metadata, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } },
    rules: [],
  }));
  await store.update(asAdmin, 'ClusterRoleBinding', { namespace: '', name: 'system:discovery' }, (binding) => ({
    ...binding,
    subjects: [],
  }));
  await seedRoles(store, registry, asAdmin.project);
  const roleOf = async (name: string) => (await store.get(asAdmin, 'ClusterRole', { namespace: '', name }))?.rules;
  expect(await roleOf('system:discovery')).toEqual([own, ...rulesOf('system:discovery')]);
  expect(await roleOf('system:basic-user')).toEqual([]);
  const binding = await store.get(asAdmin, 'ClusterRoleBinding', { namespace: '', name: 'system:discovery' });
  expect(binding?.subjects).toMatchObject([{ kind: 'Group', name: 'system:authenticated' }]);
});
