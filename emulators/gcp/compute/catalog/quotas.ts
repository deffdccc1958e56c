import type { Json } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { PROJECT_METRICS, REGION_METRICS, quotaLimit } from '../../quota/limits.ts';

/** What a region shows of its limits; `project` is a key, as in `projects/p`. */
export function regionQuotas(world: World, project: string, region: string): Json {
  return quotas(world, `${project}/regions/${region}`, REGION_METRICS);
}

/** What a project shows of its limits; `project` is a key, as in `projects/p`. */
export function projectQuotas(world: World, project: string): Json {
  return quotas(world, project, PROJECT_METRICS);
}

function quotas(world: World, scope: string, metrics: readonly string[]): Json {
  return metrics.map((metric) => ({
    metric,
    limit: quotaLimit(world, scope, metric),
    usage: world.indexes.usage(scope, metric),
  }));
}
