import type { Instance, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { instanceIndexLabel } from '../objects/labels.ts';
import { wantedReplicas } from '../objects/wanted-replicas.ts';

/** Fact of a reserved address: the place in the deployment that it is for, by its ordinal. */
export const slotFact = 'slot';

/** Whether machines of a deployment, as it is declared now, have reserved addresses. */
export function reservesAddresses({ spec }: WorkloadDeployment): boolean {
  return spec.template.spec.networkInterfaces.some(({ externalAddress }) => externalAddress === 'Reserved');
}

/** Reserved addresses, among a deployment's rows, whose place nobody has and nobody is to have. */
export function unusedAddresses(
  deployment: WorkloadDeployment,
  rows: readonly CloudResource[],
  instances: readonly Instance[],
): CloudResource[] {
  const wanted = reservesAddresses(deployment) ? wantedReplicas(deployment) : 0;
  const taken = new Set(instances.map(({ metadata }) => metadata.labels?.[instanceIndexLabel] ?? ''));
  return addressRows(rows).filter(({ facts }) => {
    const slot = facts[slotFact] ?? '';
    return Number(slot) >= wanted && !taken.has(slot);
  });
}

/** The reserved addresses among rows. */
export function addressRows(rows: readonly CloudResource[]): CloudResource[] {
  return rows.filter(({ type }) => type === 'compute.addresses');
}
