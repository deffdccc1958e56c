import type { JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import type { TimerHandler } from '../core/timers.ts';
import { utcTime } from '../core/timestamps.ts';
import type { World } from '../core/world.ts';
import { putWithEtag } from './secret-rows.ts';

const SECRET_EXPIRED = 'secret.expired';
const VERSION_DUE = 'version.due';

/** What time does to secrets: those with an end go, and versions are destroyed when their grace is over. */
export function secretEvents(world: World): ReadonlyMap<string, TimerHandler> {
  return new Map<string, TimerHandler>([
    [SECRET_EXPIRED, (key, atMs) => expire(world, key, atMs)],
    [VERSION_DUE, (key, atMs) => destroyWhenDue(world, key, atMs)],
  ]);
}

export function scheduleExpiry(world: World, key: string, secret: JsonObject): void {
  const atMs = Date.parse(stringAt(secret, 'expireTime') ?? '');
  if (!Number.isNaN(atMs)) world.timers.schedule(atMs, SECRET_EXPIRED, key);
}

export function scheduleDestruction(world: World, key: string, atMs: number): void {
  world.timers.schedule(atMs, VERSION_DUE, key);
}

/** The end may have been moved meanwhile. */
function expire(world: World, key: string, atMs: number): void {
  const secret = world.database.get('resource', key);
  if (secret === undefined || !(Date.parse(stringAt(secret.body, 'expireTime') ?? '') <= atMs)) return;
  for (const version of world.indexes.resources.keys(`${key}/versions`).slice()) {
    world.database.delete('resource', version);
  }
  world.database.delete('resource', key);
}

function destroyWhenDue(world: World, key: string, atMs: number): void {
  const version = world.database.get('resource', key);
  if (version === undefined || !(Date.parse(stringAt(version.body, 'scheduledDestroyTime') ?? '') <= atMs)) return;
  const { scheduledDestroyTime: _due, ...body } = version.body;
  const destroyed = { ...body, state: 'DESTROYED', destroyTime: utcTime(atMs) };
  putWithEtag(world, key, { ...version, body: destroyed, hidden: {} });
}
