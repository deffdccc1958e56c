import type { OperationError } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import { numberAt, stringAt, stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { operationError } from './operation-errors.ts';

/** Names of settings that say what the world lacks; the control API writes them. */
export const STOCKOUT = 'stockout/';
export const EXHAUSTED = 'exhausted/';

/** Whether a subnetwork, by its key, gives out no more addresses. */
export function isExhausted(world: World, subnetworkKey: string): boolean {
  return world.database.get('setting', EXHAUSTED + subnetworkKey) !== undefined;
}

/** Why no machine of this type can be started in the zone at this virtual time, if none can. */
export function stockout(world: World, zone: string, machineType: string, atMs: number): OperationError | undefined {
  for (const [key, setting] of world.database.entries('setting')) {
    if (key.startsWith(STOCKOUT) && isAbout(setting, zone, machineType, atMs)) return errorOf(setting, zone);
  }
  return undefined;
}

function isAbout(setting: JsonObject, zone: string, machineType: string, atMs: number): boolean {
  const types = stringsAt(setting, 'machineTypes');
  return (
    setting['zone'] === zone &&
    (types.length === 0 || types.includes(machineType)) &&
    (numberAt(setting, 'fromMs') ?? 0) <= atMs &&
    atMs < (numberAt(setting, 'untilMs') ?? Infinity)
  );
}

function errorOf(setting: JsonObject, zone: string): OperationError {
  const code = stringAt(setting, 'code') ?? 'ZONE_RESOURCE_POOL_EXHAUSTED';
  return operationError(code, `The zone '${zone}' does not have enough resources available to fulfill the request.`);
}
