import type { ResourceRow } from '../core/database.ts';
import { numberAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { notFound, notReady } from '../http/api-error.ts';

/** 404 for a reference to nothing, 400 for one to something that is being made, changed or deleted. */
export function requireReady(world: World, reference: string): void {
  const referred = world.database.get('resource', reference);
  const isHidden = (numberAt(referred?.hidden ?? {}, 'shownMs') ?? 0) > world.clock.now();
  if (referred === undefined || isHidden) throw notFound(reference);
  if (referred.phase !== 'ready' || world.indexes.inFlight(reference).size > 0) throw notReady(reference);
}

/** 400 while the resource, which may still be invisible, is being made, changed or deleted. */
export function requireIdle(world: World, key: string, row: ResourceRow): void {
  if (row.phase !== 'ready' || world.indexes.inFlight(key).size > 0) throw notReady(key);
}
