import type { Instance, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { NewObject } from '../../store/types.ts';
import { deploymentUidLabel, instanceIndexLabel, workloadUidLabel } from '../objects/labels.ts';
import { ownedBy } from '../objects/owner.ts';

/** Scheduling gate of an instance whose networks have no subnet yet. */
const networkGate = 'Network';

/** The instance of a deployment with this ordinal, but for its name; without a gate when its network is there already. */
export function instanceObject(
  deployment: WorkloadDeployment,
  instance: {
    readonly namespace: string;
    readonly ordinal: number;
    readonly templateHash: string;
    readonly gated: boolean;
  },
): NewObject {
  const { template, workloadRef } = deployment.spec;
  return {
    metadata: {
      namespace: instance.namespace,
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
      controller: {
        templateHash: instance.templateHash,
        schedulingGates: instance.gated ? [{ name: networkGate }] : [],
      },
    },
  };
}

/** Whether the instance still waits for its network. */
export function isGated({ spec }: Instance): boolean {
  return spec.controller?.schedulingGates?.some((gate) => gate.name === networkGate) === true;
}

/** The instance without the network's gate, or undefined when it has none. */
export function withoutGate(instance: Instance): Instance | undefined {
  const { controller } = instance.spec;
  if (controller === undefined || !isGated(instance)) return undefined;
  const schedulingGates = controller.schedulingGates?.filter((gate) => gate.name !== networkGate) ?? [];
  return { ...instance, spec: { ...instance.spec, controller: { ...controller, schedulingGates } } };
}
