import type { Location, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { cityCodeOf } from '../../kinds/networking/topology.ts';
import { failureOf, isTrue, type Verdict } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';

/** What a location runs already. */
export interface Load {
  /** Instances that are asked for there. */
  readonly replicas: number;
  /** Deployments of the same workload there. */
  readonly siblings: number;
}

/** A location that was considered. `score` is absent when it was ruled out. */
interface Candidate {
  readonly location: { readonly name: string; readonly namespace: string };
  readonly score?: number;
  /** Why it was taken, lost or was ruled out, for people. */
  readonly reason: string;
}

export interface Fit {
  readonly fitting: readonly Location[];
  readonly ruledOut: readonly Candidate[];
}

export interface Decision {
  readonly location?: { readonly name: string; readonly namespace: string };
  readonly available: Verdict;
  /** The one that was taken first, then others of the deployment's own namespace from better to worse; at most 20. */
  readonly candidates: readonly Candidate[];
}

/** Each filter says why a location cannot take a deployment, or nothing. */
const filters: readonly ((location: Location, deployment: WorkloadDeployment) => string | undefined)[] = [
  (location, deployment) => {
    const city = cityCodeOf(location);
    return city === deployment.spec.cityCode ? undefined : `city code is ${city ?? 'not set'}`;
  },
  (location) => (isDeleting(location) ? 'is being deleted' : undefined),
  (location) => {
    const failure = failureOf(location, 'Ready');
    return failure === undefined ? undefined : `${failure.reason}: ${failure.message}`;
  },
];

/** Sorts the locations that can take a deployment from those that cannot. */
export function fit(deployment: WorkloadDeployment, locations: readonly Location[]): Fit {
  const fitting: Location[] = [];
  const ruledOut: Candidate[] = [];
  for (const location of locations) {
    const reason = filters.map((filter) => filter(location, deployment)).find((answer) => answer !== undefined);
    if (reason === undefined) fitting.push(location);
    else ruledOut.push({ location: refOf(location), reason });
  }
  return { fitting, ruledOut };
}

/**
 * Chooses among the fitting locations: verified ones first, then those with the fewest deployments of the same workload,
 * then the least loaded, then by name, so that the same state always gives the same answer.
 */
export function decide(
  deployment: WorkloadDeployment,
  { fitting, ruledOut }: Fit,
  loadOf: (location: Location) => Load,
): Decision {
  const ranked = fitting.map((location) => rankedOf(location, loadOf(location))).toSorted(byRank);
  const [best, ...beaten] = ranked;
  if (best === undefined) return noneOf(deployment, ruledOut);
  const taken = { location: best.location, score: best.score, reason: 'Taken' };
  const lost = beaten.map(({ location, score, load, verified }) => ({
    location,
    score,
    reason: whyLost({ load, verified }, best),
  }));
  const { name, namespace } = best.location;
  return {
    location: best.location,
    available: unavailable('LocationAssigned', `Assigned to ${namespace}/${name}`),
    candidates: [taken, ...nameable(deployment, [...lost, ...ruledOut])].slice(0, maxCandidates),
  };
}

/** Most candidates that are recorded: the status stays readable with hundreds of locations. */
const maxCandidates = 20;

interface Ranked {
  readonly location: { readonly name: string; readonly namespace: string };
  readonly load: Load;
  readonly verified: boolean;
  readonly score: number;
}

function rankedOf(location: Location, load: Load): Ranked {
  const verified = isTrue(location, 'Ready');
  const score = (verified ? 0 : -1_000_000) - 10_000 * load.siblings - load.replicas;
  return { location: refOf(location), load, verified, score };
}

function byRank(a: Ranked, b: Ranked): number {
  return b.score - a.score || (textOf(a.location) < textOf(b.location) ? -1 : 1);
}

function whyLost({ load, verified }: Pick<Ranked, 'load' | 'verified'>, best: Ranked): string {
  if (best.verified && !verified) return 'The provider has not verified it yet';
  if (load.siblings > best.load.siblings)
    return `Has ${load.siblings} deployments of the workload, the taken one ${best.load.siblings}`;
  if (load.replicas > best.load.replicas) return `Has ${load.replicas} instances, the taken one ${best.load.replicas}`;
  return 'Equal to the taken one, but later by name';
}

/** Whoever may see a deployment may not see what other namespaces have: that their locations were looked at is all it tells. */
function nameable({ metadata }: WorkloadDeployment, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ location }) => location.namespace === metadata.namespace);
}

function noneOf(deployment: WorkloadDeployment, ruledOut: readonly Candidate[]): Decision {
  const candidates = nameable(deployment, ruledOut).slice(0, maxCandidates);
  if (ruledOut.length === 0) return { available: unavailable('NoLocations', 'There are no locations'), candidates };
  const named = candidates.map(({ location, reason }) => `${textOf(location)} (${reason})`);
  const rest = ruledOut.length - named.length;
  const more = named.length === 0 ? 'of other namespaces' : 'more';
  const tried = [...(named.length === 0 ? [] : [named.join(', ')]), ...(rest === 0 ? [] : [`${rest} ${more}`])];
  return {
    available: unavailable(
      'NoCandidateLocations',
      `No location can take city code ${deployment.spec.cityCode}: ${tried.join(' and ')}`,
    ),
    candidates,
  };
}

function refOf({ metadata }: Location): { name: string; namespace: string } {
  return { name: metadata.name, namespace: metadata.namespace ?? '' };
}

function textOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

function unavailable(reason: string, message: string): Verdict {
  return { type: 'Available', status: 'False', reason, message };
}
