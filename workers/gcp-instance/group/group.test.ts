import { expect, test } from 'vitest';
import type { Instance, Workload } from '../../../kinds/generated/types.ts';
import { type CloudState, objectsOf, schemaViolations } from '../../../test/support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  type GcpWorldOptions,
  readyInstances,
} from '../../../test/support/gcp-world.ts';
import { asAdmin } from '../../../test/support/store.ts';

const machineLabel = 'compute.datumapis.com/group-machine';

async function groupWorld(
  options: GcpWorldOptions = {},
  workload: Parameters<typeof createWorkload>[2] = {},
): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { replicas: 3, ...workload, spec: { instanceMode: 'Group', ...workload?.spec } });
  return world;
}

async function change(world: GcpWorld, alter: (spec: Workload['spec']) => void): Promise<void> {
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => {
    alter(workload.spec);
    return workload;
  });
}

const withImage = (image: string) => (spec: Workload['spec']) => {
  const [container] = spec.template.spec.runtime.sandbox?.containers ?? [];
  if (container !== undefined) container.image = image;
};
const withReplicas = (replicas: number) => (spec: Workload['spec']) => {
  for (const { scaleSettings } of spec.placements) scaleSettings.minReplicas = replicas;
};
const imageOf = ({ spec }: Instance): string | undefined => spec.runtime.sandbox?.containers[0]?.image;
const machineNames = (state: CloudState): string[] => objectsOf(state, 'instances').map(({ name }) => name as string);
const namesOf = (instances: readonly Instance[]): string[] =>
  instances.map(({ metadata }) => metadata.labels?.[machineLabel] ?? '').toSorted();

/** The instances are exactly the machines, each with the addresses of its own. */
async function expectSame(world: GcpWorld, instances: readonly Instance[]): Promise<void> {
  const state = await world.cloud();
  expect(namesOf(instances)).toEqual(machineNames(state).toSorted());
  for (const { metadata, status } of instances) {
    const machine = objectsOf(state, 'instances').find(({ name }) => name === metadata.labels?.[machineLabel]);
    const [nic] = machine?.['networkInterfaces'] ?? [];
    expect(status?.networkInterfaces).toEqual([
      { assignments: { networkIP: nic.networkIP, externalIP: nic.accessConfigs[0].natIP } },
    ]);
  }
  expect(await schemaViolations(world)).toEqual([]);
}

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
