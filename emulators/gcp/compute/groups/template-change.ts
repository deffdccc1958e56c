import type { JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt, sameJson } from '../../core/json.ts';
import type { World } from '../../core/world.ts';

/** What a change does to a machine, from the least to the most. */
export const UPDATE_ACTIONS = ['NONE', 'REFRESH', 'RESTART', 'REPLACE'] as const;
export type UpdateAction = (typeof UPDATE_ACTIONS)[number];

/** Fields that a running machine takes over, and those that it takes over when it starts. All others need a new one. */
const REFRESHED = ['metadata', 'labels', 'tags', 'description'];
const RESTARTED = [
  'machineType',
  'serviceAccounts',
  'scheduling',
  'canIpForward',
  'shieldedInstanceConfig',
  'minCpuPlatform',
];

/** The least that must happen to a machine of one template for it to be one of the other. */
export function neededAction(world: World, from: string, to: string): UpdateAction {
  if (from === to) return 'NONE';
  const [before, after] = [propertiesOf(world, from), propertiesOf(world, to)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => !sameJson(comparable(before, field), comparable(after, field)),
  );
  if (changed.every((field) => REFRESHED.includes(field))) return changed.length === 0 ? 'NONE' : 'REFRESH';
  return changed.every((field) => REFRESHED.includes(field) || RESTARTED.includes(field)) ? 'RESTART' : 'REPLACE';
}

export function greater(left: UpdateAction, right: UpdateAction): UpdateAction {
  return UPDATE_ACTIONS.indexOf(left) >= UPDATE_ACTIONS.indexOf(right) ? left : right;
}

/** The fields of a machine that a refresh, or a restart, takes from its new template. */
export function takenFields(action: 'REFRESH' | 'RESTART'): readonly string[] {
  return action === 'REFRESH' ? REFRESHED : [...REFRESHED, ...RESTARTED];
}

function propertiesOf(world: World, template: string): JsonObject {
  return objectAt(world.database.get('resource', template)?.body ?? {}, 'properties');
}

/** Metadata and tags by their items: fingerprints are no difference. */
function comparable(properties: JsonObject, field: string) {
  if (field === 'metadata') return objectsAt(objectAt(properties, field), 'items');
  return field === 'tags' ? objectAt(properties, field)['items'] : properties[field];
}
