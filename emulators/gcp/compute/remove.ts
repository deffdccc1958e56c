import type { ResourceRow } from '../core/database.ts';
import type { ComputeType, Target } from './resource-type.ts';

/** Takes the resource away, with all that goes with it. */
export function removeNow(target: Target, type: ComputeType, row: ResourceRow): void {
  target.world.database.delete('resource', target.key);
  type.delete?.done?.(target, row);
}
