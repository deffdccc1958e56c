import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { seedProject } from '../../cli/seed.ts';
import { type GcpEmulatorOptions, startGcpEmulator } from '../../emulators/gcp/start.ts';
import type { KindTypes } from '../../kinds/generated/types.ts';
import { createCloudResources } from '../../store/cloud-resources.ts';
import { listControlPlanes } from '../../store/control-planes.ts';
import { createDependents } from '../../store/dependents.ts';
import { createIpam } from '../../store/ipam/create-ipam.ts';
import { createQuotas } from '../../store/quota/quotas.ts';
import type { Ipam } from '../../store/ipam/types.ts';
import { createGcpClient } from '../../workers/clouds/gcp/client.ts';
import { isGcpError } from '../../workers/clouds/gcp/errors.ts';
import { noLimits } from '../../workers/clouds/gcp/limits.ts';
import { retryPolicy, scaled } from '../../workers/clouds/gcp/retry.ts';
import type { GcpDeps, SecretGrace } from '../../workers/gcp-objects/deps.ts';
import { createPoller } from '../../workers/gcp-operations/poller.ts';
import { type Conditioned, conditionOf } from '../../workers/objects/condition.ts';
import { discoverControllers } from '../../workers/runtime/discover.ts';
import { startDispatcher } from '../../workers/runtime/dispatcher/dispatcher.ts';
import { createEnqueue } from '../../workers/runtime/enqueue.ts';
import { openQueues } from '../../workers/runtime/queue/open-queues.ts';
import { startWorkers } from '../../workers/runtime/start-workers.ts';
import { type CloudState, cloudState } from './cloud.ts';
import { asAdmin, testStore, type TestStore } from './store.ts';

/** The whole back end of the product on a store of its own: all reconcilers, their queues, and a cloud over HTTP. */
export interface GcpWorld {
  readonly open: TestStore;
  readonly ipam: Ipam;
  /** Root URL of the emulator, and of its control API. */
  readonly gcp: string;
  readonly gcpControl: string;
  cloud(): Promise<CloudState>;
  /** Wakes a controller for an object in namespace `default`. */
  wake(controller: string, name: string): Promise<void>;
  /** Creates objects in namespace `default`. */
  create<K extends keyof KindTypes>(kind: K, name: string, object: Record<string, unknown>): Promise<KindTypes[K]>;
  delete(kind: keyof KindTypes, name: string): Promise<void>;
  /** The object in namespace `default`, once the predicate holds. */
  eventually<K extends keyof KindTypes>(
    kind: K,
    name: string,
    holds: (object: KindTypes[K]) => boolean,
  ): Promise<KindTypes[K]>;
  /** All objects of a kind, once the predicate holds. */
  eventuallyAll<K extends keyof KindTypes>(
    kind: K,
    holds: (objects: KindTypes[K][]) => boolean,
  ): Promise<KindTypes[K][]>;
  /** What the emulator holds, once the predicate holds. */
  eventuallyCloud(holds: (state: CloudState) => boolean): Promise<CloudState>;
}

export interface GcpWorldOptions extends Partial<Pick<GcpEmulatorOptions, 'latency' | 'clock'>> {
  /** Every wait after a failure is shortened to this part. Default a hundredth. */
  readonly patience?: number;
  /** What time the controllers have, epoch ms, where they ask for it. Default the machine's. */
  readonly now?: () => number;
  /** What the controllers get instead of the store and the rows of the cloud's objects, such as ones that fail. */
  readonly around?: (writes: Pick<GcpDeps, 'store' | 'cloudResources'>) => Pick<GcpDeps, 'store' | 'cloudResources'>;
  /** How often objects at rest are compared with the cloud. Default never. */
  readonly observeEveryMs?: number;
  /** Service account that the provider is, in a cloud that asks who calls, and what it may do there. */
  readonly provider?: { readonly email: string; readonly permissions: readonly string[] };
  /** When old versions of secrets go. */
  readonly secretGrace?: SecretGrace;
}

const patienceMs = 60_000;
const lookEveryMs = 10;

