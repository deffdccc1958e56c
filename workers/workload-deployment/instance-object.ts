import type { Instance, InstanceTemplate, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { NewObject } from '../../store/types.ts';
import { deploymentUidLabel, instanceIndexLabel, workloadUidLabel } from '../objects/labels.ts';
import { ownedBy } from '../objects/owner.ts';

/** Scheduling gate of an instance whose networks have no subnet yet. */
const networkGate = 'Network';

/** An instance that is to be made. */
export interface NewInstance {
  readonly namespace: string;
  readonly ordinal: number;
  readonly template: InstanceTemplate;
  readonly templateHash: string;
  /** Whether it has to wait for its network. */
  readonly gated: boolean;
}

/** The instance of a deployment with this ordinal, but for its name. */
export function instanceObject(deployment: WorkloadDeployment, instance: NewInstance): NewObject {
  const { workloadRef } = deployment.spec;
  const { template } = instance;
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
