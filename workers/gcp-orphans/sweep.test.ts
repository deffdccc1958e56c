import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCloudInventory } from '../../store/cloud-inventory.ts';
import { installationId } from '../../store/installation.ts';
import { objectsOf } from '../../test/support/cloud.ts';
import {
  asStranger,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../../test/support/gcp-world.ts';
import { createGcpClient } from '../clouds/gcp/client.ts';
import { descriptionOf, markAs } from '../clouds/gcp/marker.ts';
import { createSweep, type SweepOptions } from './sweep.ts';

const mine = 'mine';
beforeEach(() => markAs(mine));
afterEach(() => markAs(undefined));

const hourMs = 3_600_000;

function sweepOf(world: GcpWorld, mode: SweepOptions['mode']) {
  const clock = { nowMs: 0 };
  const gcp = createGcpClient({ endpoint: world.gcp });
  const inventory = createCloudInventory(world.open.pool);
  const sweep = createSweep({ gcp, inventory, installation: mine, mode, now: () => clock.nowMs });
  /** Outcomes by name, after so many hours. */
  return async (hours: number) => {
    clock.nowMs += hours * hourMs;
    return Object.fromEntries((await sweep()).map(({ orphan, outcome }) => [orphan.name, outcome]));
  };
}

const global = 'compute/v1/projects/acme-edge/global';

/** A network that somebody made, with the description given. */
async function make(world: GcpWorld, name: string, description?: string): Promise<void> {
  await asStranger(world, 'POST', `${global}/networks`, { name, autoCreateSubnetworks: false, description });
}

function marked(ownerUid: string, installation: string | undefined = mine): string {
  markAs(installation);
  const description = descriptionOf({ ownerKind: 'NetworkContext', ownerUid, specHash: '' });
  markAs(mine);
  return description;
}

test('what nobody knows of is reported when it is found twice, an hour apart, and everything in use is let be', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  await make(world, 'lost', marked('00000000-0000-4000-8000-000000000001'));
  const sweep = sweepOf(world, 'Report');
  expect(await sweep(0)).toEqual({ lost: 'Suspected' });
  expect(await sweep(0.9)).toEqual({ lost: 'Suspected' });
  expect(await sweep(0.1)).toEqual({ lost: 'Orphaned' });
  expect(objectsOf(await world.cloud(), 'networks').map(({ name }) => name)).toContain('lost');
});

test('after the rows are lost machines, addresses, firewalls, subnetworks and network go, in this order, and nothing else', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  const owner = '00000000-0000-4000-8000-000000000002';
  await make(world, 'lost', marked(owner));
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/regions/us-south1/subnetworks', {
    name: 'lost',
    network: 'global/networks/lost',
    ipCidrRange: '10.0.0.0/24',
    description: marked(owner),
  });
  await asStranger(world, 'POST', `${global}/firewalls`, {
    name: 'lost',
    network: 'global/networks/lost',
    allowed: [{ IPProtocol: 'tcp' }],
    description: marked(owner),
  });
  for (const [name, description] of [
    ['lost-address', marked(owner)],
    ['own-address', undefined],
  ])
    await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/regions/us-south1/addresses', { name, description });
  // Look-alikes: no marker, another product's, one without a name, text around ours, a label's form of it, an owner that lives.
  const location = await world.eventually('Location', 'us-south1-a', () => true);
  const spared: Record<string, string | undefined> = {
    none: undefined,
    other: marked(owner, 'other'),
    nameless: descriptionOf({ ownerKind: 'Network', ownerUid: owner, specHash: '' }).replace(
      `,"installation":"${mine}"`,
      '',
    ),
    quoted: `copied from ${marked(owner)}`,
    foreign: marked(owner).replace('"datum"', '"datum2"'),
    alive: marked(location.metadata.uid),
  };
  for (const [name, description] of Object.entries(spared)) await make(world, name, description);
  const sweep = sweepOf(world, 'Delete');
  await sweep(0);
  expect(objectsOf(await world.cloud(), 'networks')).toHaveLength(7);
  expect(await sweep(1)).toEqual({ lost: 'Deleted', 'lost-address': 'Deleted' });
  const left = await world.cloud();
  expect(
    objectsOf(left, 'networks')
      .map(({ name }) => name as string)
      .toSorted(),
  ).toEqual(Object.keys(spared).toSorted());
  expect(objectsOf(left, 'addresses')).toMatchObject([{ name: 'own-address' }]);
  expect([...objectsOf(left, 'subnetworks'), ...objectsOf(left, 'firewalls')]).toEqual([]);
});

test('something new of the same name must be found twice itself', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  const description = marked('00000000-0000-4000-8000-000000000003');
  await make(world, 'lost', description);
  const sweep = sweepOf(world, 'Delete');
  await sweep(0);
  await asStranger(world, 'DELETE', `${global}/networks/lost`);
  await make(world, 'lost', description);
  expect(await sweep(1)).toEqual({ lost: 'Suspected' });
  expect(await sweep(1)).toEqual({ lost: 'Deleted' });
});

test('an installation keeps its name', async () => {
  const { open } = await gcpWorld();
  const id = await installationId(open.pool);
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(await installationId(open.pool)).toBe(id);
});
