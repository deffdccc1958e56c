import type { World } from '../../core/world.ts';
import { rowsIn } from '../../core/collection-rows.ts';
import { stringAt, stringsAt } from '../../core/json.ts';

/** Keys of the machines in an instance group, managed or not, that exist. */
export function membersOf(world: World, groupKey: string): readonly string[] {
  const { database } = world;
  const managerKey = managerOf(groupKey);
  const candidates =
    database.get('resource', managerKey) === undefined
      ? stringsAt(database.get('resource', groupKey)?.hidden ?? {}, 'members')
      : rowsIn(world, `${managerKey}/managedInstances`).flatMap(({ body }) => stringAt(body, 'instanceKey') ?? []);
  return candidates.filter((key) => database.get('resource', key) !== undefined);
}

/** The key of the manager that would manage this group: it bears the same name. */
export function managerOf(groupKey: string): string {
  return groupKey.replace('/instanceGroups/', '/instanceGroupManagers/');
}
