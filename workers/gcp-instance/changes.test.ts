import { expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { objectsOf, schemaViolations } from '../../test/support/cloud.ts';
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
} from '../../test/support/gcp-world.ts';
import { asAdmin } from '../../test/support/store.ts';

async function started(options?: Parameters<typeof gcpWorld>[0]): Promise<{ world: GcpWorld; instance: Instance }> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  const [instance] = await readyInstances(world, 1);
  if (instance === undefined) throw new Error('there is no instance');
  return { world, instance };
}

const key = ({ metadata }: Instance) => ({ namespace: 'default', name: metadata.name });

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFvu1ampWcwUbU93FFttOsdNDEOfyT1VbZxn3kx+FHF4';

/** A virtual machine that boots from a disk of this type. */
function virtualMachine(type: string) {
  const populator = { image: { name: 'datumcloud/ubuntu-2204-lts' } };
  return {
    runtime: {
      resources: { instanceType: 'datumcloud/d1-standard-2' },
      virtualMachine: { volumeAttachments: [{ name: 'boot' }] },
    },
    volumes: [{ name: 'boot', disk: { template: { spec: { type, populator } } } }],
  };
}

async function machineOf(world: GcpWorld) {
  return objectsOf(await world.cloud(), 'instances')[0];
}

test('somebody else’s machine type needs a stop, which is said before; the machine runs again afterwards', async () => {
  const { world, instance } = await started({ latency: 'short', observeEveryMs: 200 });
  const resource = `projects/acme-edge/zones/us-south1-a/instances/instance-${instance.metadata.uid}`;
  const id = (await machineOf(world))?.['id'];
  await drift(world, resource, {
    machineType:
      'https://www.googleapis.com/compute/v1/projects/acme-edge/zones/us-south1-a/machineTypes/n2-standard-8',
  });
  const told = await world.eventually(
    'Instance',
    instance.metadata.name,
    (one) => conditionText(one, 'Updating') === 'True StoppingToUpdate',
  );
  expect(messageOf(told, 'Updating')).toContain('machineType: "n2-standard-8", declared "n2-standard-2"');
  expect(conditionText(told, 'Programmed')).toBe('True Programmed');
  await world.eventually(
    'Instance',
    instance.metadata.name,
    (one) => conditionText(one, 'Updating') === 'False UpToDate' && conditionText(one, 'Ready') === 'True Running',
  );
  const machine = await machineOf(world);
  expect(machine).toMatchObject({ id, status: 'RUNNING' });
  expect(String(machine?.['machineType'])).toMatch(/n2-standard-2$/);
  expect(await schemaViolations(world)).toEqual([]);
});

test('what only a new machine can have waits for consent, which is said, and is done then', async () => {
  const { world, instance } = await started();
  const id = (await machineOf(world))?.['id'];
  const { name } = instance.metadata;
  await world.open.store.update(asAdmin, 'Instance', key(instance), (current) => ({
    ...current,
    metadata: { ...current.metadata, annotations: { 'compute.datumapis.com/ssh-keys': `ops:${publicKey}` } },
    spec: { ...current.spec, ...virtualMachine('pd-ssd') } as Instance['spec'],
  }));
  const told = await world.eventually(
    'Instance',
    name,
    (one) => conditionText(one, 'Programmed') === 'False ReplacementRequired',
  );
  expect(messageOf(told, 'Programmed')).toContain('compute.datumapis.com/allow-replacement');
  expect(conditionText(told, 'Running')).toBe('True Running');
  expect((await machineOf(world))?.['id']).toBe(id);
  await world.open.store.update(asAdmin, 'Instance', key(instance), (current) => ({
    ...current,
    metadata: {
      ...current.metadata,
      annotations: { ...current.metadata.annotations, 'compute.datumapis.com/allow-replacement': 'true' },
    },
  }));
  await world.eventuallyCloud((state) => objectsOf(state, 'instances').some((one) => one['id'] !== id));
  const [after] = await readyInstances(world, 1);
  expect(after?.metadata.uid).toBe(instance.metadata.uid);
  expect(conditionText(after, 'Updating')).toBe('False UpToDate');
});

test('a machine is stopped, started, suspended and resumed as declared, and keeps its inner address', async () => {
  const { world, instance } = await started({ latency: 'short' });
  const { name } = instance.metadata;
  const address = instance.status?.networkInterfaces?.[0]?.assignments?.networkIP;
  const eventually = (text: string, message: string) =>
    world.eventually(
      'Instance',
      name,
      (one) => conditionText(one, 'Ready') === text && messageOf(one, 'Running').includes(message),
    );
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => {
    const { template } = workload.spec;
    const spec = { ...template.spec, powerState: 'Stopped' as const };
    return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } };
  });
  const stopped = await eventually('False Stopped', 'TERMINATED');
  expect(conditionText(stopped, 'Programmed')).toBe('True Programmed');
  expect(stopped.status?.networkInterfaces?.[0]?.assignments).toEqual({ networkIP: address });
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => {
    const { template } = workload.spec;
    const spec = { ...template.spec, powerState: 'Running' as const };
    return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } };
  });
  const again = await eventually('True Running', 'running');
  expect(again.metadata.uid).toBe(instance.metadata.uid);
  expect(again.status?.networkInterfaces?.[0]?.assignments?.networkIP).toBe(address);
});
