import type { GcpClient } from './client.ts';
import { isGcpError } from './errors.ts';
import { existing } from './operations.ts';
import { nameIn } from './references.ts';

/** A zone as a location names it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  /** Zones of the region to go to when that one has no machine left. */
  readonly alternateZones?: readonly string[];
}

/** How much of something a project may have in a region, and has. */
export interface Quota {
  readonly metric: string;
  readonly usage: number;
  readonly limit: number;
}

/** Quotas that machines are counted in. */
const metrics = new Set([
  'CPUS',
  'INSTANCES',
  'DISKS_TOTAL_GB',
  'SSD_TOTAL_GB',
  'IN_USE_ADDRESSES',
  'STATIC_ADDRESSES',
]);

/** Whether machines can be put there; `problem` is a condition reason. */
export type Verification =
  | { readonly ok: true; readonly quotas: readonly Quota[] }
  | { readonly ok: false; readonly problem: string; readonly message: string };

/** Looks whether project, region and zone exist and may be used. Throws GcpError when Google cannot tell now. */
export async function verifyPlace(
  client: GcpClient,
  { account, region, zone, alternateZones = [] }: Place,
): Promise<Verification> {
  const { compute } = client;
  try {
    const zones = [zone, ...alternateZones];
    const [project, foundRegion, ...foundZones] = await Promise.all([
      existing(() => compute.projects.get({ project: account, fields: 'name' })),
      existing(() => compute.regions.get({ project: account, region, fields: 'name,status,quotas' })),
      ...zones.map((one) =>
        existing(() => compute.zones.get({ project: account, zone: one, fields: 'name,status,region' })),
      ),
    ]);
    if (project === undefined) return bad('ProjectNotFound', `Project ${account} does not exist`);
    if (foundRegion === undefined)
      return bad('RegionNotFound', `Region ${region} does not exist in project ${account}`);
    for (const [index, one] of zones.entries()) {
      const found = foundZones[index];
      if (found === undefined) return bad('ZoneNotFound', `Zone ${one} does not exist in project ${account}`);
      const actual = nameIn(found.region ?? '');
      if (actual !== region) return bad('ZoneNotInRegion', `Zone ${one} is in region ${actual}, not in ${region}`);
    }
    // An alternate that is down is left out by Google itself: it has no machine.
    if (foundRegion.status === 'DOWN' || foundZones[0]?.status === 'DOWN')
      return bad('ZoneDown', `Google reports zone ${zone} as down`);
    const quotas = (foundRegion.quotas ?? []).flatMap(({ metric, usage, limit }) =>
      metric && metrics.has(metric) ? [{ metric, usage: usage ?? 0, limit: limit ?? 0 }] : [],
    );
    return { ok: true, quotas };
  } catch (error) {
    if (isGcpError(error, 'permission')) return bad('PermissionDenied', error.fault.message);
    if (isGcpError(error, 'configuration')) return bad('ApiNotEnabled', error.fault.message);
    if (isGcpError(error, 'spec')) return bad('InvalidProvider', error.fault.message);
    throw error;
  }
}

function bad(problem: string, message: string): Verification {
  return { ok: false, problem, message };
}
