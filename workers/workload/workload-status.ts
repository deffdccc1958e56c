import type { Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { conditionOf, isTrue, type Verdict } from '../objects/condition.ts';

const counters = ['replicas', 'currentReplicas', 'desiredReplicas', 'readyReplicas'] as const;
type Counts = Record<(typeof counters)[number], number>;

interface PlacementState extends Counts {
  readonly name: string;
  readonly available: Verdict;
}

/** The part of a workload's status that is its controller's. */
export interface WorkloadState extends Counts {
  readonly deployments: number;
  readonly placements: readonly PlacementState[];
  readonly available: Verdict;
  /** How the rollouts of the deployments stand; undefined while the template never changed. */
  readonly progressing: Verdict | undefined;
}

/**
 * Status of a workload from its deployments. `missingNetworks` are named in Available, `homeless` are the cities without
 * a location by placement.
 */
export function workloadState(
  workload: Workload,
  deployments: readonly WorkloadDeployment[],
  missingNetworks: readonly string[],
  homeless: ReadonlyMap<string, readonly string[]>,
): WorkloadState {
  const placements = workload.spec.placements.map(({ name }) =>
    placementState(
      name,
      deployments.filter((deployment) => deployment.spec.placementName === name),
      homeless.get(name) ?? [],
    ),
  );
  return {
    deployments: deployments.length,
    ...sum(deployments),
    placements,
    available: availability(placements, missingNetworks),
    progressing: progress(deployments),
  };
}

/** What a rollout is said to be, the first of these that a deployment says. */
const rolloutReasons = ['RollingOut', 'WaitingForDeletion', 'PartitionReached', 'RolloutComplete'];

function progress(deployments: readonly WorkloadDeployment[]): Verdict | undefined {
  const all = deployments.flatMap((deployment) => {
    const condition = conditionOf(deployment, 'Progressing');
    return condition === undefined ? [] : [{ name: deployment.metadata.name, ...condition }];
  });
  const shown =
    all.find(({ status }) => status === 'False') ??
    rolloutReasons.flatMap((reason) => all.find((one) => one.reason === reason) ?? [])[0];
  if (shown === undefined) return undefined;
  const { name, status, reason, message } = shown;
  return { type: 'Progressing', status, reason, message: `${name}: ${message}` };
}

function availability(placements: readonly PlacementState[], missingNetworks: readonly string[]): Verdict {
  if (missingNetworks.length > 0) {
    return available('False', 'NetworkNotFound', `Unable to find networks: ${missingNetworks.join(', ')}`);
  }
  const found = placements.filter((placement) => placement.available.status === 'True');
  const summary = `${found.length}/${placements.length} placements are available`;
  return found.length > 0
    ? available('True', 'AvailablePlacementFound', summary)
    : available(
        'False',
        'NoAvailablePlacements',
        [summary, ...placements.map((one) => `${one.name}: ${one.available.message}`)].join('; '),
      );
}

function placementState(
  name: string,
  deployments: readonly WorkloadDeployment[],
  homeless: readonly string[],
): PlacementState {
  const found = deployments.filter((deployment) => isTrue(deployment, 'Available'));
  const summary = [
    `${found.length}/${deployments.length} deployments are available`,
    ...homeless.map((cityCode) => `no location has city code ${cityCode}`),
    ...(found.length > 0 ? [] : firstTrouble(deployments)),
  ].join('; ');
  return {
    name,
    ...sum(deployments),
    available:
      found.length > 0
        ? available('True', 'AvailableDeploymentFound', summary)
        : available('False', 'NoAvailableDeployments', summary),
  };
}

/** What a deployment says of an instance that failed, after its counts, which are told for all deployments here. */
function firstTrouble(deployments: readonly WorkloadDeployment[]): string[] {
  for (const { metadata, status } of deployments) {
    const { message = '' } = status?.conditions?.find(({ type }) => type === 'Available') ?? {};
    const trouble = /^\d+\/\d+ instances are ready; (.+)$/s.exec(message)?.[1];
    if (trouble !== undefined) return [`${metadata.name}: ${trouble}`];
  }
  return [];
}

function sum(deployments: readonly WorkloadDeployment[]): Counts {
  const total: Counts = { replicas: 0, currentReplicas: 0, desiredReplicas: 0, readyReplicas: 0 };
  for (const { status } of deployments) for (const counter of counters) total[counter] += status?.[counter] ?? 0;
  return total;
}

function available(status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type: 'Available', status, reason, message };
}
