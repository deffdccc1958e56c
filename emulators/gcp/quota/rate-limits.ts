import type { JsonObject } from '../core/json.ts';
import { numberAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { ApiError } from '../http/api-error.ts';
import type { ApiName } from '../http/envelope.ts';
import { SERVICES } from '../http/services.ts';
import type { Bucket } from './buckets.ts';
import { bucketOf } from './buckets.ts';

/** Name of the setting with the limits in force; the control API writes it. */
export const LIMITS = 'limits';

/** What Google grants a project by default: calls a minute, and operations at the same time. */
export const GOOGLE_LIMITS = {
  globalReads: 1_500,
  globalWrites: 1_500,
  regionalReads: 1_500,
  regionalWrites: 1_500,
  operationReads: 1_500,
  iamReads: 6_000,
  iamWrites: 600,
  secretReads: 600,
  secretWrites: 600,
  secretAccesses: 90_000,
  secretChangesPerSecond: 2,
  projectReads: 600,
  serviceReads: 240,
  monitoringReads: 6_000,
  concurrentOperations: 500,
} as const;

export type LimitName = keyof typeof GOOGLE_LIMITS;
export const LIMIT_NAMES = Object.keys(GOOGLE_LIMITS) as readonly LimitName[];

/** A call that comes too often is refused until its bucket is full again, which all are at the same moment. */
export interface RateLimiter {
  /** 403 or 429 when the call is one too many. */
  take(api: ApiName, method: string, path: string, project: string): void;
  clear(): void;
}

export function createRateLimiter(world: World): RateLimiter {
  const used = new Map<string, { window: number; count: number }>();

  const count = (bucket: Bucket, windowMs: number) => {
    const window = Math.floor(world.clock.now() / windowMs);
    const entry = used.get(bucket.key);
    if (entry?.window === window) return (entry.count += 1);
    used.set(bucket.key, { window, count: 1 });
    return 1;
  };

  return {
    take(api, method, path, project) {
      const limits = world.database.get('setting', LIMITS);
      if (limits === undefined) return;
      for (const bucket of bucketOf(api, method, path, project)) {
        const limit = numberAt(limits, bucket.limit);
        const isPerSecond = bucket.limit === 'secretChangesPerSecond';
        if (limit !== undefined && count(bucket, isPerSecond ? 1_000 : 60_000) > limit) {
          throw tooMany(api, bucket, limit, world.projects.numberOf(project));
        }
      }
    },
    clear: () => used.clear(),
  };
}

/** 403 when the project has as many operations running as it may have. */
export function requireOperationSlot(world: World, project: string): void {
  const limits = world.database.get('setting', LIMITS);
  const limit = numberAt(limits ?? {}, 'concurrentOperations');
  if (limit === undefined || world.indexes.operationsInFlight(project) < limit) return;
  throw concurrencyError(world.projects.numberOf(project), 'global', 'any');
}

/** What Google says of too many operations at the same time: not a throttle of calls, but told as one. */
export function concurrencyError(projectNumber: string, location: string, operationType: string): ApiError {
  const metadata: JsonObject = {
    containerId: projectNumber,
    containerType: 'PROJECT',
    location,
    operationType,
    quotaLimit: 'ConcurrentOperationsPerProject',
    quotaMetric: 'compute.googleapis.com/concurrent_operations',
  };
  const reason = 'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED';
  return new ApiError({
    httpStatus: 403,
    reason: 'rateLimitExceeded',
    domain: 'usageLimits',
    message: 'Rate Limit Exceeded',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'compute.googleapis.com', metadata },
    ],
  });
}

/** Compute says it with 403, all others with 429. */
function tooMany(api: ApiName, { metric, name }: Bucket, limit: number, number: string): ApiError {
  const service = SERVICES[api];
  const message =
    `Quota exceeded for quota metric '${metric}' and limit '${name} per minute' of service '${service}' ` +
    `for consumer 'project_number:${number}'.`;
  const metadata: JsonObject = {
    service,
    consumer: `projects/${number}`,
    quota_metric: `${service}/${metric.toLowerCase().replaceAll(' ', '_')}`,
    quota_limit: `${name.replaceAll(' ', '')}PerMinutePerProject`,
    quota_limit_value: `${limit}`,
  };
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'RATE_LIMIT_EXCEEDED',
    domain: 'googleapis.com',
    metadata,
  };
  return new ApiError({
    httpStatus: api === 'compute' ? 403 : 429,
    reason: 'rateLimitExceeded',
    domain: 'usageLimits',
    message,
    details: [info],
  });
}
