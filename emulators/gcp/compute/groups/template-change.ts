import type { Json, JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt, sameJson } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import type { UpdateAction } from '../update-action.ts';
import { actionFor } from '../update-action.ts';

/** The least that must happen to a machine of one template for it to be one of the other. */
export function neededAction(world: World, from: string, to: string): UpdateAction {
  if (from === to) return 'NONE';
  const [before, after] = [propertiesOf(world, from), propertiesOf(world, to)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => !sameJson(comparable(before, field), comparable(after, field)),
  );
  return actionFor(changed);
}

function propertiesOf(world: World, template: string): JsonObject {
  return objectAt(world.database.get('resource', template)?.body ?? {}, 'properties');
}

/** Metadata and tags by their items: fingerprints are no difference. */
function comparable(properties: JsonObject, field: string): Json | undefined {
  if (field === 'metadata') return objectsAt(objectAt(properties, field), 'items');
  return field === 'tags' ? objectAt(properties, field)['items'] : properties[field];
}