/** Starts the world for the running test; everything in it stops when the test ends. */
export async function gcpWorld(options: GcpWorldOptions = {}): Promise<GcpWorld> {
  const {
    latency = 'none',
    clock,
    now,
    around,
    patience = 0.01,
    observeEveryMs = 1e9,
    secretGrace,
    provider,
  } = options;
  const open = await testStore();
  const logger = pino({ level: 'error' });
  const emulator = await startGcpEmulator({
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    latency,
    check: true,
    ...(clock ? { clock } : {}),
  });
  if (provider !== undefined) await askWhoCalls(emulator, provider);
  const gcp = createGcpClient({
    endpoint: emulator.origin,
    ...(provider === undefined
      ? {}
      : {
          credentials: async () => ({ authorization: `Bearer ${provider.email}` }),
          identity: () => provider.email,
        }),
    limits: noLimits,
    limitWindowMs: 500,
    timeoutMs: 5_000,
    breaker: { patience: 0.001 },
  });
  const ipam = createIpam(open.pool);
  const cloudResources = createCloudResources(open.pool);
  const queues = await openQueues({ postgresUrl: open.url });
  const policy = scaled(retryPolicy, patience);
  const shared = {
    store: open.store,
    ipam,
    registry: open.registry,
    dependents: createDependents(open.pool),
    enqueue: createEnqueue(queues),
    logger,
    cloudResources,
    gcp,
    locationClass: 'self-managed',
    retryPolicy: policy,
    ...(secretGrace ? { secretGrace } : {}),
    ...(now ? { now } : {}),
    quotas: createQuotas(open.pool),
    seedProject: (controlPlane: string) => seedProject(open.store, open.registry, controlPlane),
    controlPlanes: () => listControlPlanes(open.pool),
  };
  const poller = createPoller({
    ...shared,
    observeEveryMs,
    onError: (error) => logger[isGcpError(error) ? 'debug' : 'error']({ err: error }, 'poller'),
  });
  const controllers = await discoverControllers({ ...shared, ...around?.(shared), onRunning: poller.nudge });
  const dispatcher = startDispatcher({
    url: open.url,
    pool: open.pool,
    store: open.store,
    registry: open.registry,
    controllers,
    queues,
    logger,
  });
  const workers = await startWorkers({ controllers, queues, logger });
  const stop = new AbortController();
  const polling = poller.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await polling;
    await dispatcher.close();
    await workers.close();
    await queues.close();
    gcp.close();
    await emulator.close();
  });
  const key = (name: string) => ({ namespace: 'default', name });
  const cloud = () => cloudState({ gcpControl: emulator.controlOrigin });

  return {
    open,
    ipam,
    gcp: emulator.origin,
    gcpControl: emulator.controlOrigin,
    cloud,
    async wake(controller, name) {
      await shared.enqueue(controller, { project: asAdmin.project, ...key(name) });
    },
    async create(kind, name, object) {
      const created = await open.store.create(asAdmin, kind, {
        ...object,
        metadata: { ...(object['metadata'] as object), ...key(name) },
      });
      return created.object as KindTypes[typeof kind];
    },
    async delete(kind, name) {
      await open.store.delete(asAdmin, kind, key(name));
    },
    eventually: (kind, name, holds) =>
      until(
        async () => (await open.store.get(asAdmin, kind, key(name))) as KindTypes[typeof kind] | undefined,
        (object) => object !== undefined && holds(object),
        `${kind} ${name}`,
      ) as Promise<KindTypes[typeof kind]>,
    eventuallyAll: (kind, holds) =>
      until(async () => [...(await open.store.list(asAdmin, kind)).items] as KindTypes[typeof kind][], holds, kind),
    eventuallyCloud: (holds) => until(cloud, holds, 'cloud'),
  };
}

