import type { ResourceRow } from '../core/database.ts';
import { stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { splitKey } from '../core/collection.ts';
import { disks } from './resources/disks.ts';
import { firewalls } from './resources/firewalls.ts';
import { instances } from './resources/instances.ts';
import { networks } from './resources/networks.ts';
import { subnetworks } from './resources/subnetworks.ts';
import type { ComputeType, Target } from './resource-type.ts';
import { projectOfKey, scopeOfKey } from './scope.ts';

/** Every type of Compute resource that has operations. A new type is a file and its name here. */
export const COMPUTE_TYPES: readonly ComputeType[] = [networks, subnetworks, firewalls, instances, disks];

const BY_COLLECTION = new Map(COMPUTE_TYPES.map((type) => [type.collection, type]));

export function computeType(collection: string): ComputeType {
  const type = BY_COLLECTION.get(collection);
  if (type === undefined) throw new Error(`no compute type ${collection}`);
  return type;
}

export function isComputeType(collection: string): boolean {
  return BY_COLLECTION.has(collection);
}

export function targetOfKey(world: World, key: string): Target {
  return { world, project: projectOfKey(key), scope: scopeOfKey(key), key, name: splitKey(key).name };
}

/** Keys of the resources that came with this one. */
export function companionsOf(row: ResourceRow): readonly string[] {
  return stringsAt(row.hidden ?? {}, 'companions');
}
