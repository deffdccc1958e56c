import { expect, test } from 'vitest';
import type { KindTypes } from '../kinds/generated/types.ts';
import { createIpam } from '../store/ipam/create-ipam.ts';
import { conditionOf, type Conditioned } from '../workers/objects/condition.ts';
import { quotaRetryMs } from '../workers/objects/quota.ts';
import { controller as binding } from '../workers/network-binding/reconcile.ts';
import { allControllers } from './support/controllers.ts';
import { declare } from './support/declare.ts';
import { readEvents } from './support/events.ts';
import { testRuntime } from './support/runtime.ts';
import { asAdmin, testStore } from './support/store.ts';

// What reconcilers do where a limit is in their way: say so, with the numbers, and wait.

const inDefault = (name: string) => ({ namespace: 'default', name });

async function world(hard: Record<string, number>) {
  const open = await testStore();
  const { store, pool } = open;
  const ipam = createIpam(pool);
  await store.create(asAdmin, 'ResourceQuota', { metadata: inDefault('q'), spec: { hard } });
  const declared = declare(store);
  await declared.location('dfw', 'DFW');
  await declared.network('default');
  /** Resolves with the message of a condition once it has that status and reason. */
  async function until(kind: keyof KindTypes, name: string, wanted: string): Promise<string> {
    const seen = readEvents((signal) => store.watch(asAdmin, kind, { signal }));
    const type = wanted.split('=')[0] ?? '';
    let message = '';
    await seen.until((events) => {
      const last = events.findLast((event) => 'object' in event && event.object.metadata.name === name);
      const condition = last && 'object' in last ? conditionOf(last.object as Conditioned, type) : undefined;
      message = condition?.message ?? '';
      return `${type}=${condition?.status} ${condition?.reason}` === wanted;
    });
    await seen.stop();
    return message;
  }
  return { ...open, ...declared, ipam, until };
}

test('a deployment makes as many instances as it may, and says what keeps it from more', async () => {
  const { until, workload, store, ...open } = await world({ machines: 2 });
  await testRuntime({ ...open, store }, allControllers({ store, ipam: open.ipam }));
  await workload('web', { replicas: 3, policy: 'Parallel' });
  await until('WorkloadDeployment', 'web-us-dfw', 'Available=True StableInstanceFound');
  const shown = readEvents((signal) => store.watch(asAdmin, 'WorkloadDeployment', { signal }));
  await shown.until((events) =>
    /2\/3 instances are ready; instances.compute.datumapis.com \\"web-us-dfw-\d\\" is forbidden: exceeded quota: q, requested: machines=1, used: machines=2, limited: machines=2/.test(
      JSON.stringify(events.map((event) => 'object' in event && event.object)),
    ),
  );
  await shown.stop();
  expect((await store.list(asAdmin, 'Instance')).items).toHaveLength(2);

  await store.update(asAdmin, 'ResourceQuota', inDefault('q'), (quota) => ({
    ...quota,
    spec: { hard: { machines: 3 } },
  }));
  // It would ask again by itself; a change of its own wakes it sooner.
  await store.update(asAdmin, 'Workload', inDefault('web'), (web) => {
    const [placement] = web.spec.placements;
    if (placement !== undefined) placement.scaleSettings.minReplicas = 4;
    return web;
  });
  const instances = readEvents((signal) => store.watch(asAdmin, 'Instance', { signal }));
  await instances.until(
    (events) => new Set(events.flatMap((one) => ('object' in one ? one.object.metadata.name : []))).size === 3,
  );
  await instances.stop();
});

test('without an instance that is ready a deployment is not available for that reason', async () => {
  const { until, workload, store, ...open } = await world({ cpu: 1 });
  await testRuntime({ ...open, store }, allControllers({ store, ipam: open.ipam }));
  await workload('web');
  expect(await until('WorkloadDeployment', 'web-us-dfw', 'Available=False QuotaExceeded')).toContain(
    'requested: cpu=2, used: cpu=0, limited: cpu=1',
  );
});

test('a workload says which limit keeps it from deployments', async () => {
  const { until, workload, store, ...open } = await world({ 'count/workloaddeployments.compute.datumapis.com': 0 });
  await testRuntime({ ...open, store }, allControllers({ store, ipam: open.ipam }));
  await workload('web');
  await until('Workload', 'web', 'Available=False QuotaExceeded');
});

test('a network that may not be brought to a location says so on the way', async () => {
  const { until, workload, store, ...open } = await world({ 'count/networkcontexts.networking.datumapis.com': 0 });
  await testRuntime({ ...open, store }, allControllers({ store, ipam: open.ipam }));
  await workload('web');
  await until('NetworkBinding', 'web-us-dfw-net-0', 'Ready=False QuotaExceeded');
  const key = { project: asAdmin.project, ...inDefault('web-us-dfw-net-0') };
  // It waits, and does not try again and again.
  expect(await binding({ store }).reconcile(key)).toEqual({ againAfterMs: quotaRetryMs });
});

test('a claim that may have no subnet says so', async () => {
  const { until, workload, store, ...open } = await world({ 'count/subnets.networking.datumapis.com': 0 });
  await testRuntime({ ...open, store }, allControllers({ store, ipam: open.ipam }));
  await workload('web');
  await until('SubnetClaim', 'default-default-dfw-0', 'Ready=False QuotaExceeded');
});
