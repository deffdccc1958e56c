import type { Instance, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { Verdict } from '../objects/condition.ts';
import { machineFailure, isTrue } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { type Limited, quotaVerdict } from '../objects/quota.ts';

export type DeploymentCounts = Pick<
  NonNullable<WorkloadDeployment['status']>,
  'replicas' | 'currentReplicas' | 'desiredReplicas' | 'readyReplicas'
>;

/** Counts of a deployment's instances; those that are going do not count. */
export function countsOf(
  replicas: number,
  templateHash: string,
  instances: readonly Instance[],
): Required<DeploymentCounts> {
  const live = instances.filter((instance) => !isDeleting(instance));
  return {
    replicas: live.length,
    currentReplicas: live.filter(
      (one) => isTrue(one, 'Programmed') && one.status?.controller?.observedTemplateHash === templateHash,
    ).length,
    desiredReplicas: replicas,
    readyReplicas: live.filter((one) => isTrue(one, 'Ready')).length,
  };
}

/**
 * Condition Available of a scheduled deployment. `waitingFor` is what its network lacks, if anything, `refused` the limit in
 * the way of what it lacks.
 */
export function availability(
  counts: Required<DeploymentCounts>,
  instances: readonly Instance[],
  { waitingFor, refused }: { readonly waitingFor?: string | undefined; readonly refused?: Limited | undefined } = {},
): Verdict {
  const ready = `${counts.readyReplicas}/${counts.desiredReplicas} instances are ready`;
  const summary = refused === undefined ? ready : `${ready}; ${refused.exceeded}`;
  if (counts.readyReplicas > 0) return available('True', 'StableInstanceFound', summary);
  if (refused !== undefined) return quotaVerdict('Available', { exceeded: summary });
  if (waitingFor !== undefined) return available('False', 'ProvisioningNetwork', waitingFor);
  return available('False', 'ProvisioningInstances', [summary, ...firstFailure(instances)].join('; '));
}

function available(status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type: 'Available', status, reason, message };
}

function firstFailure(instances: readonly Instance[]): string[] {
  for (const instance of instances) {
    const failure = machineFailure(instance);
    if (failure !== undefined) return [`${instance.metadata.name}: ${failure.reason}: ${failure.message}`];
  }
  return [];
}
