import { COMPUTE_TYPES, computeType, isComputeType } from '../compute/registry.ts';
import type { ResourceRow } from '../core/database.ts';
import type { Json, JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';

const TYPES = [
  ...COMPUTE_TYPES.map((type) => type.collection),
  'managedInstances',
  'serviceAccounts',
  'secrets',
  'versions',
];

/** How many there are of each type, and what they are by key. Payloads of secrets are not shown. */
export function dumpState(world: World, query: URLSearchParams): Json {
  const [onlyType, project] = [query.get('type'), query.get('project')];
  const counts: Record<string, number> = Object.fromEntries(TYPES.map((type) => [type, 0]));
  const objects: Record<string, Record<string, JsonObject>> = {};
  for (const [key, row] of world.database.entries('resource')) {
    // An account that can still be brought back is gone for everybody else.
    if (row.type === 'deletedServiceAccounts') continue;
    if (onlyType !== null && row.type !== onlyType) continue;
    if (project !== null && !key.startsWith(`projects/${project}/`)) continue;
    counts[row.type] = (counts[row.type] ?? 0) + 1;
    (objects[row.type] ??= {})[key] = shownBody(world, key, row);
  }
  const operations = [...world.database.entries('operation')];
  const inFlight = operations.filter(([, operation]) => operation.endMs === undefined).length;
  return {
    counts,
    operations: { total: operations.length, inFlight },
    ...(query.get('objects') === 'false' ? {} : { objects }),
  };
}

function shownBody(world: World, key: string, row: ResourceRow): JsonObject {
  if (!isComputeType(row.type)) return row.body;
  return computeType(row.type).view?.(world, key, row) ?? row.body;
}
