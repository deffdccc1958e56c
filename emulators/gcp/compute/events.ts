import type { TimerHandler } from '../core/timers.ts';
import type { World } from '../core/world.ts';
import { OPERATION_DONE, OPERATION_EXPIRED, endOperation } from './operations.ts';
import { COMPUTE_TYPES, targetOfKey } from './registry.ts';
import { REQUEST_ID_EXPIRED, expireRequestId } from './request-ids.ts';

/** What time brings about, by the names under which it is stored. */
export function computeEvents(world: World): ReadonlyMap<string, TimerHandler> {
  const events = new Map<string, TimerHandler>([
    [OPERATION_DONE, (key, atMs) => endOperation(world, key, atMs)],
    [OPERATION_EXPIRED, (key) => world.database.delete('operation', key)],
    [REQUEST_ID_EXPIRED, (key, atMs) => expireRequestId(world, key, atMs)],
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
