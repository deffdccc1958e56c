import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';
import type { TestEmulator } from './harness.ts';

const project = PROJECT;
const zone = ZONE;
const group = { project, zone, instanceGroupManager: 'web' };

async function makeTemplate({ compute }: TestEmulator, name: string, properties: object = {}): Promise<void> {
  const { name: _name, machineType: _type, disks: _disks, ...rest } = instanceBody('unused');
  const initializeParams = { sourceImage: 'projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts' };
  const disks = [{ boot: true, autoDelete: true, initializeParams }];
  await compute.instanceTemplates.insert({
    project,
    requestBody: { name, properties: { ...rest, machineType: 'n2-standard-2', disks, ...properties } },
  });
}

async function makeGroup(emulator: TestEmulator, spec: compute_v1.Schema$InstanceGroupManager = {}): Promise<void> {
  await makeSubnet(emulator);
  await makeTemplate(emulator, 'v1');
  await emulator.compute.instanceGroupManagers.insert({
    project,
    zone,
    requestBody: {
      name: 'web',
      baseInstanceName: 'web',
      targetSize: 3,
      instanceTemplate: 'global/instanceTemplates/v1',
      updatePolicy: { type: 'PROACTIVE', maxSurge: { fixed: 1 }, maxUnavailable: { fixed: 0 } },
      ...spec,
    },
  });
}

async function machines({ compute }: TestEmulator) {
  const { data } = await compute.instanceGroupManagers.listManagedInstances(group);
  return data.managedInstances ?? [];
}

async function manager({ compute }: TestEmulator) {
  return (await compute.instanceGroupManagers.get(group)).data;
}

/** How many machines are of each template, by its name. */
async function versions(emulator: TestEmulator): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { version } of await machines(emulator)) {
    const name = version?.instanceTemplate?.split('/').at(-1) ?? '';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function change(emulator: TestEmulator, requestBody: compute_v1.Schema$InstanceGroupManager): Promise<void> {
  const { fingerprint } = await manager(emulator);
  const body = { ...requestBody, fingerprint: fingerprint ?? '' };
  await emulator.compute.instanceGroupManagers.patch({ ...group, requestBody: body });
}

const newTemplate = { instanceTemplate: 'global/instanceTemplates/v2' };

test('a group makes its machines after its operation has ended, and tells how far it is', async () => {
  const emulator = await startForTest({ latency: 'real', clock: 'manual' });
  const advance = (ms: number) => emulator.control('POST', '/_emu/time/advance', { ms });
  const { compute } = emulator;
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  await advance(60_000);
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
  await advance(60_000);
  await makeTemplate(emulator, 'v1');
  await advance(60_000);
  await compute.instanceGroupManagers.insert({
    project,
    zone,
    requestBody: { name: 'web', targetSize: 2, instanceTemplate: 'global/instanceTemplates/v1' },
  });
  await advance(6_000);
  expect(await machines(emulator)).toMatchObject([{ currentAction: 'CREATING' }, { currentAction: 'CREATING' }]);
  expect(await manager(emulator)).toMatchObject({ currentActions: { creating: 2 }, status: { isStable: false } });
  await advance(60_000);
  const made = await machines(emulator);
  expect(made).toMatchObject([
    { currentAction: 'NONE', instanceStatus: 'RUNNING' },
    { currentAction: 'NONE', instanceStatus: 'RUNNING' },
  ]);
  for (const { name } of made) expect(name).toMatch(/^web-[a-z0-9]{4}$/);
  expect(await manager(emulator)).toMatchObject({
    currentActions: { none: 2 },
    status: { isStable: true, versionTarget: { isReached: true } },
  });
  const { data: vm } = await compute.instances.get({ project, zone, instance: made[0]?.name ?? '' });
  expect(vm.metadata?.items).toContainEqual({
    key: 'created-by',
    value: expect.stringMatching(/^projects\/\d+\/zones\/us-south1-a\/instanceGroupManagers\/web$/),
  });
});

test('resize, delete and abandon change the size and the right machines', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeGroup(emulator);
  expect(await machines(emulator)).toHaveLength(3);
  await compute.instanceGroupManagers.resize({ ...group, size: 5 });
  const five = await machines(emulator);
  expect(five).toHaveLength(5);
  const [first, second] = five;
  await compute.instanceGroupManagers.deleteInstances({
    ...group,
    requestBody: { instances: [first?.instance ?? ''] },
  });
  expect((await machines(emulator)).map(({ name }) => name)).not.toContain(first?.name);
  const abandoned = second?.name ?? '';
  await compute.instanceGroupManagers.abandonInstances({
    ...group,
    requestBody: { instances: [second?.instance ?? ''] },
  });
  expect((await manager(emulator)).targetSize).toBe(3);
  expect(await machines(emulator)).toHaveLength(3);
  expect((await compute.instances.get({ project, zone, instance: abandoned })).data.status).toBe('RUNNING');
  const stranger = { instances: [`zones/${zone}/instances/${abandoned}`] };
  const refused = compute.instanceGroupManagers.deleteInstances({ ...group, requestBody: stranger });
  expect((await failureOf(refused)).message).toContain('not a member');
  await compute.instanceGroupManagers.createInstances({ ...group, requestBody: { instances: [{ name: 'web-mine' }] } });
  expect((await machines(emulator)).map(({ name }) => name)).toContain('web-mine');
  const { data: members } = await compute.instanceGroups.listInstances({
    project,
    zone,
    instanceGroup: 'web',
    requestBody: {},
  });
  expect(members.items).toHaveLength(4);
});

