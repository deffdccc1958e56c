import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config, Role } from '../config.ts';
import type { Registry } from '../kinds/registry.ts';
import { createCloudInventory } from '../store/cloud-inventory.ts';
import { createCloudResources } from '../store/cloud-resources.ts';
import { listControlPlanes } from '../store/control-planes.ts';
import { createDependents } from '../store/dependents.ts';
import { installationId } from '../store/installation.ts';
import { createIpam } from '../store/ipam/create-ipam.ts';
import { createQuotas } from '../store/quota/quotas.ts';
import type { OpenStore } from '../store/store.ts';
import { markAs } from '../workers/clouds/gcp/marker.ts';
import { expireEvents } from '../workers/events/expire-events.ts';
import { createEventRecorder } from '../workers/events/recorder.ts';
import { recordingStore } from '../workers/events/recording-store.ts';
import type { GcpDeps } from '../workers/gcp-objects/deps.ts';
import { createSweep } from '../workers/gcp-orphans/sweep.ts';
import { createPoller } from '../workers/gcp-operations/poller.ts';
import type { ServiceAccountTokenDeps } from '../workers/service-account-token/deps.ts';
import type { WorkerDeps } from '../workers/runtime/deps.ts';
import { discoverControllers } from '../workers/runtime/discover.ts';
import { startDispatcher } from '../workers/runtime/dispatcher/dispatcher.ts';
import { createEnqueue } from '../workers/runtime/enqueue.ts';
import { openQueues } from '../workers/runtime/queue/open-queues.ts';
import { startWorkers } from '../workers/runtime/start-workers.ts';
import { openGcp } from './gcp-client.ts';
import { measureQueues, measureReaders } from './measure.ts';
import { keepSweeping } from './sweep-orphans.ts';
import { whileLeading } from './while-leading.ts';
import { seedProject } from './seed.ts';

const expireEveryMs = 60_000;

export interface ReconcilersOptions {
  readonly config: Config;
  readonly roles: ReadonlySet<Role>;
  readonly logger: Logger;
  readonly open: OpenStore;
  /** Postgres URL. */
  readonly url: string;
  readonly registry: Registry;
  /** Root URL of what stands for Google's APIs; undefined: Google. */
  readonly gcpEndpoint: string | undefined;
  readonly signKey: ServiceAccountTokenDeps['signKey'];
  /** Certificate of the authority of the Kubernetes API, where this process knows it. */
  readonly apiAuthority: string | undefined;
}

/** Starts worker and dispatcher, as far as they are among the roles; what is started is handed to `started`. */
export async function startReconcilers(options: ReconcilersOptions, started: AsyncDisposableStack): Promise<void> {
  const { config, roles, logger, open, url, registry, gcpEndpoint } = options;
  const { REDIS_URL: redisUrl } = config;
  const queues = await openQueues(redisUrl === undefined ? { postgresUrl: url } : { redisUrl });
  started.defer(() => queues.close());
  const gcp = openGcp(config, gcpEndpoint, open.pool);
  started.defer(() => gcp.close());
  const installation = await installationId(open.pool);
  markAs(installation);

  const enqueue = createEnqueue(queues);
  const cloudResources = createCloudResources(open.pool);
  const poller = createPoller({
    cloudResources,
    gcp,
    enqueue,
    onError: (error) => logger.warn({ err: error }, 'cloud operations could not be followed'),
  });
  const events = createEventRecorder({
    store: open.store,
    onError: (error) => logger.warn({ err: error }, 'an event could not be written'),
  });
  started.defer(() => events.close());
  const deps: WorkerDeps & GcpDeps & ServiceAccountTokenDeps = {
    store: recordingStore(open.store, events.record),
    ipam: createIpam(open.pool),
    registry,
    dependents: createDependents(open.pool),
    quotas: createQuotas(open.pool),
    seedProject: (controlPlane) => seedProject(open.store, registry, controlPlane),
    controlPlanes: () => listControlPlanes(open.pool),
    enqueue,
    logger,
    cloudResources,
    gcp,
    locationClass: config.DATUM_LOCATION_CLASS,
    signKey: options.signKey,
    ...(options.apiAuthority === undefined ? {} : { apiAuthority: options.apiAuthority }),
    onRunning: () => poller.nudge(),
  };
  const controllers = await discoverControllers(deps);
  if (roles.has('worker')) {
    const workers = await startWorkers({ controllers, queues, logger });
    started.defer(() => workers.close());
    whileLeading(url, 'gcp-operations', (signal) => poller.run(signal), logger, started);
    const { DATUM_GCP_ORPHANS: orphans } = config;
    if (orphans !== 'off') {
      const mode = orphans === 'delete' ? 'Delete' : 'Report';
      const sweep = createSweep({ gcp, inventory: createCloudInventory(open.pool), installation, mode });
      whileLeading(url, 'gcp-orphans', (signal) => keepSweeping(sweep, logger, signal), logger, started);
    }
  }
  if (roles.has('dispatcher')) {
    measureReaders(open.pool, started);
    const names = controllers.map(({ name }) => name);
    measureQueues(queues, names, started);
    // Redis may have lost what it held while nobody looked; what Postgres held is as old as the cursor.
    const scanAtStart = redisUrl !== undefined;
    const dispatcher = startDispatcher({
      url,
      pool: open.pool,
      store: open.store,
      registry,
      controllers,
      queues,
      logger,
      scanAtStart,
    });
    started.defer(() => dispatcher.close());
    whileLeading(url, 'event-retention', (signal) => keepExpiring(open, logger, signal), logger, started);
  }
}

/** Deletes old events as long as it may. */
async function keepExpiring({ store, pool }: OpenStore, logger: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await expireEvents(store, pool, {}).catch((error: unknown) =>
      logger.warn({ err: error }, 'old events could not be deleted'),
    );
    await sleep(expireEveryMs, undefined, { signal }).catch(() => {});
  }
}
