import type { ResourceRow } from './database.ts';
import type { World } from './world.ts';

/** The rows of a collection such as `projects/p/zones/z/instances`, in order of name. */
export function rowsIn(world: World, collection: string): readonly ResourceRow[] {
  const rows: ResourceRow[] = [];
  for (const key of world.indexes.resources.keys(collection)) {
    const row = world.database.get('resource', key);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}
