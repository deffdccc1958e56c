import { expect, test } from 'vitest';
import { bind, namespaces, network, networksIn } from '../support/access-objects.ts';
import { accessWorld, type AccessWorld } from '../support/access-world.ts';
import { eventually } from '../support/graphql.ts';
import { asAdmin } from '../support/store.ts';

const watchAll =
  'subscription ($from: String) { watchNetworks(from: $from) { type resumeToken network { metadata { namespace name } } } }';
const watchHere =
  'subscription { watchNetworks(namespace: "here") { type resumeToken network { metadata { namespace name } } } }';

async function world(): Promise<AccessWorld> {
  const made = await accessWorld();
  await namespaces(made, 'here', 'there');
  for (const namespace of ['here', 'there']) await network(made, namespace, 'a');
  return made;
}

async function unbind({ store }: AccessWorld, name: string, namespace: string): Promise<void> {
  await store.delete(asAdmin, 'RoleBinding', { namespace, name });
}

const hasState = (events: readonly { readonly type: string }[]): boolean => events.at(-1)?.type === 'BOOKMARK';
const namesIn = (events: readonly any[]): string[] =>
  events.flatMap(({ network: seen }) => (seen ? [`${seen.metadata.namespace}/${seen.metadata.name}`] : []));

test('a GraphQL watch ends with an error when it is no longer allowed, and others go on', async () => {
  const all = await world();
  const name = await bind(all, 'ann', 'view', 'here');
  await bind(all, 'bob', 'view', 'here');
  const ann = all.person('ann').watch(watchHere);
  const bob = all.person('bob').watch(watchHere);
  await ann.until(hasState);
  await bob.until(hasState);
  const start = performance.now();
  await unbind(all, name, 'here');
  await expect(ann.ended).rejects.toThrow('FORBIDDEN');
  expect(performance.now() - start).toBeLessThan(5000);
  await network(all, 'here', 'later');
  await bob.until((events) => namesIn(events).includes('here/later'));
  expect(namesIn(ann.events)).not.toContain('here/later');
  await expect(all.person('ann').watch(watchHere).ended).rejects.toThrow('FORBIDDEN');
});

test('a watch of all namespaces starts over when more or less of them may be seen', async () => {
  const all = await world();
  await bind(all, 'ann', 'view', 'here');
  const ann = all.person('ann').watch(watchAll);
  await ann.until(hasState);
  expect(namesIn(ann.events)).toEqual(['here/a']);
  const name = await bind(all, 'ann', 'edit', 'there');
  const afterGain = await ann.until((events) => events.filter(({ type }) => type === 'BOOKMARK').length === 2);
  const gained = afterGain.slice(afterGain.findIndex(({ type }) => type === 'RESYNC'));
  expect(gained.map(({ type }) => type)).toEqual(['RESYNC', 'ADDED', 'ADDED', 'BOOKMARK']);
  expect(namesIn(gained)).toEqual(['here/a', 'there/a']);
  await unbind(all, name, 'there');
  const afterLoss = await ann.until((events) => events.filter(({ type }) => type === 'BOOKMARK').length === 3);
  const lost = afterLoss.slice(afterLoss.findLastIndex(({ type }) => type === 'RESYNC'));
  expect(namesIn(lost)).toEqual(['here/a']);
  await network(all, 'there', 'hidden');
  await network(all, 'here', 'shown');
  await ann.until((events) => namesIn(events).includes('here/shown'));
  expect(namesIn(ann.events)).not.toContain('there/hidden');
});

test('a token of a time when less was to be seen starts over', async () => {
  const all = await world();
  await bind(all, 'ann', 'view', 'here');
  const first = all.person('ann').watch(watchAll);
  const token = (await first.until(hasState)).at(-1)?.resumeToken;
  await first.stop();
  const same = all.person('ann').watch(watchAll, { from: token });
  await network(all, 'here', 'b');
  const resumed = await same.until((events) => namesIn(events).includes('here/b'));
  expect(resumed.map(({ type }) => type)).not.toContain('RESYNC');
  await same.stop();
  await bind(all, 'ann', 'edit', 'there');
  const more = all.person('ann').watch(watchAll, { from: token });
  const events = await more.until(hasState);
  expect(events[0]?.type).toBe('RESYNC');
  expect(namesIn(events)).toEqual(['here/a', 'here/b', 'there/a']);
});

test('a Kubernetes watch ends when it is no longer allowed, the next is refused, and others go on', async () => {
  const all = await world();
  const name = await bind(all, 'ann', 'view', 'here');
  await bind(all, 'bob', 'view', 'here');
  const path = `${networksIn('here')}?watch=true`;
  const ann = await all.person('ann').kubernetesWatch(path);
  const bob = await all.person('bob').kubernetesWatch(path);
  await eventually(
    async () => [ann, bob].map(({ lines }) => lines.length),
    (counts) => counts.every((count) => count > 0),
  );
  // Rules that do not concern it leave a watch alone.
  await bind(all, 'eve', 'view', 'here');
  const start = performance.now();
  await unbind(all, name, 'here');
  await ann.ended;
  expect(performance.now() - start).toBeLessThan(5000);
  expect((await all.person('ann').kubernetes('GET', path)).status).toBe(403);
  await network(all, 'here', 'later');
  await eventually(
    async () => bob.lines.map(({ object }) => object.metadata.name),
    (names) => names.includes('later'),
  );
  expect(ann.lines.map(({ object }) => object.metadata.name)).not.toContain('later');
});

test('rules of one project leave the watches of another alone', async () => {
  const { createPolicies } = await import('../../access/rbac/policies.ts');
  const policies = createPolicies();
  const told: string[] = [];
  for (const project of ['one', 'two']) policies.onChange(project, () => void told.push(project));
  const key = { namespace: '', name: 'r' };
  policies.apply([{ project: 'two', kind: 'ClusterRole', key, object: { rules: [] } as never }]);
  expect(told).toEqual(['two']);
});
