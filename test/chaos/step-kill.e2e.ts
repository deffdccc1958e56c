import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ready } from '../../cli/ready-file.ts';
import { addFault, clearFaults, type CloudState, cloudState, isEmpty, objectsOf } from '../support/cloud.ts';
import { ask, eventually } from '../support/graphql.ts';
import { type ProductProcess, startProductProcess, temporaryDataDir } from '../support/product.ts';
import { type Moment, startRelay } from '../support/relay.ts';
import { allReady } from '../support/sample-world.ts';
import { seeded, sized } from '../support/scale.ts';

/** What goes wrong besides, in each life another. */
const faults: readonly (object | undefined)[] = [
  undefined,
  { kind: 'lost-answer' },
  { kind: 'drop' },
  { kind: 'http', status: 503, reason: 'backendError' },
  { kind: 'commit-then-error' },
  { kind: 'error', error: 'rateLimitExceeded' },
  { kind: 'truncated' },
];
/** The worker is killed at every such call, in each life from another one on, so that after `stride` lives each was hit. */
const stride = 7;
const moments: readonly Moment[] = ['before', 'after'];
const allLives = stride * moments.length * faults.length;
const lives = sized(allLives, { full: 3, quick: 1 });
/** A worker that dies at every turn gets nowhere: what it has to ask at its start is asked again each time. */
const mostKills = 6;
/** Calls of a whole life without faults are well below; each kill and each fault costs some more. */
const mostCalls = 400;