test('a rollout replaces all machines, one more than wanted at a time and none missing', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const advance = (ms: number) => emulator.control('POST', '/_emu/time/advance', { ms });
  const make = async (work: Promise<unknown>) => {
    await work;
    await advance(2_000);
  };
  const { compute } = emulator;
  await make(compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } }));
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await make(compute.subnetworks.insert({ project, region: REGION, requestBody }));
  await make(makeTemplate(emulator, 'v1'));
  await make(
    makeTemplate(emulator, 'v2', {
      canIpForward: true,
      networkInterfaces: instanceBody('x').networkInterfaces,
      disks: [{ boot: true, initializeParams: { sourceImage: 'projects/cos-cloud/global/images/family/cos-stable' } }],
    }),
  );
  const updatePolicy = { type: 'PROACTIVE', maxSurge: { fixed: 1 }, maxUnavailable: { fixed: 0 } };
  const spec = { name: 'web', targetSize: 3, instanceTemplate: 'global/instanceTemplates/v1', updatePolicy };
  await make(compute.instanceGroupManagers.insert({ project, zone, requestBody: spec }));
  await advance(5_000);
  await change(emulator, newTemplate);
  let most = 0;
  for (let step = 0; step < 1_000 && (await versions(emulator))['v2'] !== 3; step += 1) {
    await advance(50);
    const all = await machines(emulator);
    most = Math.max(most, all.filter(({ currentAction }) => currentAction !== 'DELETING').length);
    const up = all.filter(
      ({ instanceStatus, currentAction }) => instanceStatus === 'RUNNING' && currentAction === 'NONE',
    );
    expect(up.length).toBeGreaterThanOrEqual(3);
  }
  await advance(10_000);
  expect(await versions(emulator)).toEqual({ v2: 3 });
  expect(most).toBe(4);
  await compute.instanceTemplates.delete({ project, instanceTemplate: 'v1' });
});

test('a change that a restart brings about restarts, keeping names; one that is not allowed is not made', async () => {
  const emulator = await startForTest();
  await makeGroup(emulator);
  const before = await machines(emulator);
  await makeTemplate(emulator, 'v2', { machineType: 'n2-standard-4' });
  const policy = { type: 'PROACTIVE', minimalAction: 'RESTART', maxSurge: { fixed: 0 }, maxUnavailable: { fixed: 1 } };
  await change(emulator, { ...newTemplate, updatePolicy: { ...policy, mostDisruptiveAllowedAction: 'REFRESH' } });
  expect(await versions(emulator)).toEqual({ v1: 3 });
  expect((await manager(emulator)).status?.versionTarget?.isReached).toBe(false);
  await change(emulator, { updatePolicy: { ...policy, mostDisruptiveAllowedAction: 'RESTART' } });
  const after = await machines(emulator);
  expect(await versions(emulator)).toEqual({ v2: 3 });
  expect(after.map(({ name, id }) => `${name} ${id}`)).toEqual(before.map(({ name, id }) => `${name} ${id}`));
  const { data: vm } = await emulator.compute.instances.get({ project, zone, instance: after[0]?.name ?? '' });
  expect(vm).toMatchObject({ status: 'RUNNING', machineType: expect.stringMatching(/\/n2-standard-4$/) });
});

