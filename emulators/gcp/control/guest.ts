import { withFrozenSerial } from '../compute/resources/instance-serial.ts';
import type { JsonObject } from '../core/json.ts';
import { objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

/** Facts of a guest that can be set. */
const FACTS = ['healthy', 'attributes', 'serial', 'failingCommands', 'failingImages'] as const;

/** Sets what goes on inside a machine. Throws an Error when the request makes no sense. */
export function setGuest(world: World, body: JsonObject): void {
  const key = stringAt(body, 'instance') ?? '';
  const row = world.database.get('resource', key);
  if (row?.type !== 'instances')
    throw new Error(`no instance ${key}; one is named as in projects/p/zones/z/instances/i`);
  const unknown = Object.keys(body).find(
    (field) => field !== 'instance' && !(FACTS as readonly string[]).includes(field),
  );
  if (unknown !== undefined) throw new Error(`unknown fact ${unknown}; known are ${FACTS.join(', ')}`);
  const { instance: _key, ...facts } = body;
  const hidden = withFrozenSerial(row);
  const guest = { ...objectAt(hidden, 'guest'), ...facts };
  world.database.transaction(() => world.database.put('resource', key, { ...row, hidden: { ...hidden, guest } }));
}
