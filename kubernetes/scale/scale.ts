import type { Placement, Workload } from '../../kinds/generated/types.ts';
import { refuseReplicas } from './refuse-replicas.ts';
import { replicasOf } from './replicas-of.ts';

/** Label that every instance of a workload carries, with the workload's uid. */
const workloadUidLabel = 'compute.datumapis.com/workload-uid';

/** The wanted and the running number of instances of a workload, in the form in which Kubernetes scales anything. */
export interface Scale {
  readonly apiVersion: 'autoscaling/v1';
  readonly kind: 'Scale';
  /** Names and version of the workload itself. */
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
  };
  readonly spec: { readonly replicas: number };
  readonly status: { readonly replicas: number; readonly selector: string };
}

/** The scale of a workload: `spec.replicas` over all cities of all placements, `status.replicas` as they run. */
export function scaleOf({ metadata, spec, status }: Workload): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.placements.reduce((sum, placement) => sum + wantedBy(placement), 0) },
    status: { replicas: status?.replicas ?? 0, selector: `${workloadUidLabel}=${uid}` },
  };
}

function wantedBy({ cityCodes, scaleSettings }: Placement): number {
  return cityCodes.length * scaleSettings.minReplicas;
}

/**
 * The workload with as many instances as a scale wants, spread evenly over the cities of its one placement; a maximum rises
 * with the minimum. `sent` is what a client sent, of any shape. Throws 400 for what is no Scale, and 422 on `.spec.replicas`
 * for a number that cannot be spread. The argument is not touched.
 */
export function withScale(workload: Workload, sent: unknown): Workload {
  const [placement] = workload.spec.placements;
  const replicas = replicasOf(sent);
  refuseReplicas(workload, replicas);
  // A workload has at least one placement, and more than one was refused.
  const { cityCodes, scaleSettings } = placement!;
  const minReplicas = replicas / cityCodes.length;
  const { maxReplicas } = scaleSettings;
  const next = {
    ...scaleSettings,
    minReplicas,
    ...(maxReplicas === undefined ? {} : { maxReplicas: Math.max(maxReplicas, minReplicas) }),
  };
  return { ...workload, spec: { ...workload.spec, placements: [{ ...placement!, scaleSettings: next }] } };
}