test('an opportunistic group changes only the machines it is told to', async () => {
  const emulator = await startForTest();
  await makeGroup(emulator, { updatePolicy: { type: 'OPPORTUNISTIC' } });
  await makeTemplate(emulator, 'v2', { metadata: { items: [{ key: 'a', value: 'b' }] } });
  await change(emulator, newTemplate);
  expect(await versions(emulator)).toEqual({ v1: 3 });
  const [first] = await machines(emulator);
  await emulator.compute.instanceGroupManagers.applyUpdatesToInstances({
    ...group,
    requestBody: { instances: [first?.instance ?? ''], minimalAction: 'REFRESH' },
  });
  expect(await versions(emulator)).toEqual({ v1: 2, v2: 1 });
  const { data: vm } = await emulator.compute.instances.get({ project, zone, instance: first?.name ?? '' });
  expect(vm.id).toBe(first?.id);
  expect(vm.metadata?.items).toContainEqual({ key: 'a', value: 'b' });
});

test('a canary keeps to its number', async () => {
  const emulator = await startForTest();
  await makeGroup(emulator);
  await makeTemplate(emulator, 'v2', { machineType: 'n2-standard-4' });
  await change(emulator, {
    versions: [
      { name: 'main', instanceTemplate: 'global/instanceTemplates/v1' },
      { name: 'canary', instanceTemplate: 'global/instanceTemplates/v2', targetSize: { fixed: 1 } },
    ],
  });
  expect(await versions(emulator)).toEqual({ v1: 2, v2: 1 });
  await emulator.compute.instanceGroupManagers.resize({ ...group, size: 6 });
  expect(await versions(emulator)).toEqual({ v1: 5, v2: 1 });
});

test('what is deleted or stopped behind the back of a group comes back under its name', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeGroup(emulator);
  const [first, second] = await machines(emulator);
  await compute.instances.delete({ project, zone, instance: first?.name ?? '' });
  await compute.instances.stop({ project, zone, instance: second?.name ?? '' });
  const after = await machines(emulator);
  expect(after.map(({ name }) => name)).toContain(first?.name);
  expect(
    after.every(({ currentAction, instanceStatus }) => `${currentAction} ${instanceStatus}` === 'NONE RUNNING'),
  ).toBe(true);
  expect(after.find(({ name }) => name === first?.name)?.id).not.toBe(first?.id);
});

test('a machine that fails its health check is made anew', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeGroup(emulator);
  await compute.healthChecks.insert({
    project,
    requestBody: { name: 'alive', type: 'TCP', tcpHealthCheck: { port: 22 } },
  });
  const allowed = [{ IPProtocol: 'tcp' }];
  await compute.firewalls.insert({ project, requestBody: { name: 'all', network: 'global/networks/net', allowed } });
  await change(emulator, { autoHealingPolicies: [{ healthCheck: 'global/healthChecks/alive', initialDelaySec: 0 }] });
  const [first, ...others] = await machines(emulator);
  expect(first?.instanceHealth).toMatchObject([{ detailedHealthState: 'HEALTHY' }]);
  await emulator.control('POST', '/_emu/guest', {
    instance: `projects/${project}/zones/${zone}/instances/${first?.name}`,
    healthy: false,
  });
  const after = await machines(emulator);
  expect(after.find(({ name }) => name === first?.name)?.id).not.toBe(first?.id);
  for (const { name, id } of others) expect(after.find((one) => one.name === name)?.id).toBe(id);
});

