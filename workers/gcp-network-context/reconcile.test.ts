import { describe, expect, test } from 'vitest';
import type { Network } from '../../kinds/generated/types.ts';
import { addFault, objectsOf } from '../../test/support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  drift,
  gcpWorld,
  type GcpWorld,
  messageOf,
} from '../../test/support/gcp-world.ts';
import { asAdmin } from '../../test/support/store.ts';

/** Contexts as a user makes them: no controller takes them away. */
async function createContexts(world: GcpWorld, ...locations: string[]): Promise<void> {
  for (const location of locations) {
    await world.create('NetworkContext', location, {
      spec: { network: { name: 'default' }, location: { name: location, namespace: 'default' } },
    });
  }
}

async function start(
  options: Parameters<typeof gcpWorld>[0] = {},
  spec: object = {},
): Promise<{ world: GcpWorld; network: Network; vpc: string }> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a', 'us-west1-a');
  const network = await createNetwork(world, spec);
  return { world, network, vpc: `network-${network.metadata.uid}` };
}

const programmed = (object: unknown) => conditionText(object, 'Programmed') === 'True Programmed';

test('the contexts of a network share one VPC network in a project, and the last one takes it along', async () => {
  const { world, vpc } = await start({ latency: 'short' }, { mtu: 1500 });
  await createContexts(world, 'us-south1-a', 'us-west1-a');
  for (const name of ['us-south1-a', 'us-west1-a']) await world.eventually('NetworkContext', name, programmed);
  expect(objectsOf(await world.cloud(), 'networks')).toMatchObject([
    { name: vpc, autoCreateSubnetworks: false, mtu: 1500, routingConfig: { routingMode: 'REGIONAL' } },
  ]);

  await world.delete('NetworkContext', 'us-south1-a');
  await world.eventuallyAll('NetworkContext', (all) => all.length === 1);
  expect(objectsOf(await world.cloud(), 'networks')).toHaveLength(1);
  await world.delete('NetworkContext', 'us-west1-a');
  await world.eventuallyAll('NetworkContext', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'networks')).toEqual([]);
});

test('contexts that go at the same time leave nothing', async () => {
  const { world } = await start({ latency: 'short' });
  await createContexts(world, 'us-south1-a', 'us-west1-a');
  for (const name of ['us-south1-a', 'us-west1-a']) await world.eventually('NetworkContext', name, programmed);
  await Promise.all(['us-south1-a', 'us-west1-a'].map((name) => world.delete('NetworkContext', name)));
  await world.eventuallyAll('NetworkContext', (all) => all.length === 0);
  expect((await world.cloud()).counts).toMatchObject({ networks: 0 });
});

test('a foreign network of the name is left alone, said so, and taken over from once it is gone', async () => {
  const { world, vpc } = await start();
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/global/networks', {
    name: vpc,
    autoCreateSubnetworks: false,
    description: 'mine',
  });
  await createContexts(world, 'us-south1-a');
  const context = await world.eventually(
    'NetworkContext',
    'us-south1-a',
    (one) => conditionText(one, 'Programmed') === 'False NameConflict',
  );
  expect(messageOf(context, 'Programmed')).toContain(`projects/acme-edge/global/networks/${vpc}`);
  expect(objectsOf(await world.cloud(), 'networks')).toMatchObject([{ description: 'mine' }]);
  await asStranger(world, 'DELETE', `compute/v1/projects/acme-edge/global/networks/${vpc}`);
  await world.eventually('NetworkContext', 'us-south1-a', programmed);
});

test('a foreign network outlives the context that could not have its name', async () => {
  const { world, vpc } = await start();
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/global/networks', {
    name: vpc,
    autoCreateSubnetworks: false,
  });
  await createContexts(world, 'us-south1-a');
  await world.eventually(
    'NetworkContext',
    'us-south1-a',
    (one) => conditionText(one, 'Programmed') === 'False NameConflict',
  );
  await world.delete('NetworkContext', 'us-south1-a');
  await world.eventuallyAll('NetworkContext', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'networks')).toHaveLength(1);
});

