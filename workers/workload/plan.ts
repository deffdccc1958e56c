import { isDeepStrictEqual } from 'node:util';
import type { Location, Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { cityCodeOf } from '../../kinds/networking/topology.ts';
import type { Key } from '../../kinds/object.ts';
import type { NewObject } from '../../store/types.ts';
import { finalizers } from '../objects/finalizers.ts';
import { workloadUidLabel } from '../objects/labels.ts';
import { isDeleting, ownedBy } from '../objects/owner.ts';

/** A deployment that a workload asks for: one city of one placement. */
export interface DeploymentWish {
  readonly placementName: string;
  readonly cityCode: string;
}

export interface DeploymentSteps {
  readonly create: readonly DeploymentWish[];
  readonly update: readonly WorkloadDeployment[];
  readonly remove: readonly WorkloadDeployment[];
  /** Cities of a placement, by its name, in which nothing can run since they have no location. */
  readonly homeless: ReadonlyMap<string, readonly string[]>;
}

/** Networks that a workload's instances have interfaces in, each once. */
export function networksOf(workload: Workload): Key[] {
  const keys = workload.spec.template.spec.networkInterfaces.map(({ network }) => ({
    namespace: network.namespace ?? workload.metadata.namespace ?? '',
    name: network.name,
  }));
  return keys.filter(
    (key, index) => keys.findIndex((other) => other.namespace === key.namespace && other.name === key.name) === index,
  );
}

/** Full name of a deployment, before it is shortened. */
export function deploymentName(workload: Workload, wish: DeploymentWish): string {
  return `${workload.metadata.name}-${wish.placementName}-${wish.cityCode.toLowerCase()}`;
}

/** Whether every city of every placement has its deployment, so that locations need not be asked. */
export function isComplete(workload: Workload, deployments: readonly WorkloadDeployment[]): boolean {
  return wishesOf(workload).every((wish) => deployments.some((deployment) => isFor(deployment, wish)));
}

/**
 * One deployment per placement and city that has a location. A deployment stays when its city loses its location, since
 * its instances still run. `cities` are the codes that locations have.
 */
export function deploymentSteps(
  workload: Workload,
  deployments: readonly WorkloadDeployment[],
  cities: ReadonlySet<string>,
): DeploymentSteps {
  const create: DeploymentWish[] = [];
  const update: WorkloadDeployment[] = [];
  const homeless = new Map<string, string[]>();
  const unwanted = new Set(deployments);
  for (const wish of wishesOf(workload)) {
    const fitting = deployments.filter((deployment) => isFor(deployment, wish)).toSorted(oldestFirst);
    const kept = fitting.find((deployment) => !isDeleting(deployment));
    if (kept !== undefined) {
      unwanted.delete(kept);
      if (!isUpToDate(kept, workload, wish)) update.push(kept);
    } else if (!cities.has(wish.cityCode)) {
      homeless.set(wish.placementName, [...(homeless.get(wish.placementName) ?? []), wish.cityCode]);
    } else if (fitting.length === 0) {
      create.push(wish);
    }
  }
  return { create, update, remove: [...unwanted].filter((deployment) => !isDeleting(deployment)), homeless };
}

/** The deployment to make for a wish, but for its name. */
export function deploymentObject(
  workload: Workload,
  wish: DeploymentWish,
): NewObject & { spec: WorkloadDeployment['spec'] } {
  return {
    metadata: {
      namespace: workload.metadata.namespace ?? '',
      labels: { [workloadUidLabel]: workload.metadata.uid },
      finalizers: [finalizers.workloadDeployment],
      ownerReferences: [ownedBy(workload)],
    },
    spec: deploymentSpec(workload, wish),
  };
}

/** City codes that have a location. */
export function citiesOf(locations: readonly Location[]): Set<string> {
  return new Set(locations.flatMap((location) => cityCodeOf(location) ?? []));
}

export function deploymentSpec(
  workload: Workload,
  { placementName, cityCode }: DeploymentWish,
): WorkloadDeployment['spec'] {
  const { template, placements, updateStrategy, instanceMode } = workload.spec;
  const placement = placements.find((one) => one.name === placementName);
  if (placement === undefined) throw new Error(`Workload ${workload.metadata.name} has no placement ${placementName}`);
  return {
    workloadRef: { name: workload.metadata.name, uid: workload.metadata.uid },
    placementName,
    cityCode,
    template,
    scaleSettings: placement.scaleSettings,
    ...(updateStrategy ? { updateStrategy } : {}),
    ...(instanceMode ? { instanceMode } : {}),
  };
}

function wishesOf(workload: Workload): DeploymentWish[] {
  return workload.spec.placements.flatMap(({ name, cityCodes }) =>
    [...new Set(cityCodes)].map((cityCode) => ({ placementName: name, cityCode })),
  );
}

function isFor(deployment: WorkloadDeployment, wish: DeploymentWish): boolean {
  return deployment.spec.placementName === wish.placementName && deployment.spec.cityCode === wish.cityCode;
}

function isUpToDate(deployment: WorkloadDeployment, workload: Workload, wish: DeploymentWish): boolean {
  return (
    deployment.metadata.labels?.[workloadUidLabel] === workload.metadata.uid &&
    isDeepStrictEqual(deployment.spec, deploymentSpec(workload, wish))
  );
}

function oldestFirst(a: WorkloadDeployment, b: WorkloadDeployment): number {
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1;
}