test('a machine that cannot be made is tried again, and the errors are told', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute } = emulator;
  await makeSubnet(emulator, '10.0.0.0/29');
  await makeTemplate(emulator, 'v1');
  const requestBody = { name: 'web', targetSize: 5, instanceTemplate: 'global/instanceTemplates/v1' };
  await compute.instanceGroupManagers.insert({ project, zone, requestBody });
  const stuck = (await machines(emulator)).filter(({ currentAction }) => currentAction === 'CREATING');
  expect(stuck).toMatchObject([{ lastAttempt: { errors: { errors: [{ code: 'IP_SPACE_EXHAUSTED_WITH_DETAILS' }] } } }]);
  const { data: errors } = await compute.instanceGroupManagers.listErrors(group);
  expect(errors.items).toMatchObject([
    {
      error: { code: 'IP_SPACE_EXHAUSTED_WITH_DETAILS' },
      instanceActionDetails: { action: 'CREATING', instance: stuck[0]?.instance },
    },
  ]);
  await compute.instanceGroupManagers.resize({ ...group, size: 4 });
  expect((await manager(emulator)).status?.isStable).toBe(true);
  const extra = { instances: [{ name: 'web-extra' }] };
  await compute.instanceGroupManagers.createInstances({ ...group, requestBody: extra });
  expect((await manager(emulator)).targetSize).toBe(4);
  expect((await machines(emulator)).map(({ name }) => name)).not.toContain('web-extra');
});

test('a group over a region spreads its machines, and takes all of them away', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await makeTemplate(emulator, 'v1');
  const requestBody = { name: 'web', targetSize: 6, instanceTemplate: 'global/instanceTemplates/v1' };
  await compute.regionInstanceGroupManagers.insert({ project, region: REGION, requestBody });
  const regional = { project, region: REGION, instanceGroupManager: 'web' };
  const { data } = await compute.regionInstanceGroupManagers.listManagedInstances(regional);
  const zones = (data.managedInstances ?? []).map(({ instance }) => instance?.split('/').at(-3));
  expect(zones.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c'].map((letter) => `${REGION}-${letter}`));
  expect((await failureOf(compute.instanceTemplates.delete({ project, instanceTemplate: 'v1' }))).reason).toBe(
    'resourceInUseByAnotherResource',
  );
  await compute.regionInstanceGroupManagers.delete(regional);
  const { counts } = await emulator.control('GET', '/_emu/state?objects=false');
  expect(counts).toMatchObject({ instances: 0, disks: 0, instanceGroups: 0, managedInstances: 0 });
});

test('a group in use by a load balancer is not deleted', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeGroup(emulator);
  await compute.healthChecks.insert({ project, requestBody: { name: 'alive', type: 'TCP' } });
  await compute.backendServices.insert({
    project,
    requestBody: {
      name: 'bs',
      protocol: 'TCP',
      healthChecks: ['global/healthChecks/alive'],
      backends: [{ group: `zones/${zone}/instanceGroups/web` }],
    },
  });
  const remove = () => compute.instanceGroupManagers.delete(group);
  expect((await failureOf(remove())).reason).toBe('resourceInUseByAnotherResource');
  await compute.backendServices.delete({ project, backendService: 'bs' });
  await remove();
  expect((await failureOf(compute.instanceGroupManagers.get(group))).status).toBe(404);
});

test('what Google refuses of a group is refused', async () => {
  const emulator = await startForTest();
  await makeGroup(emulator);
  const attempt = (requestBody: compute_v1.Schema$InstanceGroupManager) => failureOf(change(emulator, requestBody));
  const policy = (updatePolicy: object) => attempt({ updatePolicy });
  expect((await policy({ maxSurge: { fixed: 0 } })).message).toContain('cannot both be 0');
  expect((await policy({ maxSurge: { percent: 20 } })).message).toContain('at least 10');
  expect((await policy({ replacementMethod: 'RECREATE' })).message).toContain('Must be 0');
  expect((await attempt({ instanceTemplate: 'global/instanceTemplates/none' })).reason).toBe('notFound');
  expect((await attempt({ baseInstanceName: 'other' })).message).toContain('cannot be changed');
  const stale = { fingerprint: 'AAAAAAAAAAA=', targetSize: 1 };
  expect((await failureOf(emulator.compute.instanceGroupManagers.patch({ ...group, requestBody: stale }))).status).toBe(
    412,
  );
});
