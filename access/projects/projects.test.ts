import { expect, test } from 'vitest';
import type { Resource } from '../../kinds/object.ts';
import type { Wanted } from '../authorise.ts';
import type { Identity } from '../identity.ts';
import { createPolicies } from '../rbac/policies.ts';
import { createProjects } from './projects.ts';

const uid = (digit: string) => `${digit.repeat(8)}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`;
const shopPlane = 'shop.11111111aaaa';

const object = (kind: string, name: string, spec: object = {}, id = '1'): Resource =>
  ({ apiVersion: 'x/v1', kind, metadata: { name, uid: uid(id) }, spec }) as unknown as Resource;
const key = (name: string) => ({ namespace: '', name });
const who = (user: string, more: Partial<Identity> = {}): Identity => ({
  user,
  groups: ['system:authenticated'],
  project: 'default',
  ...more,
});

function world() {
  const denied: [string, Wanted][] = [];
  const policies = createPolicies();
  const projects = createProjects(policies, (identity, wanted) => void denied.push([identity.project, wanted]));
  const put = (one: Resource) =>
    projects.set({ kind: one.kind as 'Project', key: key(one.metadata.name), object: one });
  const bind = (project: string, subject: object) =>
    policies.apply([
      {
        project,
        kind: 'ClusterRoleBinding',
        key: key('b'),
        object: {
          ...object('ClusterRoleBinding', 'b'),
          subjects: [subject],
          roleRef: { kind: 'ClusterRole', name: 'r' },
        } as unknown as Resource,
      },
    ]);
  return { ...projects, policies, denied, put, bind };
}

test('everybody is in the root, and administrators are in every project that there is', () => {
  const { enter, put, denied } = world();
  const jane = who('jane');
  expect(enter(jane, undefined)).toBe(jane);
  expect(enter(jane, 'default')).toBe(jane);
  const root = who('root', { groups: ['system:masters'] });
  expect(enter(root, 'shop')).toBeUndefined();
  put(object('Project', 'shop'));
  expect(enter(root, 'shop')).toEqual({ ...root, project: shopPlane });
  // The same object for the same caller, so that what is worked out for it is found again.
  expect(enter(root, 'shop')).toBe(enter(root, 'shop'));
  expect(denied).toEqual([
    [
      'default',
      { verb: 'get', group: 'resourcemanager.datumapis.com', version: 'v1alpha1', resource: 'projects', name: 'shop' },
    ],
  ]);
});

test('a binding lets in, unless it is for everybody', () => {
  const { enter, put, bind } = world();
  put(object('Project', 'shop'));
  bind(shopPlane, { kind: 'Group', name: 'system:authenticated' });
  expect(enter(who('jane'), 'shop')).toBeUndefined();
  bind(shopPlane, { kind: 'User', name: 'jane' });
  expect(enter(who('jane'), 'shop')?.project).toBe(shopPlane);
  expect(enter(who('joe'), 'shop')).toBeUndefined();
  // Bindings of another project, or of the root, are none here.
  bind('default', { kind: 'User', name: 'joe' });
  bind('shop', { kind: 'User', name: 'joe' });
  expect(enter(who('joe'), 'shop')).toBeUndefined();
});

test('owners are let in, those of the organization too', () => {
  const { enter, put, set } = world();
  put(object('Organization', 'acme', { owners: [{ kind: 'Group', name: 'bosses' }] }));
  put(object('Project', 'shop', { organization: { name: 'acme' }, owners: [{ kind: 'User', name: 'olga' }] }));
  expect(enter(who('olga'), 'shop')).toBeDefined();
  expect(enter(who('jane', { groups: ['bosses'] }), 'shop')).toBeDefined();
  // A user of the name of a group is no group.
  expect(enter(who('bosses'), 'shop')).toBeUndefined();
  set({ kind: 'Organization', key: key('acme'), object: undefined });
  expect(enter(who('jane', { groups: ['bosses'] }), 'shop')).toBeUndefined();
});

test('a credential that is bound to a project is good in that one', () => {
  const { enter, put } = world();
  put(object('Project', 'shop'));
  put(object('Project', 'other', {}, '2'));
  const byName = who('robot', { project: 'shop', boundTo: 'shop' });
  expect(enter(byName, undefined)).toEqual({ ...byName, project: shopPlane, boundTo: shopPlane });
  const byPlane = who('robot', { project: shopPlane, boundTo: shopPlane });
  expect(enter(byPlane, undefined)).toBe(byPlane);
  expect(enter(byPlane, 'shop')).toBe(byPlane);
  for (const elsewhere of ['other', 'default', 'nothing', 'shop.0'])
    expect(enter(byPlane, elsewhere), elsewhere).toBeUndefined();
});

test('a project that is made anew is another one', () => {
  const { enter, put, bind, set } = world();
  put(object('Project', 'shop'));
  bind(shopPlane, { kind: 'User', name: 'jane' });
  const robot = who('robot', { project: shopPlane, boundTo: shopPlane });
  expect(enter(robot, undefined)).toBeDefined();
  set({ kind: 'Project', key: key('shop'), object: undefined });
  expect(enter(robot, undefined)).toBeUndefined();
  put(object('Project', 'shop', {}, '2'));
  expect(enter(robot, undefined)).toBeUndefined();
  expect(enter(robot, 'shop')).toBeUndefined();
  expect(enter(who('jane'), 'shop')).toBeUndefined();
});

test('names that are none lead nowhere', () => {
  const { enter, put, denied } = world();
  put(object('Project', 'shop'));
  const root = who('root', { groups: ['system:masters'] });
  for (const name of ['', '.', 'shop.', '.shop', '__proto__', 'constructor', 'shop/x', 'x'.repeat(100_000)])
    expect(enter(root, name), name.slice(0, 20)).toBeUndefined();
  for (const [, wanted] of denied) expect('name' in wanted && wanted.name?.length).toBeLessThanOrEqual(253);
});
