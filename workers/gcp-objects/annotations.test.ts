import { expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { objectsOf } from '../../test/support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../../test/support/gcp-world.ts';
import { asAdmin } from '../../test/support/store.ts';

// What annotations tell the provider.

const paused = 'provider.datumapis.com/paused';

async function worldWithMachine(): Promise<{ world: GcpWorld; name: string }> {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  const [instance] = await readyInstances(world, 1);
  return { world, name: instance?.metadata.name ?? '' };
}

async function annotate(world: GcpWorld, name: string, annotations: Record<string, string>): Promise<void> {
  await world.open.store.update(asAdmin, 'Instance', { namespace: 'default', name }, (current: Instance) => ({
    ...current,
    metadata: { ...current.metadata, annotations },
  }));
}

test('a paused instance is left alone, even in deletion, until it goes on', async () => {
  const { world, name } = await worldWithMachine();
  await annotate(world, name, { [paused]: 'true' });
  await world.eventually('Instance', name, (one) => conditionText(one, 'Paused') === 'True PausedByAnnotation');
  await world.delete('Workload', 'web');
  await world.eventually('Instance', name, (one) => one.metadata.deletionTimestamp !== undefined);
  expect(objectsOf(await world.cloud(), 'instances')).toHaveLength(1);
  await annotate(world, name, { [paused]: 'false' });
  await world.eventuallyAll('Instance', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'instances')).toEqual([]);
});

test('an instance that abandons its machine goes, and the machine keeps running with its address', async () => {
  const { world, name } = await worldWithMachine();
  await annotate(world, name, { 'provider.datumapis.com/deletion-policy': 'Abandon' });
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Instance', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'instances').map(({ status }) => status)).toEqual(['RUNNING']);
  const { rows } = await world.open.pool.query(
    `select state, facts ->> 'abandoned' as abandoned from cloud_resource where type = 'compute.instances'`,
  );
  expect(rows).toEqual([{ state: 'ready', abandoned: 'true' }]);
});

test('what is protected is deleted by nobody who asks', async () => {
  const world = await gcpWorld();
  await world.create('Network', 'kept', {
    metadata: { annotations: { 'compute.datumapis.com/deletion-protection': 'true' } },
    spec: { ipam: { mode: 'Auto' } },
  });
  const key = { namespace: 'default', name: 'kept' };
  const asUser = { ...asAdmin, rights: { may: () => true, lacks: () => [] } };
  await expect(world.open.store.delete(asUser, 'Network', key)).rejects.toThrow(
    'networks.networking.datumapis.com "kept" is forbidden: it is protected from deletion; take the annotation compute.datumapis.com/deletion-protection away first',
  );
});
