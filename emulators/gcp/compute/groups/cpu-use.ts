import type { ResourceRow } from '../../core/database.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { bootsOf } from '../resources/instance-power.ts';
import { managedOf } from './managed.ts';

/** What a machine uses of its processors when nobody has said otherwise, as a part of all. */
const AT_REST = 0.05;
const KEPT_CHANGES = 120;

/** The part of its processors that a machine used at a virtual time; undefined while it did not run. */
export function cpuUseAt(world: World, machine: ResourceRow, atMs: number): number | undefined {
  const [boot] = bootsOf(machine);
  if (machine.body['status'] !== 'RUNNING' || boot === undefined || boot > atMs) return undefined;
  const own = valueAt(objectAt(machine.hidden ?? {}, 'guest'), atMs);
  if (own !== undefined) return own;
  const managerKey = stringAt(machine.hidden ?? {}, 'managedBy');
  const manager = managerKey === undefined ? undefined : world.database.get('resource', managerKey);
  const load = valueAt(manager?.hidden ?? {}, atMs);
  if (load === undefined || managerKey === undefined) return AT_REST;
  return Math.min(1, load / Math.max(1, runningIn(world, managerKey)));
}

/** The hidden part with a new use from this time on: of a machine, or of all machines of a group together. */
export function withCpu(hidden: JsonObject, value: number, atMs: number): JsonObject {
  const changes: readonly Json[] = [...objectsAt(hidden, 'cpu'), { atMs, value }];
  return { ...hidden, cpu: changes.slice(-KEPT_CHANGES) };
}

function valueAt(holder: JsonObject, atMs: number): number | undefined {
  const change = objectsAt(holder, 'cpu').findLast((one) => (numberAt(one, 'atMs') ?? 0) <= atMs);
  return change === undefined ? undefined : numberAt(change, 'value');
}

function runningIn(world: World, managerKey: string): number {
  return managedOf(world, managerKey).filter(
    ({ instanceKey }) => world.database.get('resource', instanceKey)?.body['status'] === 'RUNNING',
  ).length;
}
