import { expect, it } from 'vitest';
import { aggregatedRules } from '../../kinds/core/aggregated-rules.ts';
import { eventually } from '../../test/support/graphql.ts';
import { testRuntime } from '../../test/support/runtime.ts';
import { asAdmin, testStore } from '../../test/support/store.ts';
import { controller } from './reconcile.ts';

const rule = (resource: string) => ({ verbs: ['get'], apiGroups: [''], resources: [resource] });
const part = (name: string, labels: Record<string, string>, ...resources: string[]) => ({
  metadata: { name, labels },
  rules: resources.map(rule),
});

it('adds up the roles that one of the selectors chooses, each rule once', () => {
  const all = [
    part('b', { of: 'x' }, 'secrets', 'events'),
    part('a', { of: 'x' }, 'events'),
    part('c', { of: 'y' }, 'leases'),
    part('sum', { of: 'x' }, 'itself'),
  ];
  const sum = (clusterRoleSelectors: object[]) =>
    aggregatedRules(
      { metadata: { name: 'sum' }, aggregationRule: { clusterRoleSelectors: clusterRoleSelectors as never } },
      all,
    )?.map(({ resources }) => resources?.[0]);
  expect(sum([{ matchLabels: { of: 'x' } }])).toEqual(['events', 'secrets']);
  expect(
    sum([{ matchLabels: { of: 'x' } }, { matchExpressions: [{ key: 'of', operator: 'In', values: ['y'] }] }]),
  ).toEqual(['events', 'secrets', 'leases']);
  expect(sum([{ matchExpressions: [{ key: 'of', operator: 'NotIn', values: ['x'] }] }])).toEqual(['leases']);
  expect(sum([{ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }])).toEqual([]);
  expect(aggregatedRules({ metadata: { name: 'plain' } }, all)).toBeUndefined();
});

it('keeps what is added up as the parts are, also through a role that adds up itself', async () => {
  const open = await testStore();
  const { store } = open;
  const made = controller(open);
  await testRuntime(open, [made]);
  const adds = (name: string, labels: Record<string, string>, of: string) =>
    store.create(asAdmin, 'ClusterRole', {
      metadata: { name, labels },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: of } }] },
    });
  await adds('outer', {}, 'outer');
  await adds('inner', { to: 'outer' }, 'inner');
  await store.create(asAdmin, 'ClusterRole', part('one', { to: 'inner' }, 'events'));
  const rulesOf = async (name: string): Promise<unknown> =>
    (await store.get(asAdmin, 'ClusterRole', { namespace: '', name }))?.rules;
  const become = (name: string, ...resources: string[]) =>
    eventually(
      () => rulesOf(name),
      (rules) => JSON.stringify(rules) === JSON.stringify(resources.map(rule)),
    );
  await become('outer', 'events');
  await store.create(asAdmin, 'ClusterRole', part('two', { to: 'inner' }, 'leases'));
  await become('outer', 'events', 'leases');
  await store.delete(asAdmin, 'ClusterRole', { namespace: '', name: 'one' });
  await become('outer', 'leases');
  // What somebody writes into it does not stay.
  await store.update(asAdmin, 'ClusterRole', { namespace: '', name: 'inner' }, (role) => ({
    ...role,
    rules: [rule('secrets')],
  }));
  await become('inner', 'leases');
  // The outer role may have followed the inner one there and back.
  const settled = async (): Promise<boolean> => {
    const before = await store.revision();
    await made.reconcile({ project: 'default', namespace: '', name: 'outer' });
    return (await store.revision()) === before;
  };
  await eventually(settled, (isSo) => isSo);
});
