import type { ResourceRow } from '../core/database.ts';
import { stringsAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { splitKey } from '../core/collection.ts';
import { autoscalers } from './groups/autoscalers.ts';
import { instanceGroupManagers } from './groups/instance-group-managers.ts';
import { instanceGroups } from './groups/instance-groups.ts';
import { instanceTemplates } from './groups/instance-templates.ts';
import { backendServices } from './load-balancing/backend-services.ts';
import { forwardingRules } from './load-balancing/forwarding-rules.ts';
import { healthChecks } from './load-balancing/health-checks.ts';
import { networkEndpointGroups } from './load-balancing/network-endpoint-groups.ts';
import { targetTcpProxies } from './load-balancing/target-tcp-proxies.ts';
import { addresses } from './resources/addresses.ts';
import { disks } from './resources/disks.ts';
import { firewalls } from './resources/firewalls.ts';
import { instances } from './resources/instances.ts';
import { networks } from './resources/networks.ts';
import { routes } from './resources/routes.ts';
import { subnetworks } from './resources/subnetworks.ts';
import type { ComputeType, Target } from './resource-type.ts';
import { projectOfKey, scopeOfKey } from './scope.ts';

/** Every type of Compute resource that has operations. A new type is a file and its name here. */
export const COMPUTE_TYPES: readonly ComputeType[] = [
  networks,
  subnetworks,
  firewalls,
  routes,
  addresses,
  instances,
  disks,
  instanceTemplates,
  instanceGroupManagers,
  instanceGroups,
  autoscalers,
  healthChecks,
  backendServices,
  targetTcpProxies,
  forwardingRules,
  networkEndpointGroups,
];

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
