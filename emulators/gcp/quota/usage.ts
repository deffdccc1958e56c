import { operationError } from '../compute/operation-errors.ts';
import type { OperationError } from '../core/database.ts';
import type { UsageClaim } from '../core/indexes.ts';
import type { World } from '../core/world.ts';
import { apiError } from '../http/api-error.ts';
import { isToldLate, quotaLimit } from './limits.ts';

/**
 * Why what is wanted would be more than the project may have: an error of the operation for some metrics, thrown at once
 * (403) for others.
 */
export function quotaFailure(world: World, claims: readonly UsageClaim[]): OperationError | undefined {
  const wanted = new Map<string, UsageClaim>();
  for (const [scope, metric, amount] of claims) {
    const name = `${scope} ${metric}`;
    wanted.set(name, [scope, metric, amount + (wanted.get(name)?.[2] ?? 0)]);
  }
  for (const [scope, metric, amount] of wanted.values()) {
    const limit = quotaLimit(world, scope, metric);
    if (amount <= 0 || world.indexes.usage(scope, metric) + amount <= limit) continue;
    const failure = exceeded(scope, metric, limit);
    if (isToldLate(world, scope, metric)) return failure;
    throw apiError(403, 'quotaExceeded', failure.message);
  }
  return undefined;
}

function exceeded(scope: string, metric: string, limit: number): OperationError {
  const region = /\/regions\/([^/]+)$/.exec(scope)?.[1];
  const where = region === undefined ? 'globally' : `in region ${region}`;
  const message = `Quota '${metric}' exceeded.  Limit: ${limit.toFixed(1)} ${where}.`;
  const quotaInfo = {
    metricName: `compute.googleapis.com/${metric.toLowerCase()}`,
    limitName: `${metric}-per-project${region === undefined ? '' : '-region'}`,
    limit,
    ...(region === undefined ? {} : { dimensions: { region } }),
  };
  return { ...operationError('QUOTA_EXCEEDED', message), details: [{ quotaInfo }] };
}
