import type { UsageClaim } from '../core/indexes.ts';
import type { ResourceRow } from '../core/database.ts';
import { numberAt, objectsAt, stringAt } from '../core/json.ts';
import { machineShape } from './catalog/machine-shapes.ts';
import { projectOfKey, regionOfScope, scopeOfKey } from './scope.ts';

/** Counts one of a metric in the project, or in the region for what lives in one. */
export function oneOf(metric: string): (key: string) => readonly UsageClaim[] {
  return (key) => [[quotaScope(key), metric, 1]];
}

/** Counts one of a metric in the project, wherever it lives. */
export function oneInProject(metric: string): (key: string) => readonly UsageClaim[] {
  return (key) => [[`projects/${projectOfKey(key)}`, metric, 1]];
}

/** What a machine counts as. */
export function machineUsage(key: string, { body }: ResourceRow): readonly UsageClaim[] {
  const scope = quotaScope(key);
  const machineType = stringAt(body, 'machineType') ?? '';
  const shape = machineShape(machineType.slice(machineType.lastIndexOf('/') + 1));
  const external = objectsAt(body, 'networkInterfaces').reduce(
    (count, nic) => count + objectsAt(nic, 'accessConfigs').length,
    0,
  );
  return [
    [scope, 'INSTANCES', 1],
    [scope, 'CPUS', shape?.guestCpus ?? 0],
    [scope, 'IN_USE_ADDRESSES', external],
  ];
}

/** What a disk counts as: its size, apart for those on SSD. */
export function diskUsage(key: string, { body }: ResourceRow): readonly UsageClaim[] {
  const isSpinning = stringAt(body, 'type')?.endsWith('/pd-standard') === true;
  return [[quotaScope(key), isSpinning ? 'DISKS_TOTAL_GB' : 'SSD_TOTAL_GB', numberAt(body, 'sizeGb') ?? 0]];
}

/** Where a resource counts: `projects/p`, or `projects/p/regions/r`. */
function quotaScope(key: string): string {
  const project = `projects/${projectOfKey(key)}`;
  const region = regionOfScope(scopeOfKey(key));
  return region === '' ? project : `${project}/regions/${region}`;
}
