import type { WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { NewObject } from '../../store/types.ts';
import { deploymentUidLabel, instanceIndexLabel, workloadUidLabel } from '../objects/labels.ts';
import { ownedBy } from '../objects/owner.ts';

/** Scheduling gate of an instance whose networks have no subnet yet. */
export const networkGate = 'Network';

/** The instance of a deployment with this ordinal. A deployment's template is the whole of its spec. */
export function instanceObject(
  deployment: WorkloadDeployment,
  instance: { readonly name: string; readonly ordinal: number; readonly templateHash: string; readonly gated: boolean },
): NewObject {
  const { template, workloadRef } = deployment.spec;
  return {
    metadata: {
      name: instance.name,
      namespace: deployment.metadata.namespace ?? '',
      labels: {
        ...template.metadata?.labels,
        [workloadUidLabel]: workloadRef.uid,
        [deploymentUidLabel]: deployment.metadata.uid,
        [instanceIndexLabel]: String(instance.ordinal),
      },
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      ...template.spec,
      location: deployment.status?.location,
      controller: { templateHash: instance.templateHash, schedulingGates: instance.gated ? [{ name: networkGate }] : [] },
    },
  };
}
