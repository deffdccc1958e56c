import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Ready } from '../../cli/ready-file.ts';
import { addFault, clearFaults, cloudState, objectsOf } from '../support/cloud.ts';
import { ask, eventually } from '../support/graphql.ts';
import { type ProductProcess, startProductProcess, temporaryDataDir } from '../support/product.ts';
import { allReady, applySamples, deleteAll } from '../support/sample-world.ts';
import { seeded, testScale } from '../support/scale.ts';

const workloads = 20;
const sampleInstances = 9;

it('a worker that is killed again and again leaves exactly the declared machines', async () => {
  const kills = Math.max(5, Math.round(50 * testScale));
  const random = seeded('worker-kill');
  const owner = await startProductProcess({ env: { DATUM_ROLES: 'gateway,subgraph,emulator' } });
  const { ready } = owner;
  const workerData = temporaryDataDir();
  const startWorker = (): Promise<ProductProcess> =>
    startProductProcess({
      dataDir: workerData,
      env: {
        DATUM_ROLES: 'worker,dispatcher',
        DATABASE_URL: ready.database,
        DATUM_TOKEN: ready.token,
        DATUM_SECRET_KEY: readFileSync(join(owner.dataDir, 'secret.key'), 'utf8').trim(),
        DATUM_GCP_ENDPOINT: ready.gcp ?? '',
      },
    });

  let worker = await startWorker();
  for (const fault of [
    { kind: 'lost-answer' },
    { kind: 'drop' },
    { kind: 'http', status: 503, reason: 'backendError' },
    { kind: 'commit-then-error' },
  ]) {
    await addFault(ready, { probability: 0.05, seed: 1, fault });
  }
  await applySamples(owner.dataDir);
  // Workloads come while the worker dies, and those that are there get new templates: there is a rollout under every kill.
  let created = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    for (; created < ((kill + 1) / kills) * workloads; created += 1) await create(ready, created);
    await changeTemplate(ready, Math.floor(random() * created), kill);
    await sleep(200 + 800 * random());
    await worker.stop('SIGKILL');
    worker = await startWorker();
  }
  await clearFaults(ready);
  await rolledOut(ready);
  const instances = await allReady(ready, sampleInstances + 2 * workloads);
  const cloud = await cloudState(ready);
  const names = instances.map(({ metadata }) => `instance-${metadata.uid}`).toSorted();
  expect(
    objectsOf(cloud, 'instances')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(names);
  expect(cloud.counts['disks']).toBe(names.length);
  expect(cloud.counts).toMatchObject({ networks: 1, subnetworks: 3, serviceAccounts: 3 + workloads });

  await deleteAll(ready);
  const after = await cloudState(ready);
  expect(after.counts).toMatchObject({ instances: 0, disks: 0, networks: 0 });
}, 600_000);

/** Waits until every deployment has all its machines, by its newest template and Ready. */
async function rolledOut(ready: Ready): Promise<void> {
  type Counts = Record<'replicas' | 'currentReplicas' | 'desiredReplicas' | 'readyReplicas', number>;
  await eventually(
    () =>
      ask<{ workloadDeployments: { nodes: { status: Counts }[] } }>(
        ready,
        '{ workloadDeployments(first: 200) { nodes { metadata { name } status { replicas currentReplicas desiredReplicas readyReplicas } } } }',
      ),
    ({ workloadDeployments: { nodes } }) =>
      nodes.every(
        ({ status: { replicas, currentReplicas, desiredReplicas, readyReplicas } }) =>
          new Set([replicas, currentReplicas, desiredReplicas, readyReplicas]).size === 1,
      ),
    120_000,
  );
}

async function create(ready: Ready, n: number): Promise<void> {
  const scaleSettings = { minReplicas: 2, instanceManagementPolicy: n % 2 === 0 ? 'OrderedReady' : 'Parallel' };
  const input = {
    metadata: { name: `w${n}`, namespace: 'default' },
    spec: { template: template('1.0'), placements: [{ name: 'p', cityCodes: ['DFW'], scaleSettings }] },
  };
  await ask(ready, 'mutation ($input: WorkloadInput!) { createWorkload(input: $input) { userErrors { message } } }', {
    input,
  });
}

async function changeTemplate(ready: Ready, n: number, version: number): Promise<void> {
  const patch = { spec: { template: template(`2.${version}`) } };
  const mutation = `mutation ($name: String!, $patch: WorkloadPatch!) { updateWorkload(namespace: "default", name: $name, patch: $patch) { userErrors { message } } }`;
  await ask(ready, mutation, { name: `w${n}`, patch });
}

function template(version: string): object {
  const containers = [{ name: 'main', image: `docker.io/library/nginx:${version}` }];
  return {
    spec: {
      runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } },
      networkInterfaces: [{ network: { name: 'default' } }],
    },
  };
}
