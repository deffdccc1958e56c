import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { referredKey } from '../references.ts';

/** The endpoints of a group whose machines are still there: a machine takes its endpoints with it. */
export function liveEndpoints(world: World, row: ResourceRow): readonly JsonObject[] {
  return objectsAt(row.hidden ?? {}, 'endpoints').filter((endpoint) => {
    const key = referredKey(stringAt(endpoint, 'instance'));
    return key === undefined || world.database.get('resource', key)?.body['id'] === endpoint['instanceId'];
  });
}