test('what Google refuses is shown as a network that failed, until it is refused no more', async () => {
  const { world } = await start();
  const fault = {
    kind: 'operation-error',
    code: 'QUOTA_EXCEEDED',
    message: "Quota 'NETWORKS' exceeded. Limit: 5.0 globally.",
  };
  await addFault(world, { method: 'POST', path: '/networks$', count: 1, fault });
  await createContexts(world, 'us-south1-a');
  const context = await world.eventually(
    'NetworkContext',
    'us-south1-a',
    (one) => conditionText(one, 'Ready') === 'False NetworkFailedToCreate',
  );
  expect(messageOf(context, 'Ready')).toContain("QUOTA_EXCEEDED: Quota 'NETWORKS' exceeded.");
  await world.eventually('NetworkContext', 'us-south1-a', programmed);
});

describe('one network is made, and found again, when', () => {
  const path = '/networks$';
  test.each<[string, Parameters<typeof addFault>[1]]>([
    ['the answer to the insert is lost', { method: 'POST', path, count: 2, fault: { kind: 'lost-answer' } }],
    [
      'the operation ends with an internal error',
      { method: 'POST', path, count: 1, fault: { kind: 'operation-error', code: 'INTERNAL_ERROR' } },
    ],
    ['half of all requests fails', { probability: 0.5, fault: { kind: 'http', status: 503, reason: 'backendError' } }],
  ])('%s', async (_, fault) => {
    const { world, vpc } = await start();
    await addFault(world, fault);
    await createContexts(world, 'us-south1-a');
    await world.eventually('NetworkContext', 'us-south1-a', programmed);
    expect(objectsOf(await world.cloud(), 'networks').map(({ name }) => name)).toEqual([vpc]);
  });
});

test('what others change is put right, and what they delete is made again', async () => {
  const { world, vpc } = await start({ observeEveryMs: 300 });
  await createContexts(world, 'us-south1-a');
  await world.eventually('NetworkContext', 'us-south1-a', programmed);
  const resource = `projects/acme-edge/global/networks/${vpc}`;
  await drift(world, resource, { mtu: 1400 });
  await world.eventuallyCloud((state) => objectsOf(state, 'networks').every(({ mtu = 1460 }) => mtu === 1460));
  await drift(world, resource);
  await world.eventuallyCloud((state) => objectsOf(state, 'networks').length === 1);
});

test('a larger packet is given to the network that is there', async () => {
  const { world } = await start();
  await createContexts(world, 'us-south1-a');
  await world.eventually('NetworkContext', 'us-south1-a', programmed);
  await world.open.store.update(asAdmin, 'Network', { namespace: 'default', name: 'default' }, (network) => ({
    ...network,
    spec: { ...network.spec, mtu: 8000 },
  }));
  await world.eventuallyCloud((state) => objectsOf(state, 'networks')[0]?.['mtu'] === 8000);
});

test('what stands in the way of a deletion is named', async () => {
  const { world, vpc } = await start();
  await createContexts(world, 'us-south1-a');
  await world.eventually('NetworkContext', 'us-south1-a', programmed);
  const firewall = {
    name: 'strange',
    network: `global/networks/${vpc}`,
    allowed: [{ IPProtocol: 'tcp' }],
    sourceRanges: ['0.0.0.0/0'],
  };
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/global/firewalls', firewall);
  await world.delete('NetworkContext', 'us-south1-a');
  const blocked = await world.eventually(
    'NetworkContext',
    'us-south1-a',
    (one) => conditionText(one, 'Programmed') === 'False DeletionBlocked',
  );
  expect(messageOf(blocked, 'Programmed')).toContain('In the way: firewall strange');
  await asStranger(world, 'DELETE', 'compute/v1/projects/acme-edge/global/firewalls/strange');
  await world.eventuallyAll('NetworkContext', (all) => all.length === 0);
  expect((await world.cloud()).counts).toMatchObject({ networks: 0 });
});
