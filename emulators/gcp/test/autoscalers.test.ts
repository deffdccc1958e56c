import { expect, test } from 'vitest';
import { PROJECT, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';
import type { TestEmulator } from './harness.ts';

const project = PROJECT;
const zone = ZONE;
const managerKey = `projects/${project}/zones/${zone}/instanceGroupManagers/web`;
const MINUTE_MS = 60_000;

async function makeScaled(policy: object = {}): Promise<TestEmulator> {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute } = emulator;
  await makeSubnet(emulator);
  const { name: _name, machineType: _type, disks: _disks, ...rest } = instanceBody('x');
  const initializeParams = { sourceImage: 'projects/debian-cloud/global/images/family/debian-12' };
  const properties = {
    ...rest,
    machineType: 'n2-standard-2',
    disks: [{ boot: true, autoDelete: true, initializeParams }],
  };
  await compute.instanceTemplates.insert({ project, requestBody: { name: 't', properties } });
  const requestBody = { name: 'web', targetSize: 1, instanceTemplate: 'global/instanceTemplates/t' };
  await compute.instanceGroupManagers.insert({ project, zone, requestBody });
  const target = `zones/${zone}/instanceGroupManagers/web`;
  const autoscalingPolicy = {
    minNumReplicas: 2,
    maxNumReplicas: 6,
    cpuUtilization: { utilizationTarget: 0.5 },
    ...policy,
  };
  await compute.autoscalers.insert({ project, zone, requestBody: { name: 'scaler', target, autoscalingPolicy } });
  return emulator;
}

const sizeOf = async ({ compute }: TestEmulator) =>
  (await compute.instanceGroupManagers.get({ project, zone, instanceGroupManager: 'web' })).data.targetSize;
const advance = ({ control }: TestEmulator, minutes: number) =>
  control('POST', '/_emu/time/advance', { ms: minutes * MINUTE_MS });
const load = ({ control }: TestEmulator, value: number) =>
  control('POST', '/_emu/load', { group: managerKey, load: value });

test('a group grows at once with its load and shrinks only when it has been low for ten minutes', async () => {
  const emulator = await makeScaled();
  expect(await sizeOf(emulator)).toBe(2);
  await advance(emulator, 2);
  await load(emulator, 1.9);
  expect(await sizeOf(emulator)).toBe(4);
  await load(emulator, 9);
  await advance(emulator, 2);
  expect(await sizeOf(emulator)).toBe(6);
  const { data: scaler } = await emulator.compute.autoscalers.get({ project, zone, autoscaler: 'scaler' });
  expect(scaler).toMatchObject({
    status: 'ACTIVE',
    recommendedSize: 6,
    statusDetails: [{ type: 'CAPPED_AT_MAX_NUM_REPLICAS' }],
  });
  await load(emulator, 0.4);
  await advance(emulator, 9);
  expect(await sizeOf(emulator)).toBe(6);
  await advance(emulator, 2);
  expect(await sizeOf(emulator)).toBe(2);
});

test('a mode or a limit keeps a group from shrinking', async () => {
  const emulator = await makeScaled({ mode: 'ONLY_SCALE_OUT' });
  await advance(emulator, 2);
  await load(emulator, 3);
  await advance(emulator, 2);
  await load(emulator, 0.1);
  await advance(emulator, 30);
  expect(await sizeOf(emulator)).toBe(6);
  const limit = { scaleInControl: { maxScaledInReplicas: { fixed: 1 }, timeWindowSec: 600 }, mode: 'ON' };
  await emulator.compute.autoscalers.patch({
    project,
    zone,
    autoscaler: 'scaler',
    requestBody: { autoscalingPolicy: limit },
  });
  expect(await sizeOf(emulator)).toBe(5);
});

test('what Google refuses of an autoscaler is refused', async () => {
  const emulator = await makeScaled();
  const { compute } = emulator;
  const patch = (autoscalingPolicy: object) =>
    failureOf(compute.autoscalers.patch({ project, zone, autoscaler: 'scaler', requestBody: { autoscalingPolicy } }));
  expect((await patch({ minNumReplicas: 9 })).message).toContain('maxNumReplicas');
  expect((await patch({ cpuUtilization: { utilizationTarget: 1.5 } })).message).toContain('1 at most');
  const second = {
    name: 'two',
    target: `zones/${zone}/instanceGroupManagers/web`,
    autoscalingPolicy: { maxNumReplicas: 3 },
  };
  const insert = compute.autoscalers.insert({ project, zone, requestBody: second });
  expect((await failureOf(insert)).message).toContain('already being autoscaled');
  const remove = compute.instanceGroupManagers.delete({ project, zone, instanceGroupManager: 'web' });
  expect((await failureOf(remove)).reason).toBe('resourceInUseByAnotherResource');
});
