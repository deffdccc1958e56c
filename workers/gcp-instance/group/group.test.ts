import { expect, test } from 'vitest';
import { type CloudState, objectsOf } from '../../../test/support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  readyInstances,
} from '../../../test/support/gcp-world.ts';
import {
  change,
  expectSame,
  groupWorld,
  imageOf,
  machineLabel,
  namesOf,
  withImage,
  withReplicas,
} from '../../../test/support/group-world.ts';
import { asAdmin } from '../../../test/support/store.ts';

test('a deployment in group mode is a template, a group and the instances that are found in it', async () => {
  const world = await groupWorld({ latency: 'short' });
  const instances = await readyInstances(world, 3);
  await expectSame(world, instances);
  const state = await world.cloud();
  const [group] = objectsOf(state, 'instanceGroupManagers');
  const [template] = objectsOf(state, 'instanceTemplates');
  expect(group).toMatchObject({
    targetSize: 3,
    updatePolicy: { type: 'PROACTIVE', replacementMethod: 'SUBSTITUTE', mostDisruptiveAllowedAction: 'REPLACE' },
  });
  expect(template?.['properties'].tags.items).toContain(`${group?.['name']}-net-0`);
  const deployment = await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    (one) => conditionText(one, 'GroupProgrammed') === 'True Programmed' && one.status?.readyReplicas === 3,
  );
  expect(deployment.status).toMatchObject({ instanceMode: 'Group', replicas: 3, currentReplicas: 3 });
  expect(instances.every(({ metadata }) => metadata.name.startsWith('web-all-dfw-'))).toBe(true);

  await world.delete('Workload', 'web');
  await world.eventuallyAll('WorkloadDeployment', (all) => all.length === 0);
  await world.eventuallyCloud(
    ({ counts }) =>
      counts['instances'] === 0 &&
      counts['disks'] === 0 &&
      counts['instanceGroupManagers'] === 0 &&
      counts['instanceTemplates'] === 0 &&
      counts['firewalls'] === 0,
  );
  const { rows } = await world.open.pool.query(`select type, name from cloud_resource where type like 'compute.inst%'`);
  expect(rows).toEqual([]);
});

test('a group of twenty with its network is made in sixty calls', async () => {
  const world = await groupWorld({ latency: 'short' }, { replicas: 20 });
  await readyInstances(world, 20);
  await world.eventually('WorkloadDeployment', 'web-all-dfw', (one) => one.status?.readyReplicas === 20);
  const calls = async (): Promise<string[]> => {
    const answer = (await (await fetch(`${world.gcpControl}/_emu/requests`)).json()) as {
      requests: { method: string; path: string }[];
    };
    return answer.requests.map(({ method, path }) => `${method} ${path}`);
  };
  const made = await calls();
  expect(made.length, made.join('\n')).toBeLessThanOrEqual(60);
});

test('gap 28: a group is scaled by resize, and chosen instances leave by deleteInstances', async () => {
  const world = await groupWorld();
  const [chosen] = await readyInstances(world, 3);
  await change(world, withReplicas(5));
  await readyInstances(world, 5);
  await world.delete('Instance', chosen?.metadata.name ?? '');
  const replaced = await world.eventuallyAll(
    'Instance',
    (all) => all.length === 5 && all.every((one) => one.metadata.uid !== chosen?.metadata.uid),
  );
  expect(namesOf(replaced)).not.toContain(chosen?.metadata.labels?.[machineLabel]);
  await change(world, withReplicas(2));
  await expectSame(world, await readyInstances(world, 2));
  expect(objectsOf(await world.cloud(), 'instanceGroupManagers')).toMatchObject([{ targetSize: 2 }]);
});

test('gap 29: a new template replaces all machines, with surge, and the old template goes when nobody needs it', async () => {
  const updateStrategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
  const world = await groupWorld({}, { spec: { updateStrategy } });
  const before = await readyInstances(world, 3);
  const [old] = objectsOf(await world.cloud(), 'instanceTemplates');
  await change(world, withImage('docker.io/library/nginx:2'));
  const after = await world.eventuallyAll(
    'Instance',
    (all) =>
      all.length === 3 &&
      all.every(
        (one) => imageOf(one) === 'docker.io/library/nginx:2' && conditionText(one, 'Ready') === 'True Running',
      ),
  );
  await expectSame(world, after);
  expect(namesOf(after).some((name) => namesOf(before).includes(name))).toBe(false);
  const state = await world.eventuallyCloud(({ counts }) => counts['instanceTemplates'] === 1);
  expect(objectsOf(state, 'instanceTemplates')[0]?.['name']).not.toBe(old?.['name']);
  expect(objectsOf(state, 'instanceGroupManagers')).toMatchObject([
    { updatePolicy: { maxSurge: { fixed: 1 }, maxUnavailable: { fixed: 0 } } },
  ]);
  const deployment = await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    (one) => conditionText(one, 'Progressing') === 'True RolloutComplete',
  );
  expect(deployment.status?.currentTemplateHash).toBe(deployment.status?.updateTemplateHash);
});

