import { expect, test } from 'vitest';
import { objectsOf } from '../../test/support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  messageOf,
  readyInstances,
} from '../../test/support/gcp-world.ts';

async function start(options: Parameters<typeof gcpWorld>[0] = {}, spec: object = {}): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world, spec);
  await world.create('NetworkContext', 'here', { spec: { network: { name: 'default' }, location } });
  return world;
}

const location = { name: 'us-south1-a', namespace: 'default' };

async function createSubnet(world: GcpWorld, name: string, spec: object = {}): Promise<void> {
  await world.create('Subnet', name, {
    spec: { subnetClass: 'private', networkContext: { name: 'here' }, location, ipFamily: 'IPv4', ...spec },
  });
}

const programmed = (object: unknown) => conditionText(object, 'Programmed') === 'True Programmed';

test('a subnet is a subnetwork with its range, and goes without a trace', async () => {
  const world = await start({ latency: 'short' });
  await createSubnet(world, 'one', { startAddress: '10.200.0.0', prefixLength: 24 });
  const subnet = await world.eventually('Subnet', 'one', programmed);
  expect(objectsOf(await world.cloud(), 'subnetworks')).toMatchObject([
    { name: `subnet-${subnet.metadata.uid}`, ipCidrRange: '10.200.0.0/24', purpose: 'PRIVATE', stackType: 'IPV4_ONLY' },
  ]);
  await world.delete('Subnet', 'one');
  await world.eventuallyAll('Subnet', (all) => all.length === 0);
  expect((await world.cloud()).counts).toMatchObject({ subnetworks: 0, networks: 1 });
});

test('a network of IPv6 alone is said not to be programmed, and no workload comes to it', async () => {
  const world = await start({}, { ipFamilies: ['IPv6'] });
  await expect(createWorkload(world, 'web')).rejects.toThrow(
    'spec.template.spec.networkInterfaces[0].network: Forbidden: the network has IPv6 alone, and machines need IPv4 as well; add IPv4 to its ipFamilies',
  );
  await createSubnet(world, 'six', { ipFamily: 'IPv6' });
  const six = await world.eventually(
    'Subnet',
    'six',
    (one) => conditionText(one, 'Programmed') === 'False NotYetImplemented',
  );
  expect(messageOf(six, 'Programmed')).toContain('IPv6 alone');
  await world.delete('Subnet', 'six');
  await world.eventuallyAll('Subnet', (all) => all.length === 0);
});

test('an IPv6 subnet waits for an IPv4 one, whose subnetwork becomes dual-stack for it', async () => {
  const world = await start({}, { ipFamilies: ['IPv4', 'IPv6'] });
  await createSubnet(world, 'six', { ipFamily: 'IPv6' });
  await world.eventually('Subnet', 'six', (one) => messageOf(one, 'Programmed').includes('Waiting for an IPv4 subnet'));
  await createSubnet(world, 'four');
  const four = await world.eventually('Subnet', 'four', programmed);
  const six = await world.eventually('Subnet', 'six', programmed);
  expect(objectsOf(await world.cloud(), 'subnetworks')).toMatchObject([
    { name: `subnet-${four.metadata.uid}`, stackType: 'IPV4_IPV6', ipv6CidrRange: `${six.status?.startAddress}/64` },
  ]);
  await world.delete('Subnet', 'six');
  await world.eventuallyAll('Subnet', (all) => all.length === 1);
  await world.delete('Subnet', 'four');
  await world.eventuallyCloud(({ counts }) => counts['subnetworks'] === 0);
});

test('a foreign subnetwork of the name is left alone', async () => {
  const world = await start();
  await world.eventually('NetworkContext', 'here', programmed);
  const network = objectsOf(await world.cloud(), 'networks')[0]?.['name'];
  const there = { name: 'later', namespace: 'default' };
  await world.create('NetworkContext', 'there', { spec: { network: { name: 'default' }, location: there } });
  await createSubnet(world, 'one', { networkContext: { name: 'there' }, location: there });
  const { metadata } = await world.eventually(
    'Subnet',
    'one',
    (one) => conditionText(one, 'Allocated') === 'True PrefixAllocated',
  );
  const path = 'compute/v1/projects/acme-edge/regions/us-west1/subnetworks';
  await asStranger(world, 'POST', path, {
    name: `subnet-${metadata.uid}`,
    network: `global/networks/${network}`,
    ipCidrRange: '172.20.0.0/24',
  });

  const gcp = { projectId: 'acme-edge', region: 'us-west1', zone: 'us-west1-a' };
  await world.create('Location', 'later', {
    spec: { locationClassName: 'self-managed', topology: {}, provider: { gcp } },
  });
  await world.eventually('Subnet', 'one', (one) => conditionText(one, 'Programmed') === 'False NameConflict');
  await world.delete('Subnet', 'one');
  await world.eventuallyAll('Subnet', (all) => all.length === 0);
  expect(objectsOf(await world.cloud(), 'subnetworks')).toMatchObject([{ ipCidrRange: '172.20.0.0/24' }]);
});

test('a subnet that instances live in goes after them', async () => {
  const world = await start();
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const [subnet] = await world.eventuallyAll('Subnet', (all) => all.length === 1);
  await world.delete('Subnet', subnet?.metadata.name ?? '');
  await world.eventuallyAll('Subnet', ([one]) => conditionText(one, 'Programmed') === 'False DeletionBlocked');
  expect((await world.cloud()).counts).toMatchObject({ subnetworks: 1, instances: 1 });
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['instances'] === 0 && counts['subnetworks'] === 0);
});
