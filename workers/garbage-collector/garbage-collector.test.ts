import { expect, it } from 'vitest';
import { readEvents } from '../../test/support/events.ts';
import { testRuntime } from '../../test/support/runtime.ts';
import { asAdmin, type TestStore, testStore } from '../../test/support/store.ts';
import type { OwnerReference, Resource } from '../../kinds/object.ts';
import { createDependents } from '../../store/dependents.ts';
import { controller } from './reconcile.ts';

const inDefault = (name: string) => ({ namespace: 'default', name });
const collector = (open: TestStore) =>
  controller({ store: open.store, registry: open.registry, dependents: createDependents(open.pool) });

function ownedBy(...owners: Resource[]): OwnerReference[] {
  return owners.map(({ apiVersion, kind, metadata: { name, uid } }) => ({
    apiVersion,
    kind,
    name,
    uid,
    blockOwnerDeletion: true,
  }));
}

async function make(open: TestStore, name: string, metadata: object = {}): Promise<Resource> {
  return (await open.store.create(asAdmin, 'ConfigMap', { metadata: { ...inDefault(name), ...metadata } })).object;
}

const find = (open: TestStore, name: string) => open.store.get(asAdmin, 'ConfigMap', inDefault(name));

/** Waits until the names of all config maps are these. */
async function untilLeft(open: TestStore, ...names: string[]): Promise<void> {
  const left = new Set<string>();
  const reader = readEvents((signal) => open.store.watch(asAdmin, 'ConfigMap', { signal }));
  await reader.until((events) => {
    left.clear();
    for (const event of events) {
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'DELETED') left.delete(event.object.metadata.name);
      else left.add(event.object.metadata.name);
    }
    return [...left].toSorted().join() === names.toSorted().join() && events.some(({ type }) => type === 'BOOKMARK');
  });
  await reader.stop();
}

it('collects the owned of the owned once the last owner is gone, and nothing else', async () => {
  const open = await testStore();
  await testRuntime(open, [collector(open)]);
  const [a, b] = [await make(open, 'a'), await make(open, 'b')];
  const child = await make(open, 'child', { ownerReferences: ownedBy(a) });
  await make(open, 'grandchild', { ownerReferences: ownedBy(child) });
  await make(open, 'shared', { ownerReferences: ownedBy(a, b) });
  await open.store.create(asAdmin, 'Network', {
    metadata: { ...inDefault('net'), ownerReferences: ownedBy(a) },
    spec: { ipam: { mode: 'Auto' } },
  });
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('a'));
  await untilLeft(open, 'b', 'shared');
  await expect.poll(() => open.store.get(asAdmin, 'Network', inDefault('net'))).toBeUndefined();
  await expect.poll(async () => (await find(open, 'shared'))?.metadata.ownerReferences).toEqual(ownedBy(b));
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('b'));
  await untilLeft(open);
});

it('goes by uid: an owner that was made anew is another', async () => {
  const open = await testStore();
  const owner = await make(open, 'owner');
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('owner'));
  const anew = await make(open, 'owner');
  await make(open, 'old', { ownerReferences: ownedBy(owner) });
  await make(open, 'new', { ownerReferences: ownedBy(anew) });
  await testRuntime(open, [collector(open)]);
  await untilLeft(open, 'owner', 'new');
});

it('collects what is made for an owner that has just gone', async () => {
  const open = await testStore();
  await testRuntime(open, [collector(open)]);
  await make(open, 'child', { ownerReferences: ownedBy(await make(open, 'first')) });
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('first'));
  // That the child went shows that the collector is at work, and sees what goes from now on.
  await untilLeft(open);
  const owner = await make(open, 'owner');
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('owner'));
  await make(open, 'late', { ownerReferences: ownedBy(owner) });
  await untilLeft(open);
});

it('in the foreground keeps the owner until the dependents that block it are gone', async () => {
  const open = await testStore();
  await testRuntime(open, [collector(open)]);
  const owner = await make(open, 'owner');
  const child = await make(open, 'child', { ownerReferences: ownedBy(owner) });
  await make(open, 'grandchild', { ownerReferences: ownedBy(child), finalizers: ['example.com/hold'] });
  await make(open, 'free', { ownerReferences: [{ ...ownedBy(owner)[0], blockOwnerDeletion: false }] });
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('owner'), { propagation: 'Foreground' });
  await untilLeft(open, 'owner', 'child', 'grandchild');
  const reader = readEvents((signal) => open.store.watch(asAdmin, 'ConfigMap', { signal }));
  await reader.until((events) =>
    events.some(
      (event) =>
        event.type !== 'BOOKMARK' &&
        event.object.metadata.name === 'grandchild' &&
        event.object.metadata.deletionTimestamp !== undefined,
    ),
  );
  expect((await find(open, 'owner'))?.metadata.deletionTimestamp).toBeDefined();
  await open.store.update(asAdmin, 'ConfigMap', inDefault('grandchild'), (object) => ({
    ...object,
    metadata: { ...object.metadata, finalizers: [] },
  }));
  await reader.until((events) => events.filter(({ type }) => type === 'DELETED').length === 3);
  await reader.stop();
  const gone = reader.events.flatMap((event) => (event.type === 'DELETED' ? [event.object.metadata.name] : []));
  expect(gone).toEqual(['grandchild', 'child', 'owner']);
});

it('does not wait in the foreground for what another namespace says is owned', async () => {
  const open = await testStore();
  await testRuntime(open, [collector(open)]);
  await open.store.create(asAdmin, 'Namespace', { metadata: { name: 'other' } });
  const owner = await make(open, 'owner');
  const finalizers = ['example.com/hold'];
  const metadata = { namespace: 'other', name: 'hold', finalizers, ownerReferences: ownedBy(owner) };
  await open.store.create(asAdmin, 'ConfigMap', { metadata });
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('owner'), { propagation: 'Foreground' });
  await untilLeft(open, 'hold');
});

it('orphans on demand: dependents stay and forget their owner', async () => {
  const open = await testStore();
  await testRuntime(open, [collector(open)]);
  const owner = await make(open, 'owner');
  await make(open, 'child', { ownerReferences: ownedBy(owner) });
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('owner'), { propagation: 'Orphan' });
  await untilLeft(open, 'child');
  expect((await find(open, 'child'))?.metadata.ownerReferences).toBeUndefined();
});

it('does not touch what it cannot judge', async () => {
  const open = await testStore();
  await testRuntime(open, [collector(open)]);
  const stranger = {
    apiVersion: 'example.com/v1',
    kind: 'Unknown',
    name: 'x',
    uid: '6f1ab6a6-3b6c-4b0e-9a52-2f6f0e1a0001',
  };
  await make(open, 'odd', { ownerReferences: [stranger] });
  const owner = await make(open, 'owner');
  await make(open, 'both', { ownerReferences: [stranger, ...ownedBy(owner)] });
  await make(open, 'child', { ownerReferences: ownedBy(owner) });
  await open.store.delete(asAdmin, 'ConfigMap', inDefault('owner'));
  await untilLeft(open, 'both', 'odd');
});
