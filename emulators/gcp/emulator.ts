import { computeControllers, computeEvents } from './compute/events.ts';
import { COMPUTE_TYPES } from './compute/registry.ts';
import { computeRoutes } from './compute/routes.ts';
import type { ClockMode } from './core/clock.ts';
import { createWorld } from './core/create-world.ts';
import type { Indexed } from './core/indexes.ts';
import type { LatencyProfile, World } from './core/world.ts';
import type { FaultSet } from './faults/fault-set.ts';
import { createFaultSet } from './faults/fault-set.ts';
import type { RequestLog } from './http/request-log.ts';
import { createRequestLog } from './http/request-log.ts';
import type { Router } from './http/router.ts';
import { createRouter } from './http/router.ts';
import { accountStateRoutes } from './iam/account-states.ts';
import { credentialRoutes } from './iam/credentials.ts';
import { accountRoutes } from './iam/service-accounts.ts';
import { monitoringRoutes } from './monitoring/time-series.ts';
import { resourceManagerRoutes } from './resourcemanager/projects.ts';
import type { RateLimiter } from './quota/rate-limits.ts';
import { createRateLimiter } from './quota/rate-limits.ts';
import type { AnswerCheck } from './schema/answer-check.ts';
import { createAnswerCheck } from './schema/answer-check.ts';
import { secretEvents } from './secretmanager/expiry.ts';
import { secretRoutes } from './secretmanager/secrets.ts';
import { versionRoutes } from './secretmanager/versions.ts';
import { serviceUsageRoutes } from './serviceusage/services.ts';
import { stsRoutes } from './sts/token.ts';

export interface EmulatorOptions {
  /** Where state is kept over a restart; in memory only when absent. */
  readonly dataDir?: string;
  readonly latency: LatencyProfile;
  /** `real` when absent. */
  readonly clock?: ClockMode;
  /** Checks every answer by Google's schema. */
  readonly check?: boolean;
  /** Of all that looks random; 1 when absent. */
  readonly seed?: number;
}

/** The emulator without its doors. */
export interface Emulator {
  readonly world: World;
  readonly router: Router;
  readonly faults: FaultSet;
  readonly log: RequestLog;
  readonly limiter: RateLimiter;
  readonly check: AnswerCheck | undefined;
  close(): void;
}

/** Types that nothing refers to and that hold no address. */
const PLAIN: Indexed = { indexedFields: [], references: () => [], addresses: () => [] };

export function createEmulator(options: EmulatorOptions): Emulator {
  const seed = options.seed ?? 1;
  const types = new Map<string, Indexed>(COMPUTE_TYPES.map((type) => [type.collection, type]));
  const { world, close } = createWorld({
    dataDir: options.dataDir,
    clock: options.clock ?? 'real',
    latency: options.latency,
    seed,
    typeOf: (type) => types.get(type) ?? PLAIN,
  });
  for (const [event, handler] of [...computeEvents(world), ...secretEvents(world)]) world.timers.handle(event, handler);
  for (const controller of computeControllers(world)) world.controllers.add(controller);
  const routes = [
    computeRoutes,
    accountRoutes,
    accountStateRoutes,
    credentialRoutes,
    secretRoutes,
    versionRoutes,
    resourceManagerRoutes,
    serviceUsageRoutes,
    stsRoutes,
    monitoringRoutes,
  ];
  return {
    world,
    router: createRouter(routes.flatMap((routesOf) => routesOf(world))),
    faults: createFaultSet(seed),
    log: createRequestLog(),
    limiter: createRateLimiter(world),
    check: options.check === true ? createAnswerCheck() : undefined,
    close,
  };
}
