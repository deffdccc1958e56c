import { listLagMs } from './consistency.ts';
import type { ResourceRow } from './database.ts';
import type { World } from './world.ts';

/** The rows of a collection as a list shows them, which may lag behind. */
export function listedRows(world: World, collection: string): readonly ResourceRow[] {
  return listedKeys(world, collection).flatMap((key) => listedRow(world, key) ?? []);
}

/** Keys of a collection that a list may show, in order. */
export function listedKeys(world: World, collection: string): readonly string[] {
  const current = world.indexes.resources.keys(collection);
  return listLagMs(world.database) === 0 ? current : world.history.keys(collection, current);
}

export function listedRow(world: World, key: string): ResourceRow | undefined {
  const lagMs = listLagMs(world.database);
  return lagMs === 0 ? world.database.get('resource', key) : world.history.rowAt(key, world.clock.now() - lagMs);
}

/** The rows of a collection such as `projects/p/zones/z/instances`, in order of name. */
export function rowsIn(world: World, collection: string): readonly ResourceRow[] {
  const rows: ResourceRow[] = [];
  for (const key of world.indexes.resources.keys(collection)) {
    const row = world.database.get('resource', key);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}
