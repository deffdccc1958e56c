import { numberAt, stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';

/** Name of the setting for the limit of a metric in a project or region; the control API writes it. */
export const QUOTA = 'quota/';

/** How many of each a project may have: what Google shows for a large one. */
const PROJECT_LIMITS = {
  NETWORKS: 1_000,
  SUBNETWORKS: 10_000,
  FIREWALLS: 50_000,
  ROUTES: 50_000,
  INSTANCE_TEMPLATES: 50_000,
  HEALTH_CHECKS: 50_000,
  BACKEND_SERVICES: 50_000,
  TARGET_TCP_PROXIES: 50_000,
  FORWARDING_RULES: 50_000,
  STATIC_ADDRESSES: 50_000,
  NETWORK_ENDPOINT_GROUPS: 50_000,
} as const;

/** How many of each a project may have in a region. */
const REGION_LIMITS = {
  CPUS: 72_000,
  DISKS_TOTAL_GB: 4_096_000,
  SSD_TOTAL_GB: 4_096_000,
  IN_USE_ADDRESSES: 69_000,
  INSTANCES: 720_000,
  STATIC_ADDRESSES: 50_000,
  INSTANCE_GROUPS: 50_000,
  INSTANCE_GROUP_MANAGERS: 50_000,
  AUTOSCALERS: 50_000,
} as const;

export const PROJECT_METRICS = Object.keys(PROJECT_LIMITS);
export const REGION_METRICS = Object.keys(REGION_LIMITS);

/** Metrics whose excess Google tells in the operation; of all others it tells at once. */
const TOLD_LATE = ['NETWORKS', 'CPUS', 'INSTANCES', 'DISKS_TOTAL_GB', 'SSD_TOTAL_GB', 'IN_USE_ADDRESSES'];

/** The limit of a metric in `projects/p` or `projects/p/regions/r`. */
export function quotaLimit(world: World, scope: string, metric: string): number {
  const setting = world.database.get('setting', `${QUOTA}${scope}/${metric}`);
  const defaults: Readonly<Record<string, number>> = scope.includes('/regions/') ? REGION_LIMITS : PROJECT_LIMITS;
  return numberAt(setting ?? {}, 'limit') ?? defaults[metric] ?? Infinity;
}

/** Whether a lack of this metric shows in the operation rather than in the answer to the call. */
export function isToldLate(world: World, scope: string, metric: string): boolean {
  const mode = stringAt(world.database.get('setting', `${QUOTA}${scope}/${metric}`) ?? {}, 'mode');
  return mode === undefined ? TOLD_LATE.includes(metric) : mode === 'async';
}
