import type { WorkloadDeployment } from '../../kinds/generated/types.ts';

/** Instances that a deployment should have: what the metrics ask for within its limits, or `minReplicas` without metrics. */
export function wantedReplicas(deployment: WorkloadDeployment): number {
  const { minReplicas, maxReplicas = minReplicas } = deployment.spec.scaleSettings;
  if (!followsMetrics(deployment)) return minReplicas;
  const desired = currentReplicas(deployment);
  return Math.min(maxReplicas, Math.max(minReplicas, desired));
}

/** Instances that should exist by the last decision of whoever decides: where metrics take over, as many as there were. */
export function currentReplicas({ spec, status }: Pick<WorkloadDeployment, 'spec' | 'status'>): number {
  return status?.autoscaling?.desiredReplicas ?? status?.desiredReplicas ?? spec.scaleSettings.minReplicas;
}

/** Whether the number of instances is left to metrics. */
export function followsMetrics({ spec }: Pick<WorkloadDeployment, 'spec'>): boolean {
  const { metrics = [], maxReplicas, minReplicas } = spec.scaleSettings;
  return metrics.length > 0 && maxReplicas !== undefined && maxReplicas > minReplicas;
}
