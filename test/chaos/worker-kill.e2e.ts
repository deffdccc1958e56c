import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { addFault, clearFaults, cloudState, objectsOf } from '../support/cloud.ts';
import { ask } from '../support/graphql.ts';
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
  for (const fault of [{ kind: 'lost-answer' }, { kind: 'drop' }, { kind: 'http', status: 503, reason: 'backendError' }, { kind: 'commit-then-error' }]) {
    await addFault(ready, { probability: 0.05, seed: 1, fault });
  }
  await applySamples(owner.dataDir);
  const template = await ask<{ workload: { spec: object } }>(
    ready,
    `{ workload(namespace: "default", name: "monitor") { spec {
       template { metadata { labels } spec { runtime { resources { instanceType } sandbox { containers { name image } } } networkInterfaces { network { name } } } } } } }`,
  );
  for (let n = 0; n < workloads; n += 1) {
    const spec = { ...template.workload.spec, placements: [{ name: 'p', cityCodes: ['DFW'], scaleSettings: { minReplicas: 2, instanceManagementPolicy: n % 2 ? 'Parallel' : 'OrderedReady' } }] };
    const input = { metadata: { name: `w${n}`, namespace: 'default' }, spec };
    await ask(ready, 'mutation ($input: WorkloadInput!) { createWorkload(input: $input) { userErrors { message } } }', { input });
  }
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(200 + 800 * random());
    await worker.stop('SIGKILL');
    worker = await startWorker();
  }
  await clearFaults(ready);
  const instances = await allReady(ready, sampleInstances + 2 * workloads, 120_000);
  const cloud = await cloudState(ready);
  const names = instances.map(({ metadata }) => `instance-${metadata.uid}`).toSorted();
  expect(objectsOf(cloud, 'instances').map(({ name }) => name).toSorted()).toEqual(names);
  expect(cloud.counts['disks']).toBe(names.length);
  expect(cloud.counts).toMatchObject({ networks: 1, subnetworks: 3, serviceAccounts: 3 + workloads });

  await deleteAll(ready);
  const after = await cloudState(ready);
  expect(after.counts).toMatchObject({ instances: 0, disks: 0, networks: 0 });
}, 600_000);