it(
  'a life in which the worker is killed at every step leaves exactly what is declared, and then nothing',
  { timeout: 120_000 + lives * 180_000 },
  async () => {
    const owner = await startProductProcess({ env: { DATUM_ROLES: 'gateway,subgraph,emulator' } });
    const { ready } = owner;
    const data = temporaryDataDir();
    let kill: { readonly from: number; readonly moment: Moment; left: number } | undefined;
    let worker: Promise<ProductProcess> | undefined;
    let kills = 0;

    const relay = await startRelay(ready.gcp ?? '', async ({ number }, moment) => {
      if (kill === undefined || moment !== kill.moment || number < kill.from || (number - kill.from) % stride !== 0)
        return undefined;
      kills += 1;
      if ((kill.left -= 1) === 0) kill = undefined;
      const dying = worker;
      worker = dying?.then(async (one) => {
        await one.stop('SIGKILL');
        return startWorker();
      });
      // The call that kills is over when its caller is.
      await dying;
      return 'cut';
    });
    const startWorker = (): Promise<ProductProcess> =>
      startProductProcess({
        dataDir: data,
        env: {
          DATUM_ROLES: 'worker,dispatcher',
          DATABASE_URL: ready.database,
          DATUM_TOKEN: ready.token,
          DATUM_SECRET_KEY: readFileSync(join(owner.dataDir, 'secret.key'), 'utf8').trim(),
          DATUM_GCP_ENDPOINT: relay.origin,
        },
      });
    worker = startWorker();
    await worker;
    await declareLocations(ready);

    const random = seeded('step-kill');
    const order = Array.from({ length: allLives }, (_, index) => ({ index, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .slice(0, lives);
    for (const { index } of order) {
      const fault = faults[Math.floor(index / (stride * moments.length))];
      const moment = moments[index % 2] ?? 'before';
      const told = `life ${index}: ${moment} call ${1 + (index % stride)} and every ${stride}th after, ${JSON.stringify(fault)}`;
      if (fault !== undefined) await addFault(ready, { probability: 0.05, seed: index + 1, fault });
      const [callsBefore, killsBefore] = [relay.count(), kills];
      kill = { from: relay.count() + 1 + (index % stride), moment, left: mostKills };
      try {
        await live(
          ready,
          async () => {
            kill = undefined;
            await clearFaults(ready);
            await worker;
          },
          () => {
            kill = { from: relay.count() + 1 + (index % stride), moment, left: mostKills };
          },
        );
      } catch (error) {
        throw new Error(`${told}\n${(error as Error).message}`, { cause: error });
      }
      expect([told, relay.count() - callsBefore < mostCalls]).toEqual([told, true]);
      expect(kills).toBeGreaterThan(killsBefore);
    }
    console.log(`${lives} lives, ${kills} kills, ${relay.count()} calls`);
  },
);

/** Network, secret, machine, its address and policy come, change and go. `calm` ends the killing, so that what is left can be judged. */
async function live(ready: Ready, calm: () => Promise<void>, storm: () => void): Promise<void> {
  await create(ready, 'Network', 'net', { spec: { ipam: { mode: 'Auto' } } });
  await create(ready, 'Secret', 'credentials', { data: { password: Buffer.from('one').toString('base64') } });
  await create(ready, 'Workload', 'web', { spec: workload('1.0', 'Ephemeral') });
  await create(ready, 'NetworkPolicy', 'open', {
    spec: { network: { name: 'net' }, ingress: [{ ports: [{ port: 443 }] }] },
  });
  await truthfully(ready, () => allReady(ready, 1, 180_000));
  await patch(ready, 'Workload', 'web', { spec: workload('2.0', 'Reserved') });
  await patch(ready, 'NetworkPolicy', 'open', { spec: { ingress: [{ ports: [{ port: 80 }] }] } });
  await eventually(
    () => policyOf(ready),
    ({ networkPolicy }) => isTrue(networkPolicy.status, 'Programmed'),
    180_000,
  );
  await truthfully(ready, () => rolledOut(ready));
  await calm();
  const opens = (state: CloudState, port: string): boolean =>
    objectsOf(state, 'firewalls').some(({ allowed }) => allowed?.[0].ports?.[0] === port);
  const cloud = await eventually(
    () => cloudState(ready),
    (state) => opens(state, '80') && !opens(state, '443') && state.counts['instances'] === 1 && hasReserved(state),
    180_000,
  );
  const [instance] = await allReady(ready, 1, 180_000);
  expect(objectsOf(cloud, 'instances').map(({ name }) => name)).toEqual([`instance-${instance?.metadata.uid}`]);
  // One address was reserved, however often the worker died over it.
  const counts = { networks: 1, subnetworks: 1, disks: 1, serviceAccounts: 1, secrets: 1, addresses: 1 };
  expect(cloud.counts).toMatchObject(counts);

  storm();
  for (const [kind, name] of [
    ['NetworkPolicy', 'open'],
    ['Workload', 'web'],
    ['Secret', 'credentials'],
    ['Network', 'net'],
  ] as const)
    await remove(ready, kind, name);
  await eventually(
    () =>
      ask<Record<string, { nodes: object[] }>>(
        ready,
        '{ networks { nodes { id } } workloads { nodes { id } } instances { nodes { id } } networkPolicies { nodes { id } } }',
      ),
    (left) => Object.values(left).every(({ nodes }) => nodes.length === 0),
    180_000,
  );
  await calm();
  await eventually(() => cloudState(ready), isEmpty);
}

/** Whether the machine is known on the internet by a reserved address. */
function hasReserved(state: CloudState): boolean {
  const [nic] = (objectsOf(state, 'instances')[0]?.['networkInterfaces'] ?? []) as Nic[];
  return objectsOf(state, 'addresses').some(
    ({ status, address }) => status === 'IN_USE' && address === nic?.accessConfigs?.[0]?.natIP,
  );
}

/** Does it, and meanwhile holds what is said of machines against the cloud: none is Ready that does not run. */
async function truthfully<T>(ready: Ready, work: () => Promise<T>): Promise<T> {
  let over = false;
  const lies: string[] = [];
  const watch = async (): Promise<void> => {
    while (!over) {
      const before = await cloudState(ready);
      const { instances } = await ask<{ instances: { nodes: { metadata: { uid: string }; status: Status }[] } }>(
        ready,
        '{ instances { nodes { metadata { uid } status { conditions { type status } } } } }',
      );
      const after = await cloudState(ready);
      for (const { metadata, status } of instances.nodes) {
        const runs = (state: CloudState): boolean =>
          objectsOf(state, 'instances').some(
            (one) => one['name'] === `instance-${metadata.uid}` && one['status'] === 'RUNNING',
          );
        // Neither before nor after it was read: then it was said wrongly, and not late.
        if (isTrue(status, 'Ready') && !runs(before) && !runs(after)) lies.push(metadata.uid);
      }
    }
  };
  const watching = watch();
  try {
    return await work();
  } finally {
    over = true;
    await watching;
    expect(lies).toEqual([]);
  }
}

interface Nic {
  readonly accessConfigs?: readonly { readonly natIP: string }[];
}

type Status = { readonly conditions: readonly { readonly type: string; readonly status: string }[] } | null;

function isTrue(status: Status, type: string): boolean {
  return status?.conditions.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

function policyOf(ready: Ready): Promise<{ networkPolicy: { status: Status } }> {
  return ask(ready, '{ networkPolicy(namespace: "default", name: "open") { status { conditions { type status } } } }');
}

async function rolledOut(ready: Ready): Promise<void> {
  type Counts = Record<'replicas' | 'currentReplicas' | 'desiredReplicas' | 'readyReplicas', number>;
  await eventually(
    () =>
      ask<{ workload: { status: Counts } }>(
        ready,
        '{ workload(namespace: "default", name: "web") { status { replicas currentReplicas desiredReplicas readyReplicas } } }',
      ),
    ({ workload: { status } }) => Object.values(status).every((count) => count === 1),
    180_000,
  );
}

function workload(version: string, externalAddress: 'Ephemeral' | 'Reserved'): object {
  const containers = [
    {
      name: 'main',
      image: `docker.io/library/nginx:${version}`,
      volumeAttachments: [{ name: 'credentials', mountPath: '/etc/credentials' }],
    },
  ];
  return {
    template: {
      spec: {
        runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } },
        networkInterfaces: [{ network: { name: 'net' }, externalAddress }],
        volumes: [{ name: 'credentials', secret: { secretName: 'credentials' } }],
      },
    },
    placements: [{ name: 'p', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
  };
}

async function declareLocations(ready: Ready): Promise<void> {
  await create(ready, 'Location', 'dfw', {
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme-edge', region: 'us-south1', zone: 'us-south1-a' } },
    },
  });
}

async function create(ready: Ready, kind: string, name: string, object: object): Promise<void> {
  await write(ready, `create${kind}(input: $input)`, `$input: ${kind}Input!`, {
    input: { metadata: { namespace: 'default', name }, ...object },
  });
}

async function patch(ready: Ready, kind: string, name: string, change: object): Promise<void> {
  const field = `update${kind}(namespace: "default", name: ${JSON.stringify(name)}, patch: $patch)`;
  await write(ready, field, `$patch: ${kind}Patch!`, { patch: change });
}

async function remove(ready: Ready, kind: string, name: string): Promise<void> {
  await write(ready, `delete${kind}(namespace: "default", name: ${JSON.stringify(name)})`);
}

async function write(
  ready: Ready,
  field: string,
  parameters = '',
  variables: Record<string, unknown> = {},
): Promise<void> {
  const document = `mutation ${parameters === '' ? '' : `(${parameters})`} { made: ${field} { userErrors { message } } }`;
  const { made } = await ask<{ made: { userErrors: object[] } }>(ready, document, variables);
  if (made.userErrors.length > 0) throw new Error(`${field}: ${JSON.stringify(made.userErrors)}`);
}
