import { expect, test } from 'vitest';
import { addFault, clearFaults } from '../../test/support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../../test/support/gcp-world.ts';

const metrics = [{ resource: { name: 'cpu', target: { averageUtilization: 50 } } }];
const minuteMs = 60_000;

/** A workload of two to five instances that follow their CPU use, and a time that only the test moves. */
async function scaledWorld(): Promise<{
  world: GcpWorld;
  use(cpu: number): Promise<void>;
  pass(minutes: number): Promise<void>;
  calls(): Promise<number>;
}> {
  let nowMs = Date.now();
  const world = await gcpWorld({ clock: 'manual', now: () => nowMs });
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(world.gcpControl + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return JSON.parse(text);
  };
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { replicas: 2, scale: { maxReplicas: 5, metrics } });
  await readyInstances(world, 2);
  return {
    world,
    async use(cpu) {
      const { objects } = await world.cloud();
      for (const instance of Object.keys(objects['instances'] ?? {}))
        await control('POST', '/_emu/guest', { instance, cpu });
    },
    async pass(minutes) {
      for (let minute = 0; minute < minutes; minute++) {
        nowMs += minuteMs;
        await control('POST', '/_emu/time/advance', { ms: minuteMs });
        await world.wake('gcp-autoscaler', 'web-all-dfw');
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    },
    async calls() {
      const { requests } = (await control('GET', '/_emu/requests')) as { requests: { path: string }[] };
      return requests.filter(({ path }) => path.includes('timeSeries')).length;
    },
  };
}

test('instances follow their CPU use: more at once, fewer after five minutes, one call a minute', async () => {
  const { world, use, pass, calls } = await scaledWorld();
  await pass(2);
  await use(0.9);
  await pass(1);
  const up = await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    ({ status }) => status?.autoscaling?.reason === 'ScaledUp',
  );
  await readyInstances(world, 4);
  expect(up.status?.autoscaling?.message).toMatch(/^CPU use is 90 % \(2 of 2 instances known\): 4 are needed/);
  expect(conditionText(up, 'ScalingActive')).toBe('True MetricsRead');

  await use(0.1);
  await pass(4);
  const held = await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    ({ status }) => status?.autoscaling?.reason === 'Stabilising',
  );
  expect(held.status?.desiredReplicas).toBe(4);
  await pass(4);
  await readyInstances(world, 2);
  expect(await calls()).toBeLessThanOrEqual(12);
  expect(await calls()).toBeGreaterThan(5);
});

test('while nothing can be measured the number stays, and it is said why', async () => {
  const { world, use, pass } = await scaledWorld();
  await use(1);
  const fault = { kind: 'http', status: 403, reason: 'forbidden' };
  await addFault(world, { method: 'GET', path: 'timeSeries', fault });
  await pass(3);
  const blind = await world.eventually(
    'WorkloadDeployment',
    'web-all-dfw',
    (one) => conditionText(one, 'ScalingActive') === 'False MetricsUnavailable',
  );
  expect(blind.status?.desiredReplicas).toBe(2);
  await clearFaults(world);
  await pass(2);
  await readyInstances(world, 4);
});
