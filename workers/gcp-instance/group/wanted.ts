import type { ResourceMetric, WorkloadDeployment } from '../../../kinds/generated/types.ts';
import { instanceType } from '../../../kinds/compute/instance-types.ts';
import { parseQuantity } from '../../../kinds/quantity.ts';
import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import { autoscalerBody } from '../../clouds/gcp/groups/autoscalers.ts';
import { managerBody } from '../../clouds/gcp/groups/managers.ts';
import { specHash } from '../../clouds/gcp/hash.ts';
import { groupMachineBase, groupName } from '../../clouds/gcp/names.ts';
import type { Place } from '../../clouds/gcp/places.ts';
import type { Wanted } from '../../gcp-objects/ensure.ts';
import { namedPortsOf } from '../../gcp-objects/firewalls/named-ports.ts';
import { ownedIn } from '../../gcp-objects/owned.ts';
import { rolloutOf } from '../../objects/rollout.ts';
import { followsMetrics, wantedReplicas } from '../../objects/wanted-replicas.ts';
import { templateHashFact } from './template.ts';

/** The group of a deployment's machines. `rows` are the deployment's; among them the templates of before. */
export function wantedManager(
  deployment: WorkloadDeployment,
  template: string,
  {
    place,
    rows,
    project,
  }: { readonly place: Place; readonly rows: readonly CloudResource[]; readonly project: string },
): Wanted<'compute.instanceGroupManagers'> {
  const { uid } = deployment.metadata;
  const size = wantedReplicas(deployment);
  const { type, maxSurge, maxUnavailable, partition } = rolloutOf(deployment.spec.updateStrategy, size);
  const before = deployment.status?.currentTemplateHash;
  const old = rows.find((row) => row.facts[templateHashFact] === before && row.name !== template);
  const marker = { ownerKind: 'WorkloadDeployment', ownerUid: uid };
  const body = managerBody({
    account: place.account,
    name: groupName(uid),
    baseInstanceName: groupMachineBase(uid),
    size,
    template,
    kept: partition > 0 && old !== undefined ? { template: old.name, count: Math.min(partition, size) } : undefined,
    update: { proactive: type === 'RollingUpdate', maxSurge, maxUnavailable },
    namedPorts: namedPortsOf(deployment.spec.template.spec).flatMap(({ name, port }) => (name ? [{ name, port }] : [])),
    marker,
  });
  return {
    ...ownedIn(deployment, { project, controller: 'gcp-group' }),
    account: place.account,
    scope: `zones/${place.zone}`,
    type: 'compute.instanceGroupManagers',
    name: groupName(uid),
    body,
    specHash: specHash({ ...body, targetSize: undefined }),
  };
}

/** What scales the group; undefined where nothing does that Google could do. */
export function wantedAutoscaler(
  deployment: WorkloadDeployment,
  manager: Wanted<'compute.instanceGroupManagers'>,
): Wanted<'compute.autoscalers'> | undefined {
  const { minReplicas, maxReplicas = minReplicas, metrics = [] } = deployment.spec.scaleSettings;
  const cpus = instanceType(deployment.spec.template.spec.runtime.resources.instanceType)?.cpus ?? 1;
  const targets = metrics.flatMap(({ resource }) => utilizationOf(resource.target, cpus) ?? []);
  if (!followsMetrics(deployment) || targets.length === 0) return undefined;
  // Of several the lowest asks for the most machines.
  const policy = { min: minReplicas, max: maxReplicas, utilization: Math.min(1, ...targets) };
  const marker = { ownerKind: 'WorkloadDeployment', ownerUid: deployment.metadata.uid };
  const body = autoscalerBody(manager, policy, marker);
  return { ...manager, type: 'compute.autoscalers', body, specHash: specHash(body) };
}

/** Part of a machine's processors that is to be used; undefined for a target that is about all machines together. */
function utilizationOf(
  { averageValue, averageUtilization }: ResourceMetric['target'],
  cpus: number,
): number | undefined {
  if (averageUtilization !== undefined) return averageUtilization / 100;
  if (averageValue === undefined) return undefined;
  return Number(parseQuantity(averageValue) ?? 0n) / 1e9 / cpus;
}
