import { expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { objectsOf } from '../support/cloud.ts';
import {
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
import { groupWorld } from '../support/group-world.ts';
import { asAdmin } from '../support/store.ts';

type Policy = 'None' | 'Ephemeral' | 'Reserved';
type Nic = { name: string; accessConfigs?: { name: string; natIP?: string }[] };

const interfaceWith = (externalAddress?: Policy) => ({
  networkInterfaces: [
    {
      network: { name: 'default' },
      networkPolicy: { ingress: [{ ports: [{ port: 22 }] }] },
      ...(externalAddress ? { externalAddress } : {}),
    },
  ],
});

async function worldWith(policy?: Policy, options: Parameters<typeof gcpWorld>[0] = {}, replicas = 1) {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { replicas, template: interfaceWith(policy) });
  const instances = await readyInstances(world, replicas);
  return { world, instances };
}

async function nics(world: GcpWorld): Promise<Nic[]> {
  return objectsOf(await world.cloud(), 'instances').flatMap((one) => one['networkInterfaces'] as Nic[]);
}

const outer = (instance: Instance | undefined) => instance?.status?.networkInterfaces?.[0]?.assignments?.externalIP;

const reserved = async (world: GcpWorld) => objectsOf(await world.cloud(), 'addresses');

async function scale(world: GcpWorld, replicas: number, spec: object = {}): Promise<void> {
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => ({
    ...workload,
    spec: {
      ...workload.spec,
      ...spec,
      placements: workload.spec.placements.map((one) => ({
        ...one,
        scaleSettings: { ...one.scaleSettings, minReplicas: replicas },
      })),
    },
  }));
}

test('an interface has an address on the internet by its policy, and one that the cloud picks without', async () => {
  const { world, instances } = await worldWith('None');
  expect(await nics(world)).toEqual([expect.not.objectContaining({ accessConfigs: expect.anything() })]);
  expect(outer(instances[0])).toBeUndefined();
  await createWorkload(world, 'open', { template: interfaceWith() });
  const all = await readyInstances(world, 2);
  const open = all.find(({ metadata }) => metadata.name.startsWith('open'));
  expect(outer(open)).toMatch(/^198\.1[89]\./);
  expect(await reserved(world)).toEqual([]);
});

test('an address that somebody gave or took behind our back is put right, without a stop', async () => {
  const { world, instances } = await worldWith('None', { observeEveryMs: 100 });
  const [machine] = Object.keys((await world.cloud()).objects['instances'] ?? {});
  const [nic] = await nics(world);
  const open = [{ ...nic, accessConfigs: [{ name: 'sneaky', type: 'ONE_TO_ONE_NAT', natIP: '198.18.7.7' }] }];
  const before = objectsOf(await world.cloud(), 'instances')[0]?.['lastStartTimestamp'];
  await drift(world, machine ?? '', { networkInterfaces: open });
  const closed = await world.eventuallyCloud(
    (state) => objectsOf(state, 'instances')[0]?.['networkInterfaces'][0].accessConfigs === undefined,
  );
  expect(objectsOf(closed, 'instances')[0]?.['lastStartTimestamp']).toBe(before);
  await world.eventually('Instance', instances[0]?.metadata.name ?? '', (one) =>
    messageOf(one, 'Drifted').includes('externalAccess'),
  );
});

test('a reserved address outlives stop and new machine, is kept for the place, and given back with it', async () => {
  const { world, instances } = await worldWith('Reserved', {}, 2);
  const addresses = await reserved(world);
  expect(addresses).toHaveLength(2);
  const byName = new Map(instances.map((one) => [one.metadata.name, outer(one)]));
  expect([...byName.values()].toSorted()).toEqual(addresses.map(({ address }) => address as string).toSorted());

  // Stopped: the address stays, and is shown.
  const { template } = (await world.eventually('Workload', 'web', () => true)).spec;
  await scale(world, 2, { template: { ...template, spec: { ...template.spec, powerState: 'Stopped' } } });
  const stopped = await world.eventuallyAll('Instance', (all) =>
    all.every((one) => conditionText(one, 'Running') === 'False Stopped'),
  );
  expect(new Map(stopped.map((one) => [one.metadata.name, outer(one)]))).toEqual(byName);

  // A new template makes new instances and machines, with the addresses of their places.
  const uids = new Set(instances.map(({ metadata }) => metadata.uid));
  await scale(world, 2, { template: { ...template, metadata: { labels: { version: 'two' } } } });
  const renewed = await world.eventuallyAll(
    'Instance',
    (all) =>
      all.length === 2 &&
      all.every((one) => !uids.has(one.metadata.uid) && conditionText(one, 'Ready') === 'True Running'),
  );
  expect(new Map(renewed.map((one) => [one.metadata.name, outer(one)]))).toEqual(byName);
  expect((await reserved(world)).map(({ id }) => id as string).toSorted()).toEqual(
    addresses.map(({ id }) => id as string).toSorted(),
  );

  // A place that goes gives its address back, and no other.
  await scale(world, 1, { template: { ...template, metadata: { labels: { version: 'two' } } } });
  const left = await world.eventuallyCloud(({ counts }) => counts['addresses'] === 1 && counts['instances'] === 1);
  expect(objectsOf(left, 'addresses')).toMatchObject([{ address: byName.get('web-all-dfw-0'), status: 'IN_USE' }]);
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['addresses'] === 0 && counts['serviceAccounts'] === 0);
});

test('machines of a group have no address on the internet if they are not to, and never a reserved one', async () => {
  const world = await groupWorld({}, { replicas: 1, template: interfaceWith('None') });
  await readyInstances(world, 1);
  expect(await nics(world)).toEqual([expect.not.objectContaining({ accessConfigs: expect.anything() })]);
  await createWorkload(world, 'fixed', { template: interfaceWith('Reserved'), spec: { instanceMode: 'Group' } });
  const refused = await world.eventually(
    'WorkloadDeployment',
    'fixed-all-dfw',
    (one) => conditionText(one, 'GroupProgrammed') === 'False UnsupportedInGroup',
  );
  expect(messageOf(refused, 'GroupProgrammed')).toContain('no reserved addresses');
});