test('gap 30: instances whose machines vanished go, also all of them, and those that came are found', async () => {
  const world = await groupWorld({ observeEveryMs: 200 });
  const before = await readyInstances(world, 3);
  const [group] = objectsOf(await world.cloud(), 'instanceGroupManagers');
  const path = `compute/v1/projects/acme-edge/zones/us-south1-a/instanceGroupManagers/${group?.['name']}`;
  // Somebody empties the group: everything that was known is gone, and the wanted number comes again.
  await asStranger(world, 'POST', `${path}/resize?size=0`);
  await world.eventuallyAll('Instance', (all) =>
    all.every(({ metadata }) => before.every((one) => one.metadata.uid !== metadata.uid)),
  );
  const after = await readyInstances(world, 3);
  await expectSame(world, after);
});

test('the mode of a workload is fixed, and that of a location is for what comes afterwards', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  const [before] = await readyInstances(world, 1);
  await expect(change(world, (spec) => void (spec.instanceMode = 'Group'))).rejects.toThrow('spec.instanceMode');
  await world.open.store.update(asAdmin, 'Location', { namespace: 'default', name: 'us-south1-a' }, (location) => {
    if (location.spec.provider.gcp) location.spec.provider.gcp.instanceMode = 'Group';
    return location;
  });
  await change(world, withImage('docker.io/library/nginx:2'));
  const [after] = await world.eventuallyAll(
    'Instance',
    (all) => all.length === 1 && all.every((one) => imageOf(one) === 'docker.io/library/nginx:2'),
  );
  expect([before, after].map((one) => one?.metadata.labels?.[machineLabel])).toEqual([undefined, undefined]);
  await createWorkload(world, 'api');
  const all = await readyInstances(world, 2);
  expect(all.map(({ metadata }) => metadata.labels?.[machineLabel] !== undefined).toSorted()).toEqual([false, true]);
});

test('below the partition machines of a group keep the old template', async () => {
  const world = await groupWorld({}, { spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } });
  await readyInstances(world, 3);
  await change(world, withImage('docker.io/library/nginx:2'));
  await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    (one) => conditionText(one, 'Progressing') === 'True PartitionReached',
  );
  const images = (await readyInstances(world, 3)).map((one) => imageOf(one)?.split(':')[1]);
  expect(images.toSorted()).toEqual(['1.29', '1.29', '2']);
});

test('a stock-out in a group is shown by the instance whose machine cannot be made, and ends', async () => {
  const world = await gcpWorld();
  const stockouts = `${world.gcpControl}/_emu/stockouts`;
  await fetch(stockouts, { method: 'POST', body: JSON.stringify({ zone: 'us-south1-a' }) });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { spec: { instanceMode: 'Group' } });
  const [short] = await world.eventuallyAll(
    'Instance',
    (all) => conditionText(all[0], 'Ready') === 'False ResourcePoolExhausted',
  );
  expect(short?.status?.networkInterfaces ?? []).toEqual([]);
  await fetch(stockouts, { method: 'DELETE' });
  await fetch(`${world.gcpControl}/_emu/time/advance`, { method: 'POST', body: JSON.stringify({ ms: 600_000 }) });
  await readyInstances(world, 1);
});

test('metrics are followed by an autoscaler of the cloud', async () => {
  const metrics = [{ resource: { name: 'cpu', target: { averageUtilization: 60 } } }];
  const world = await groupWorld({}, { replicas: 1, scale: { maxReplicas: 4, metrics } });
  await readyInstances(world, 1);
  expect(objectsOf(await world.cloud(), 'autoscalers')).toMatchObject([
    {
      target: expect.stringContaining('/instanceGroupManagers/deployment-'),
      autoscalingPolicy: { minNumReplicas: 1, maxNumReplicas: 4, cpuUtilization: { utilizationTarget: 0.6 } },
    },
  ]);
  await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    (one) => conditionText(one, 'ScalingActive') === 'True ScaledByCloud',
  );
  await change(world, ({ placements: [placement] }) => {
    if (placement) placement.scaleSettings = { minReplicas: 2, instanceManagementPolicy: 'Parallel' };
  });
  await world.eventuallyCloud(({ counts }) => counts['autoscalers'] === 0);
  await readyInstances(world, 2);
});

test('policies hold for machines of a group before they count as made, and follow every change', async () => {
  const world = await groupWorld({ latency: 'short' });
  await world.create('NetworkPolicy', 'closed', { spec: { network: { name: 'default' }, policyTypes: ['Egress'] } });
  await readyInstances(world, 3);
  const isInForce = (one: unknown): boolean => conditionText(one, 'Programmed') === 'True Programmed';
  await world.eventually('NetworkPolicy', 'closed', (one) => one.status?.matchedInstances === 3 && isInForce(one));
  const policyTags = (state: CloudState): string[][] =>
    objectsOf(state, 'instances').map(({ tags }) =>
      (tags.items as string[]).filter((tag) => tag.startsWith('policies-')),
    );
  const [rule] = objectsOf(await world.cloud(), 'firewalls').filter(({ direction }) => direction === 'EGRESS');
  expect(policyTags(await world.cloud())).toEqual([1, 2, 3].map(() => rule?.['targetTags']));
  await change(world, withReplicas(4));
  await readyInstances(world, 4);
  await world.eventuallyCloud((state) => policyTags(state).flat().length === 4);
  await world.delete('NetworkPolicy', 'closed');
  await world.eventuallyCloud((state) => policyTags(state).flat().length === 0);
});
