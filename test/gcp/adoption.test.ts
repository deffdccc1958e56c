import { expect, test } from 'vitest';
import type { Network, Workload } from '../../kinds/generated/types.ts';
import { adoptKey } from '../../kinds/provider-annotations.ts';
import { descriptionOf } from '../../workers/clouds/gcp/marker.ts';
import { networkName, serviceAccountName } from '../../workers/clouds/gcp/names.ts';
import { isEmpty, objectsOf } from '../support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  drift,
  gcpWorld,
  type GcpWorld,
  messageOf,
  readyInstances,
} from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';

// What others made under the names of ours is refused, and taken over where an annotation says so.

const adopting = { [adoptKey]: 'true' };
const key = (name: string) => ({ namespace: 'default', name });

async function adopt(world: GcpWorld, kind: 'Network' | 'Workload', name: string): Promise<void> {
  const annotate = <T extends Network | Workload>(one: T): T => ({
    ...one,
    metadata: { ...one.metadata, annotations: adopting },
  });
  if (kind === 'Network') await world.open.store.update(asAdmin, kind, key(name), annotate<Network>);
  else await world.open.store.update(asAdmin, kind, key(name), annotate<Workload>);
}

/** A network in the store, and in the cloud one of its name that somebody else has made. */
async function worldWithForeignNetwork(description?: (uid: string) => string) {
  const world = await gcpWorld({ observeEveryMs: 100 });
  await createLocations(world, 'us-south1-a');
  const { metadata } = await createNetwork(world);
  const name = networkName(metadata.uid);
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/global/networks', {
    name,
    autoCreateSubnetworks: false,
    mtu: 1500,
    ...(description ? { description: description(metadata.uid) } : {}),
  });
  await world.eventuallyCloud((cloud) => objectsOf(cloud, 'networks').length === 1);
  await createWorkload(world, 'web');
  const context = 'default-default-us-south1-a';
  const refused = await world.eventually(
    'NetworkContext',
    context,
    (one) => conditionText(one, 'Programmed') === 'False NameConflict',
  );
  return { world, name, context, refused };
}

test('a network that somebody else made is taken over by annotation, corrected, kept so, and deleted in the end', async () => {
  const { world, name, context, refused } = await worldWithForeignNetwork();
  expect(messageOf(refused, 'Programmed')).toContain(`is left alone unless annotated with ${adoptKey}: "true"`);
  expect(objectsOf(await world.cloud(), 'networks')).toMatchObject([{ mtu: 1500 }]);

  await adopt(world, 'Network', 'default');
  await readyInstances(world, 1);
  const [network] = objectsOf(await world.cloud(), 'networks');
  expect(network).toMatchObject({ name, autoCreateSubnetworks: false });
  expect(network?.['mtu'] ?? 1460).toBe(1460);
  expect(conditionText(await world.open.store.get(asAdmin, 'NetworkContext', key(context)), 'Drifted')).toBe(
    'undefined undefined',
  );
  await drift(world, `projects/acme-edge/global/networks/${name}`, { mtu: 1400 });
  await world.eventually('NetworkContext', context, (one) => conditionText(one, 'Drifted') === 'False Corrected');

  await world.delete('Workload', 'web');
  await world.eventuallyAll('Instance', (all) => all.length === 0);
  await world.delete('Network', 'default');
  await world.eventuallyCloud(isEmpty);
});

test('what is marked as another owner’s is taken over by nobody', async () => {
  const other = { ownerKind: 'Network', ownerUid: '00000000-0000-4000-8000-000000000000', specHash: '' };
  const { world, context } = await worldWithForeignNetwork(() => descriptionOf(other));
  await adopt(world, 'Network', 'default');
  const refused = await world.eventually('NetworkContext', context, (one) =>
    messageOf(one, 'Programmed').includes('marked as that of another owner'),
  );
  expect(conditionText(refused, 'Programmed')).toBe('False NameConflict');
  await world.delete('Workload', 'web');
  await world.delete('Network', 'default');
  await world.eventuallyAll('Network', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'networks')).toMatchObject([{ mtu: 1500 }]);
});

test('an account that somebody else made becomes the workload’s by annotation, and goes with it', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  // The network comes last, so that the name of the account is known before it is made.
  const { metadata } = await createWorkload(world, 'web');
  const accountId = serviceAccountName(metadata.uid);
  const create = () =>
    asStranger(world, 'POST', 'v1/projects/acme-edge/serviceAccounts', {
      accountId,
      serviceAccount: { description: 'mine' },
    });
  await create();
  await createNetwork(world);
  await world.eventuallyAll('Instance', (all) => messageOf(all[0], 'Programmed').includes('NameConflict'));
  await adopt(world, 'Workload', 'web');
  await readyInstances(world, 1);
  expect(objectsOf(await world.cloud(), 'serviceAccounts')).toMatchObject([{ description: 'mine' }]);
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Workload', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'serviceAccounts')).toEqual([]);
});
