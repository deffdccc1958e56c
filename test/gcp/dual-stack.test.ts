import { expect, test } from 'vitest';
import { contains, parseAddress, parseCidr } from '../../kinds/cidr.ts';
import type { Instance } from '../../kinds/generated/types.ts';
import { objectsOf } from '../support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  drift,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';

const both = { ipFamilies: ['IPv4', 'IPv6'] };
const zone = 'projects/acme-edge/zones/us-south1-a/instances';

const addresses = (instance: Instance | undefined) => instance?.status?.networkInterfaces?.[0]?.assignments ?? {};

const isIn = (range: string, address = ''): boolean => {
  const [outer, one] = [parseCidr(range), parseAddress(address)];
  return (
    outer !== undefined &&
    one !== undefined &&
    contains(outer, { ...one, address: one.value, first: one.value, length: 128 })
  );
};

/** What the emulator's firewalls say of a packet of IPv6. */
async function isReached(world: GcpWorld, src: string, dst: string, port: number): Promise<boolean> {
  const query = new URLSearchParams({ src, dst, proto: 'tcp', port: String(port), family: '6' });
  const response = await fetch(`${world.gcpControl}/_emu/reachability?${query}`);
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { allowed: boolean }).allowed;
}

async function start(network: object, options: Parameters<typeof gcpWorld>[0] = {}): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world, network);
  return world;
}

/** Ready instances that have an IPv6 address. */
const withIpv6 = (world: GcpWorld, count: number) =>
  world.eventuallyAll(
    'Instance',
    (all) =>
      all.length === count &&
      all.every((one) => conditionText(one, 'Ready') === 'True Running' && addresses(one).networkIPv6 !== undefined),
  );

const subnetOf = async (world: GcpWorld, family: 'IPv4' | 'IPv6') => {
  const all = await world.eventuallyAll('Subnet', (found) => found.length === 2);
  return all.find(({ spec }) => spec.ipFamily === family);
};

test('gap 26: network, subnet, claim, machine and firewall have IPv6, and all of it goes', async () => {
  const world = await start(both);
  await createWorkload(world, 'web', { replicas: 2 });
  const instances = await withIpv6(world, 2);
  const network = await world.eventually('Network', 'default', () => true);
  const cloud = await world.cloud();
  expect(objectsOf(cloud, 'networks')).toMatchObject([
    { enableUlaInternalIpv6: true, internalIpv6Range: network.status?.ipam?.ipv6Range },
  ]);
  const [subnetwork] = objectsOf(cloud, 'subnetworks');
  expect(subnetwork).toMatchObject({ stackType: 'IPV4_IPV6', ipv6AccessType: 'INTERNAL' });
  const range = String(subnetwork?.['ipv6CidrRange']);
  const six = await subnetOf(world, 'IPv6');
  expect(`${six?.status?.startAddress}/${six?.status?.prefixLength}`).toBe(range);
  expect(conditionText(six, 'Ready')).toBe('True Ready');
  for (const instance of instances) {
    expect(isIn(range, addresses(instance).networkIPv6)).toBe(true);
    expect(addresses(instance).externalIPv6).toBeUndefined();
  }
  const nics = objectsOf(cloud, 'instances').map(({ networkInterfaces }) => networkInterfaces[0]);
  expect(nics.map(({ ipv6Address }) => ipv6Address as string).toSorted()).toEqual(
    instances.map((one) => addresses(one).networkIPv6).toSorted(),
  );
  await world.eventually('Subnet', six?.metadata.name ?? '', (one) => one.status?.addresses?.allocated === 2);

  const [a, b] = instances.map(({ metadata }) => `${zone}/instance-${metadata.uid}`);
  expect(await isReached(world, a ?? '', b ?? '', 22)).toBe(true);
  expect(await isReached(world, a ?? '', b ?? '', 23)).toBe(false);

  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['instances'] === 0 && counts['networks'] === 0);
});