/** Makes the provider's account, whose token is its email, and closes the cloud to everybody else. */
async function askWhoCalls(
  { origin, controlOrigin }: Pick<Awaited<ReturnType<typeof startGcpEmulator>>, 'origin' | 'controlOrigin'>,
  { email: name, permissions }: NonNullable<GcpWorldOptions['provider']>,
): Promise<void> {
  const [accountId, project] = name.replace(/\.iam\..*$/, '').split('@');
  for (const [method, url, body] of [
    ['POST', `${origin}/v1/projects/${project}/serviceAccounts`, { accountId }],
    ['PUT', `${controlOrigin}/_emu/principals`, { name, token: name, permissions }],
    ['PUT', `${controlOrigin}/_emu/iam`, { mode: 'enforce' }],
  ] as const) {
    const response = await fetch(url, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  }
}

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean, what: string): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`${what} did not come to be as expected: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** `True Programmed`: status and reason of a condition. */
export function conditionText(object: unknown, type: string): string {
  const found = conditionOf(object as Conditioned, type);
  return `${found?.status} ${found?.reason}`;
}

const cities = ['DFW', 'DLS', 'LHR'];

/** A location for each zone, in project `acme-edge` and the cities DFW, DLS, LHR in turn. */
export async function createLocations(world: GcpWorld, ...zones: string[]): Promise<void> {
  for (const [index, zone] of zones.entries()) {
    await world.create('Location', zone, {
      spec: {
        locationClassName: 'self-managed',
        topology: { 'topology.datum.net/city-code': cities[index] },
        provider: { gcp: { projectId: 'acme-edge', region: zone.replace(/-[a-z]$/, ''), zone } },
      },
    });
  }
}

/** The network `default`. */
export async function createNetwork(world: GcpWorld, spec: object = {}): Promise<KindTypes['Network']> {
  return world.create('Network', 'default', { spec: { ipam: { mode: 'Auto' }, ...spec } });
}

/** A sandbox workload on network `default`, in DFW unless told otherwise. */
export async function createWorkload(
  world: GcpWorld,
  name: string,
  options: {
    readonly replicas?: number;
    readonly cityCodes?: readonly string[];
    readonly ingress?: readonly object[];
    readonly template?: object;
    readonly policy?: string;
    readonly scale?: object;
    readonly spec?: object;
  } = {},
): Promise<KindTypes['Workload']> {
  const {
    replicas = 1,
    cityCodes = ['DFW'],
    ingress = [{ ports: [{ port: 22 }] }],
    template = {},
    policy = 'Parallel',
    scale = {},
    spec = {},
  } = options;
  const containers = [{ name: 'main', image: 'docker.io/library/nginx:1.29', ports: [{ name: 'http', port: 8000 }] }];
  const runtime = { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } };
  return world.create('Workload', name, {
    spec: {
      template: {
        spec: {
          runtime,
          networkInterfaces: [{ network: { name: 'default' }, networkPolicy: { ingress } }],
          ...template,
        },
      },
      placements: [
        {
          name: 'all',
          cityCodes,
          scaleSettings: { minReplicas: replicas, instanceManagementPolicy: policy, ...scale },
        },
      ],
      ...spec,
    },
  });
}

/** Waits until so many instances are Ready, and no others are there. */
export function readyInstances(world: GcpWorld, count: number): Promise<KindTypes['Instance'][]> {
  return world.eventuallyAll(
    'Instance',
    (all) => all.length === count && all.every((one) => conditionText(one, 'Ready') === 'True Running'),
  );
}

/** Calls Google's API as somebody else would; the path begins after the version. Throws for what is no success. */
export async function asStranger(
  world: GcpWorld,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const init = {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  };
  const response = await fetch(`${world.gcp}/${path}`, init);
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok || 'error' in answer) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Changes or deletes an object behind everybody's back, whoever uses it. */
export async function drift(world: GcpWorld, resource: string, patch?: object): Promise<void> {
  const body = JSON.stringify(
    patch === undefined ? { resource, action: 'delete' } : { resource, action: 'patch', patch },
  );
  const response = await fetch(`${world.gcpControl}/_emu/drift`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
}

/** Message of a condition. */
export function messageOf(object: unknown, type: string): string {
  return conditionOf(object as Conditioned, type)?.message ?? '';
}
