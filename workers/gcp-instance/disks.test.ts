import { expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { addFault, objectsOf, schemaViolations } from '../../test/support/cloud.ts';
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

interface Wish {
  readonly name: string;
  readonly storage?: string;
  readonly populator?: object;
  readonly retentionPolicy?: string;
}

const disk = ({ name, storage, populator, retentionPolicy }: Wish) => ({
  name,
  disk: {
    ...(retentionPolicy ? { retentionPolicy } : {}),
    template: {
      spec: { ...(populator ? { populator } : {}), ...(storage ? { resources: { requests: { storage } } } : {}) },
    },
  },
});
const files = { filesystem: { type: 'ext4' } };

function template(...wishes: Wish[]) {
  const volumeAttachments = wishes.map(({ name, populator }) => ({
    name,
    ...(populator === files ? { mountPath: `/mnt/${name}` } : {}),
  }));
  return {
    runtime: {
      resources: { instanceType: 'datumcloud/d1-standard-2' },
      sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29', volumeAttachments }] },
    },
    volumes: wishes.map(disk),
  };
}

async function started(options: Parameters<typeof gcpWorld>[0], ...wishes: Wish[]): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { template: template(...wishes) });
  return world;
}

const disksOf = async (world: GcpWorld) =>
  objectsOf(await world.cloud(), 'disks').filter(({ name }) => String(name).startsWith('disk-'));

async function attachedTo(world: GcpWorld): Promise<unknown[]> {
  const [machine] = objectsOf(await world.cloud(), 'instances');
  return ((machine?.['disks'] ?? []) as { boot: boolean; deviceName: string; diskSizeGb: string }[])
    .filter(({ boot }) => !boot)
    .map(({ deviceName, diskSizeGb }) => `${deviceName} ${diskSizeGb}`);
}

const rewrite = (world: GcpWorld, instance: Instance | undefined, ...wishes: Wish[]) =>
  world.open.store.update(
    asAdmin,
    'Instance',
    { namespace: 'default', name: instance?.metadata.name ?? '' },
    (one) => ({
      ...one,
      spec: { ...one.spec, ...template(...wishes) } as unknown as Instance['spec'],
    }),
  );

test('gap 19: disks from an image, with a file system and blank are made, attached under their names, and go', async () => {
  const world = await started(
    { latency: 'short' },
    { name: 'system', populator: { image: { name: 'datumcloud/ubuntu-2204-lts' } } },
    { name: 'files', populator: files, storage: '12Gi' },
    { name: 'blank' },
  );
  await readyInstances(world, 1);
  const disks = await disksOf(world);
  expect(disks.map(({ sizeGb }) => sizeGb).toSorted()).toEqual(['10', '12', '25']);
  expect(disks.filter((one) => one['sourceImage'] !== undefined)).toHaveLength(1);
  expect(await attachedTo(world)).toEqual(['volume-0 25', 'volume-1 12', 'volume-2 10']);
  expect(await schemaViolations(world)).toEqual([]);
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['instances'] === 0 && counts['disks'] === 0);
});

test('disks are attached, grown and detached while the machine runs', async () => {
  const world = await started({ latency: 'short' }, { name: 'a', populator: files });
  const [instance] = await readyInstances(world, 1);
  const id = objectsOf(await world.cloud(), 'instances')[0]?.['id'];
  await rewrite(world, instance, { name: 'a', populator: files, storage: '20Gi' }, { name: 'b' });
  await expect.poll(() => attachedTo(world), { timeout: 60_000 }).toEqual(['volume-0 20', 'volume-1 10']);
  await world.eventually(
    'Instance',
    instance?.metadata.name ?? '',
    (one) => conditionText(one, 'Updating') === 'False UpToDate' && conditionText(one, 'Ready') === 'True Running',
  );
  await rewrite(world, instance, { name: 'a', populator: files, storage: '20Gi' });
  await expect.poll(async () => (await disksOf(world)).length, { timeout: 60_000 }).toBe(1);
  expect(await attachedTo(world)).toEqual(['volume-0 20']);
  expect(objectsOf(await world.cloud(), 'instances')[0]?.['id']).toBe(id);
});

test('a disk that is retained is found again by the next instance in its place, even one that wants it larger', async () => {
  const wish = { name: 'data', populator: files, retentionPolicy: 'Retain' };
  const world = await started({}, wish);
  const [before] = await readyInstances(world, 1);
  const [made] = await disksOf(world);
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => ({
    ...workload,
    spec: {
      ...workload.spec,
      template: {
        ...workload.spec.template,
        spec: { ...workload.spec.template.spec, ...template({ ...wish, storage: '30Gi' }) } as never,
      },
    },
  }));
  await world.eventuallyAll('Instance', ([one]) => one !== undefined && one.metadata.uid !== before?.metadata.uid);
  await readyInstances(world, 1);
  expect(await attachedTo(world)).toEqual(['volume-0 30']);
  const [after] = await disksOf(world);
  expect(after?.['id']).toBe(made?.['id']);
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['instances'] === 0);
  await world.eventuallyAll('Workload', (all) => all.length === 0);
  expect((await disksOf(world)).map(({ id }) => id)).toEqual([made?.['id']]);
});

test('a disk cannot be made smaller, whoever asks', async () => {
  const world = await started({}, { name: 'a', storage: '20Gi' });
  const [instance] = await readyInstances(world, 1);
  await expect(rewrite(world, instance, { name: 'a', storage: '15Gi' })).rejects.toThrow(
    /storage: Invalid value: "15Gi": a disk cannot shrink: it has 20Gi/,
  );
});

test('a disk that somebody takes off is attached again, and one that is too large is told', async () => {
  const world = await started({ observeEveryMs: 200 }, { name: 'a' });
  const [instance] = await readyInstances(world, 1);
  const name = instance?.metadata.name ?? '';
  const resource = `projects/acme-edge/zones/us-south1-a/instances/instance-${instance?.metadata.uid}`;
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const [boot] = (machine?.['disks'] ?? []) as object[];
  await drift(world, resource, { disks: [boot] });
  await expect.poll(() => attachedTo(world), { timeout: 60_000 }).toEqual(['volume-0 10']);
  await world.eventually('Instance', name, (one) => conditionText(one, 'Drifted') === 'False Corrected');
  const [made] = await disksOf(world);
  await drift(world, `projects/acme-edge/zones/us-south1-a/disks/${String(made?.['name'])}`, { sizeGb: '40' });
  const told = await world.eventually('Instance', name, (one) => messageOf(one, 'Updating').includes('DiskIsLarger'));
  expect(messageOf(told, 'Updating')).toContain('has 40 GB and cannot shrink to 10 GB');
  expect(conditionText(told, 'Programmed')).toBe('True Programmed');
});

test('a disk that cannot be made is said, and the machine comes when it can', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  const fault = { kind: 'operation-error', code: 'QUOTA_EXCEEDED', message: "Quota 'DISKS_TOTAL_GB' exceeded" };
  await addFault(world, { method: 'POST', path: '/disks$', count: 1, fault });
  await createWorkload(world, 'web', { template: template({ name: 'a' }) });
  await world.eventuallyAll('Instance', ([one]) => conditionText(one, 'Programmed') === 'False QuotaExceeded');
  await readyInstances(world, 1);
});
