import { expect, test } from 'vitest';
import { objectsOf } from '../support/cloud.ts';
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
} from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';

/** Subnets made in the same second are taken in the order of their names: this one comes before those that workloads make. */
const claimKey = { namespace: 'default', name: 'a-small' };

/** A network that is present in one location, with a claim of four addresses before any workload has made one. */
async function start(ipv4Range: string, options: Parameters<typeof gcpWorld>[0] = {}): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world, { ipam: { mode: 'Auto', ipv4Range } });
  const location = { name: 'us-south1-a', namespace: 'default' };
  await world.create('NetworkBinding', 'here', { spec: { network: { name: 'default' }, location } });
  const [context] = await world.eventuallyAll('NetworkContext', (all) => all.length === 1);
  const networkContext = { name: context?.metadata.name };
  await world.create('SubnetClaim', 'a-small', {
    spec: { subnetClass: 'private', networkContext, location, ipFamily: 'IPv4', prefixLength: 29 },
  });
  await world.eventually('Subnet', 'a-small', (one) => conditionText(one, 'Ready') === 'True Ready');
  return world;
}

const grow = (world: GcpWorld, prefixLength: number) =>
  world.open.store.update(asAdmin, 'SubnetClaim', claimKey, (claim) => ({
    ...claim,
    spec: { ...claim.spec, prefixLength },
  }));

test('a subnet grows where it lies, while machines run in it, and the new room is used', async () => {
  const world = await start('10.20.0.0/16', { latency: 'short' });
  await createWorkload(world, 'web', { replicas: 3 });
  const before = await readyInstances(world, 3);
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const { range } = { range: objectsOf(await world.cloud(), 'subnetworks')[0]?.['ipCidrRange'] };
  expect(range).toMatch(/\/29$/);
  await grow(world, 28);
  const subnet = await world.eventually(
    'Subnet',
    'a-small',
    (one) => one.status?.prefixLength === 28 && conditionText(one, 'Ready') === 'True Ready',
  );
  expect(conditionText(subnet, 'Expanded')).toBe('True Expanded');
  await world.eventually('SubnetClaim', 'a-small', (one) => one.status?.prefixLength === 28);
  const subnetwork = `subnet-${subnet.metadata.uid}`;
  await world.eventuallyCloud((state) =>
    objectsOf(state, 'subnetworks').some(
      ({ name, ipCidrRange }) => name === subnetwork && ipCidrRange === `${subnet.status?.startAddress}/28`,
    ),
  );
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => ({
    ...workload,
    spec: {
      ...workload.spec,
      placements: workload.spec.placements.map((one) => ({
        ...one,
        scaleSettings: { ...one.scaleSettings, minReplicas: 9 },
      })),
    },
  }));
  const after = await readyInstances(world, 9);
  const addressOf = (one: (typeof after)[number]) => one.status?.networkInterfaces?.[0]?.assignments?.networkIP;
  for (const one of before)
    expect(after.map((other) => [other.metadata.uid, addressOf(other)])).toContainEqual([
      one.metadata.uid,
      addressOf(one),
    ]);
  expect(objectsOf(await world.cloud(), 'instances').map(({ id }) => id)).toContain(machine?.['id']);
  const inGrown = objectsOf(await world.cloud(), 'instances').filter(({ networkInterfaces: [nic] }) =>
    nic.subnetwork.endsWith(`/${subnetwork}`),
  );
  expect(inGrown.length).toBeGreaterThan(4);
});

test('what is in the way is said, everything goes on, and the subnet grows when it is gone', async () => {
  const world = await start('10.30.0.0/27');
  const location = { name: 'us-south1-a', namespace: 'default' };
  const claim = (await world.eventually('SubnetClaim', 'a-small', () => true)).spec;
  await world.create('SubnetClaim', 'beside', {
    spec: { ...claim, startAddress: '10.30.0.8', prefixLength: 29, location },
  });
  await world.eventually('Subnet', 'beside', (one) => conditionText(one, 'Ready') === 'True Ready');
  await grow(world, 28);
  const refused = await world.eventually('Subnet', 'a-small', (one) =>
    conditionText(one, 'Expanded').startsWith('False'),
  );
  expect(conditionText(refused, 'Expanded')).toBe('False AddressConflict');
  expect(messageOf(refused, 'Expanded')).toBe(
    '10.30.0.0/29 stays as it is: 10.30.0.0/28 overlaps 10.30.0.8/29, which Subnet beside holds',
  );
  expect(conditionText(refused, 'Ready')).toBe('True Ready');
  await world.delete('SubnetClaim', 'beside');
  const grown = await world.eventually(
    'Subnet',
    'a-small',
    (one) => conditionText(one, 'Expanded') === 'True Expanded',
  );
  expect(grown.status).toMatchObject({ startAddress: '10.30.0.0', prefixLength: 28 });
  await grow(world, 26);
  const outside = await world.eventually(
    'Subnet',
    'a-small',
    (one) => conditionText(one, 'Expanded') === 'False OutOfRange',
  );
  expect(messageOf(outside, 'Expanded')).toContain("larger than the network's range 10.30.0.0/27");
  await expect(grow(world, 29)).rejects.toThrow('a range that is allocated only grows, and it is 10.30.0.0/28');
});

test('where Google refuses to grow a subnetwork, it is said', async () => {
  const world = await start('10.40.0.0/16');
  const cloud = await world.cloud();
  const network = objectsOf(cloud, 'networks')[0]?.['name'];
  const [range = ''] = objectsOf(cloud, 'subnetworks').map(({ ipCidrRange }) => ipCidrRange as string);
  expect(range).toBe('10.40.0.0/29');
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/regions/us-south1/subnetworks', {
    name: 'stranger',
    network: `global/networks/${network}`,
    ipCidrRange: '10.40.0.8/29',
  });
  await grow(world, 28);
  const refused = await world.eventually('Subnet', 'a-small', (one) =>
    messageOf(one, 'Programmed').includes("conflicts with existing subnetwork 'stranger'"),
  );
  expect(conditionText(refused, 'Programmed')).toBe('False InvalidConfiguration');
});
