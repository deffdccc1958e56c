import { rowsIn } from '../../core/collection-rows.ts';
import type { Json } from '../../core/json.ts';
import { objectsAt, numberAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { machineShape } from './machine-shapes.ts';
import { zonesOfRegion } from './places.ts';

/** What a region shows as its limits. They are shown, not enforced: fault rules bring the errors. */
const REGION_LIMITS = {
  CPUS: 72_000,
  DISKS_TOTAL_GB: 4_096_000,
  IN_USE_ADDRESSES: 69_000,
  INSTANCES: 720_000,
} as const;

const PROJECT_LIMITS = { NETWORKS: 1_000, SUBNETWORKS: 10_000, FIREWALLS: 50_000 } as const;
const COLLECTION_BY_METRIC = { NETWORKS: 'networks', SUBNETWORKS: 'subnetworks', FIREWALLS: 'firewalls' } as const;

/** `project` is a key: `projects/p`. */
export function regionQuotas(world: World, project: string, region: string): Json {
  const usage = { CPUS: 0, DISKS_TOTAL_GB: 0, IN_USE_ADDRESSES: 0, INSTANCES: 0 };
  for (const zone of zonesOfRegion(region)) {
    for (const { body: instance } of rowsIn(world, `${project}/zones/${zone}/instances`)) {
      const machineType = stringAt(instance, 'machineType') ?? '';
      usage.INSTANCES += 1;
      usage.CPUS += machineShape(machineType.slice(machineType.lastIndexOf('/') + 1))?.guestCpus ?? 0;
      for (const nic of objectsAt(instance, 'networkInterfaces')) {
        usage.IN_USE_ADDRESSES += objectsAt(nic, 'accessConfigs').filter(
          (config) => config['natIP'] !== undefined,
        ).length;
      }
    }
    for (const { body: disk } of rowsIn(world, `${project}/zones/${zone}/disks`))
      usage.DISKS_TOTAL_GB += numberAt(disk, 'sizeGb') ?? 0;
  }
  return Object.entries(REGION_LIMITS).map(([metric, limit]) => ({
    metric,
    limit,
    usage: usage[metric as keyof typeof usage],
  }));
}

/** `project` is a key: `projects/p`. */
export function projectQuotas(world: World, project: string): Json {
  return Object.entries(PROJECT_LIMITS).map(([metric, limit]) => {
    const collection = COLLECTION_BY_METRIC[metric as keyof typeof COLLECTION_BY_METRIC];
    let usage = 0;
    for (const path of world.indexes.resources.paths) {
      if (path.startsWith(`${project}/`) && path.endsWith(`/${collection}`))
        usage += world.indexes.resources.keys(path).length;
    }
    return { metric, limit, usage };
  });
}
