import { expect, test } from 'vitest';
import { compact } from '../store/compact.ts';
import { asAdmin, openTestStore, testStore } from '../test/support/store.ts';
import type { Identity } from './identity.ts';
import { openAuthority } from './open-authority.ts';
import { createPolicies } from './rbac/policies.ts';
import { seedRoles } from './seed-roles.ts';

const ann: Identity = { user: 'ann', groups: [], project: 'default' };
const wanted = { verb: 'list', group: '', version: 'v1', resource: 'configmaps', namespace: 'default' };
const fail = (error: unknown): never => {
  throw error;
};

test('before any rule is known nobody may do anything but the administrators', () => {
  const { authorise, namespacesFor, rulesFor } = createPolicies();
  const masters: Identity = { ...ann, groups: ['system:masters'] };
  expect(authorise(ann, wanted).allowed).toBe(false);
  expect(authorise(ann, { verb: 'get', path: '/version' }).allowed).toBe(false);
  expect(namespacesFor(ann, wanted)).toEqual([]);
  expect(rulesFor(ann)).toEqual([]);
  expect(authorise(masters, wanted).allowed).toBe(true);
  // A credential of another project is worth nothing here, whatever its groups.
  expect(authorise({ ...masters, boundTo: 'other' }, wanted).allowed).toBe(false);
  expect(rulesFor({ ...masters, boundTo: 'other' })).toEqual([]);
});

test('rules are known again after their history was forgotten', async () => {
  const first = await testStore();
  await seedRoles(first.store, first.registry, 'default');
  const here = await openAuthority(first, fail);
  const second = await openTestStore(first.url, { secretKey: first.secretKey });
  const there = await openAuthority(second, fail);
  try {
    const { store } = here.open;
    const binding = (name: string) =>
      store.create(asAdmin, 'RoleBinding', {
        metadata: { namespace: 'default', name },
        subjects: [{ kind: 'User', name: 'ann' }],
        roleRef: { kind: 'ClusterRole', name: 'view' },
      });
    const known = new Promise<void>((resolve) => {
      const check = (): void => {
        if (there.authority.authorise(ann, wanted).allowed) resolve();
      };
      there.authority.onChange('default', check);
    });
    await binding('a');
    // The other process may not have read the change when it goes.
    await compact(first.pool, { keepMs: 0, maxRows: 0 });
    await known;
    await store.delete(asAdmin, 'RoleBinding', { namespace: 'default', name: 'a' });
    expect(here.authority.authorise(ann, wanted).allowed).toBe(false);
  } finally {
    await there.close();
    await second.close();
    await here.close();
  }
});
