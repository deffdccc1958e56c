import type { Instance, Workload, WorkloadDeployment } from '../../../sdk/main.ts';
import type { AnyObject } from '../../catalog/any-object.ts';
import { compareTones, type Health, healthOf, type Tone } from '../../catalog/health.ts';

/** How a workload is, in one sentence. */
export interface Verdict {
  readonly tone: Tone;
  readonly text: string;
}

/** One city of one placement. */
export interface Cell {
  readonly deployment: WorkloadDeployment;
  readonly health: Health;
  readonly ready: number;
  readonly desired: number;
}

/** Placements by cities. A cell is undefined where a placement does not want the city. */
export interface Matrix {
  /** By code. */
  readonly cities: readonly string[];
  readonly rows: readonly { readonly placement: string; readonly cells: readonly (Cell | undefined)[] }[];
}

/** How far instances of the current template have taken the place of others. */
export interface Rollout {
  readonly desired: number;
  /** Exist, of whatever template. */
  readonly existing: number;
  /** Made from the current template and programmed. */
  readonly current: number;
  readonly ready: number;
  readonly isDone: boolean;
}

/** Kinds as the functions on all kinds take them. */
export const anyOf = (object: object): AnyObject => object as AnyObject;

/** The rollout of a workload, over all of its deployments. */
export function rolloutOf({ status = {} }: Pick<Workload, 'status'>): Rollout {
  const {
    desiredReplicas: desired = 0,
    replicas: existing = 0,
    currentReplicas: current = 0,
    readyReplicas: ready = 0,
  } = status;
  return { desired, existing, current, ready, isDone: current === desired && existing === desired };
}

/** How a workload is. */
export function verdictOf(workload: Workload, deployments: readonly WorkloadDeployment[]): Verdict {
  const health = healthOf(anyOf(workload));
  const rollout = rolloutOf(workload);
  const cities = new Set(deployments.map(({ spec }) => spec.cityCode)).size;
  const counts = `${rollout.ready} of ${rollout.desired} ${rollout.desired === 1 ? 'instance is' : 'instances are'} ready`;
  if (workload.metadata.deletionTimestamp !== undefined)
    return { tone: 'busy', text: `It is being deleted; ${plural(rollout.existing, 'instance')} still exist.` };
  const [worst] = deployments
    .map((deployment) => ({ deployment, health: healthOf(anyOf(deployment)) }))
    .filter((each) => each.health.tone !== 'good')
    .toSorted((a, b) => compareTones(a.health.tone, b.health.tone));
  if (health.tone === 'bad' || health.tone === 'warn') {
    const why =
      worst === undefined ? health.condition?.message : `${worst.deployment.metadata.name}: ${worst.health.label}`;
    return { tone: health.tone, text: `${counts}. ${why ?? health.label}.`.replace('..', '.') };
  }
  if (deployments.length === 0) return { tone: 'busy', text: 'The scheduler has not placed it yet.' };
  if (!rollout.isDone && rollout.existing >= rollout.desired && rollout.current < rollout.desired)
    return {
      tone: 'busy',
      text: `A change is rolling out: ${rollout.current} of ${rollout.desired} have it, ${rollout.ready} are ready.`,
    };
  if (rollout.ready < rollout.desired || !rollout.isDone)
    return { tone: 'busy', text: `${counts}; the others are being made.` };
  return { tone: 'good', text: `${all(rollout.desired)} ready in ${plural(cities, 'city', 'cities')}.` };
}

/** Where a workload runs: each placement in each city. */
export function matrixOf(workload: Workload, deployments: readonly WorkloadDeployment[]): Matrix {
  const codes = [...new Set(workload.spec.placements.flatMap(({ cityCodes }) => cityCodes))].toSorted();
  const find = (placement: string, city: string): WorkloadDeployment | undefined =>
    deployments.find(({ spec }) => spec.placementName === placement && spec.cityCode === city);
  return {
    cities: codes,
    rows: workload.spec.placements.map(({ name }) => ({
      placement: name,
      cells: codes.map((code) => {
        const deployment = find(name, code);
        if (deployment === undefined) return undefined;
        const { readyReplicas: ready = 0, desiredReplicas: desired = 0 } = deployment.status ?? {};
        return { deployment, health: healthOf(anyOf(deployment)), ready, desired };
      }),
    })),
  };
}

/** First and last address of an instance's first interface: in the network and outside. */
export function addressesOf({ status }: Instance): readonly string[] {
  return (status?.networkInterfaces ?? []).flatMap(({ assignments }) =>
    [assignments?.networkIP, assignments?.externalIP].filter((address) => address !== undefined),
  );
}

function all(count: number): string {
  return count === 1
    ? 'Its instance is'
    : count === 0
      ? 'No instances are wanted; it is'
      : `All ${count} instances are`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
