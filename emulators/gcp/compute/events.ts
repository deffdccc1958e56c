import type { Controller } from '../core/controllers.ts';
import type { TimerHandler } from '../core/timers.ts';
import type { World } from '../core/world.ts';
import { INSERT_DISCARDED, discard } from './effects.ts';
import { AUTOSCALER_TICK, autoscalerController } from './groups/autoscaler-controller.ts';
import { GROUP_TICK, groupController } from './groups/controller.ts';
import { OPERATION_DONE, endOperation } from './operations.ts';
import { COMPUTE_TYPES, targetOfKey } from './registry.ts';

/** Google's own loops over Compute's resources. */
export function computeControllers(world: World): readonly Controller[] {
  return [groupController(world), autoscalerController(world)];
}

/** What time brings about, by the names under which it is stored. */
export function computeEvents(world: World): ReadonlyMap<string, TimerHandler> {
  const group = groupController(world);
  const autoscaler = autoscalerController(world);
  const events = new Map<string, TimerHandler>([
    [OPERATION_DONE, (key, atMs) => endOperation(world, key, atMs)],
    [INSERT_DISCARDED, (key) => discard(world, key)],
    [GROUP_TICK, (key, atMs) => group.tick(key, atMs)],
    [AUTOSCALER_TICK, (key, atMs) => autoscaler.tick(key, atMs)],
  ]);
  for (const type of COMPUTE_TYPES) {
    for (const [name, handle] of Object.entries(type.events ?? {})) {
      events.set(`${type.collection}.${name}`, (key, atMs) => {
        const row = world.database.get('resource', key);
        if (row !== undefined) handle(targetOfKey(world, key), row, atMs);
      });
    }
  }
  return events;
}
