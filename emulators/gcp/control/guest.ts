import { withCpu } from '../compute/groups/cpu-use.ts';
import { withFrozenSerial } from '../compute/resources/instance-serial.ts';
import type { JsonObject } from '../core/json.ts';
import { objectAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

/** Facts of a guest that can be set. */
const FACTS = ['healthy', 'attributes', 'serial', 'failingCommands', 'failingImages', 'cpu'] as const;

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
  const { instance: _key, cpu, ...facts } = body;
  const hidden = withFrozenSerial(row);
  const before = { ...objectAt(hidden, 'guest'), ...facts };
  const guest = cpu === undefined ? before : withCpu(before, useIn(cpu), world.clock.now());
  world.database.transaction(() => world.database.put('resource', key, { ...row, hidden: { ...hidden, guest } }));
}

/** Sets what all machines of a managed group use together, as so many whole processors' worth of machines. */
export function setLoad(world: World, body: JsonObject): void {
  const key = stringAt(body, 'group') ?? '';
  const row = world.database.get('resource', key);
  if (row?.type !== 'instanceGroupManagers') {
    throw new Error(`no group ${key}; one is named as in projects/p/zones/z/instanceGroupManagers/m`);
  }
  const load = body['load'];
  if (typeof load !== 'number' || load < 0) throw new Error('load must be a number, 0 or more');
  const hidden = withCpu(row.hidden ?? {}, load, world.clock.now());
  world.database.transaction(() => world.database.put('resource', key, { ...row, hidden }));
}

function useIn(cpu: unknown): number {
  if (typeof cpu === 'number' && cpu >= 0 && cpu <= 1) return cpu;
  throw new Error('cpu must be a number from 0 to 1');
}