test('gap 26: external IPv6 is known on the internet, and policies decide who gets in', async () => {
  const world = await start({ ...both, ipv6Access: 'External' });
  const ingress = [
    { ports: [{ port: 443 }], from: [{ ipBlock: { cidr: '2001:4860::/32', except: ['2001:4860:1::/48'] } }] },
  ];
  await createWorkload(world, 'web', { ingress });
  const [instance] = await withIpv6(world, 1);
  const [subnetwork] = objectsOf(await world.cloud(), 'subnetworks');
  expect(subnetwork).toMatchObject({ stackType: 'IPV4_IPV6', ipv6AccessType: 'EXTERNAL' });
  const { networkIPv6, externalIPv6 } = addresses(instance);
  expect(externalIPv6).toBe(networkIPv6);
  expect(isIn(String(subnetwork?.['ipv6CidrRange']), externalIPv6)).toBe(true);
  const six = await subnetOf(world, 'IPv6');
  expect(`${six?.status?.startAddress}/64`).toBe(subnetwork?.['ipv6CidrRange']);

  const machine = `${zone}/instance-${instance?.metadata.uid}`;
  expect(await isReached(world, '2001:4860::7', machine, 443)).toBe(true);
  expect(await isReached(world, '2001:4860:1::7', machine, 443)).toBe(false);
  expect(await isReached(world, '2001:4860::7', machine, 80)).toBe(false);
  expect(await isReached(world, '2002::7', machine, 443)).toBe(false);
});

test('a network gets IPv6 later: its machines run on, and have it then', async () => {
  const world = await start({});
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const [before] = objectsOf(await world.cloud(), 'instances');
  const key = { namespace: 'default', name: 'default' };
  await world.open.store.update(asAdmin, 'Network', key, (network) => ({
    ...network,
    spec: { ...network.spec, ipFamilies: ['IPv4', 'IPv6'] },
  }));
  // Whoever asks for a place in the network asks for both families from now on.
  await createWorkload(world, 'more');
  await withIpv6(world, 2);
  const after = objectsOf(await world.cloud(), 'instances').find(({ id }) => id === before?.['id']);
  expect(after).toMatchObject({
    lastStartTimestamp: before?.['lastStartTimestamp'],
    networkInterfaces: [{ stackType: 'IPV4_IPV6', networkIP: before?.['networkInterfaces'][0].networkIP }],
  });
  await expect(
    world.open.store.update(asAdmin, 'Network', key, (network) => ({
      ...network,
      spec: { ...network.spec, ipFamilies: ['IPv4'] },
    })),
  ).rejects.toThrow('a family that the network has cannot be taken away');
});

test('the range that Google chooses is taken over, whatever the address management had in mind', async () => {
  const world = await start(both);
  const location = { name: 'us-south1-a', namespace: 'default' };
  await world.create('NetworkBinding', 'here', { spec: { network: { name: 'default' }, location } });
  await world.eventuallyAll('NetworkContext', ([one]) => conditionText(one, 'Programmed') === 'True Programmed');
  const network = objectsOf(await world.cloud(), 'networks')[0]?.['name'];
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/regions/us-south1/subnetworks', {
    name: 'stranger',
    network: `global/networks/${network}`,
    ipCidrRange: '172.20.0.0/24',
    stackType: 'IPV4_IPV6',
    ipv6AccessType: 'INTERNAL',
  });
  await createWorkload(world, 'web');
  await withIpv6(world, 1);
  const own = objectsOf(await world.cloud(), 'subnetworks').find(({ name }) => name !== 'stranger');
  const six = await subnetOf(world, 'IPv6');
  expect(`${six?.status?.startAddress}/64`).toBe(own?.['ipv6CidrRange']);
  expect(own?.['ipv6CidrRange']).toMatch(/:1::\/64$/);
});

test('a machine that is made again has the IPv6 address of the one before', async () => {
  const world = await start(both, { observeEveryMs: 100 });
  await createWorkload(world, 'web', { replicas: 2 });
  const instances = await withIpv6(world, 2);
  const before = await world.cloud();
  const ids = objectsOf(before, 'instances').map(({ id }) => id as string);
  for (const path of Object.keys(before.objects['instances'] ?? {})) await drift(world, path);
  const after = await world.eventuallyCloud(
    ({ objects, counts }) =>
      counts['instances'] === 2 && Object.values(objects['instances'] ?? {}).every(({ id }) => !ids.includes(id)),
  );
  const addressOf = Object.fromEntries(
    objectsOf(after, 'instances').map(({ name, networkInterfaces }) => [name, networkInterfaces[0].ipv6Address]),
  );
  for (const one of instances) expect(addressOf[`instance-${one.metadata.uid}`]).toBe(addresses(one).networkIPv6);
});
