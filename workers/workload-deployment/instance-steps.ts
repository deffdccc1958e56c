import type { Rollout } from '../objects/rollout.ts';

/** What matters about an instance for the question which ones come and go. */
export interface InstanceView {
  readonly name: string;
  /** Undefined when the label is missing or no number: such an instance is not wanted. */
  readonly ordinal: number | undefined;
  readonly templateHash: string | undefined;
  readonly ready: boolean;
  readonly deleting: boolean;
  readonly creationTimestamp: string;
}

export interface InstanceGoal {
  readonly replicas: number;
  readonly templateHash: string;
  /** Hash of the template that all instances had last; until there are any it is `templateHash`. */
  readonly currentHash: string;
  readonly policy: 'OrderedReady' | 'Parallel';
  readonly rollout: Pick<Rollout, 'type' | 'maxUnavailable' | 'maxSurge' | 'partition'>;
  /** The rollout failed: no instance gives way to the new template until that is over. */
  readonly paused?: boolean;
}

/** Ordinals to create and instances to delete now; what has to wait for these comes with a later call. */
export interface InstanceSteps<V extends InstanceView> {
  readonly create: readonly number[];
  readonly remove: readonly V[];
}

/**
 * The next steps from the instances that exist to the goal. An instance with an old template is deleted and made again
 * under its ordinal, from the highest: failing ones at once, so that a broken template can always be replaced, ready ones
 * as far as the rollout lets instances be missing. Those that it lets be added have the ordinals beyond the wanted ones and
 * go when every wanted one is there.
 */
export function instanceSteps<V extends InstanceView>(goal: InstanceGoal, instances: readonly V[]): InstanceSteps<V> {
  const state = sortOut(goal, instances);
  switch (goal.policy) {
    case 'OrderedReady':
      return orderedSteps(state);
    case 'Parallel':
      return parallelSteps(state);
  }
}

/** Whether instances are on their way to the template, which is so too when it is the old one again. */
export function isRolling(goal: InstanceGoal, instances: readonly InstanceView[]): boolean {
  const isOutdated = (one: InstanceView): boolean =>
    !one.deleting && ordinalOf(one) < goal.replicas && one.templateHash !== goal.templateHash;
  return goal.currentHash !== goal.templateHash || instances.some(isOutdated);
}

/** Whether every wanted instance is ready with the new template. */
export function isRolledOut(goal: InstanceGoal, instances: readonly InstanceView[]): boolean {
  const ready = instances.filter((one) => isUpdated(goal, one)).map(({ ordinal = Infinity }) => ordinal);
  return new Set(ready.filter((ordinal) => ordinal < goal.replicas)).size === goal.replicas;
}

/** Whether an instance that is made now under this ordinal has the template of before. */
export function keepsOldTemplate({ currentHash, templateHash, rollout }: InstanceGoal, ordinal: number): boolean {
  return currentHash !== templateHash && rollout.type === 'RollingUpdate' && ordinal < rollout.partition;
}

interface State<V> {
  /** Ordinal to the instance that fills it; beyond the wanted ones those that the rollout added. */
  readonly kept: ReadonlyMap<number, V>;
  /** How many ordinals there should be: the wanted ones and those that the rollout adds. */
  readonly ordinals: number;
  /** Duplicates and those beyond the goal, highest ordinal first. */
  readonly surplus: readonly V[];
  /** Instances that give way to the new template, or are no longer needed beside it, and are not ready. */
  readonly failing: readonly V[];
  /** The same that are ready and may go now. */
  readonly spared: readonly V[];
  /** Ordinals whose name is still taken by an instance that goes. */
  readonly leaving: ReadonlySet<number | undefined>;
}

function sortOut<V extends InstanceView>(goal: InstanceGoal, instances: readonly V[]): State<V> {
  const { replicas, currentHash, templateHash, rollout, paused = false } = goal;
  const maxSurge = rollout.type === 'RollingUpdate' && isRolling(goal, instances) ? rollout.maxSurge : 0;
  const { kept, surplus } = placeByOrdinal(instances, replicas + maxSurge);

  const outdated =
    rollout.type === 'OnDelete'
      ? []
      : [...kept].flatMap(([ordinal, one]) =>
          ordinal >= rollout.partition && one.templateHash !== templateHash ? [one] : [],
        );
  const unfinished = range(Math.min(rollout.partition, replicas), replicas).filter((ordinal) => {
    const one = kept.get(ordinal);
    return one === undefined || !isUpdated(goal, one);
  });
  const added = Math.min(maxSurge, unfinished.length);
  const noLongerAdded = [...kept.values()].filter(
    (one) => ordinalOf(one) >= replicas + added && one.templateHash === templateHash,
  );
  // What a failed rollout left in between gives way to whatever comes next, so that there is always a way back.
  const giving = [
    ...outdated.filter((one) => !paused || (!one.ready && one.templateHash !== currentHash)),
    ...noLongerAdded,
  ].toSorted(highestFirst);
  const ready = [...kept.values()].filter((one) => one.ready).length;
  const spare = Math.max(0, ready - (replicas - rollout.maxUnavailable));
  return {
    kept,
    ordinals: replicas + (outdated.length > 0 && !paused ? added : 0),
    surplus,
    failing: giving.filter((one) => !one.ready),
    spared: giving.filter((one) => one.ready).slice(0, spare),
    leaving: new Set(instances.filter((instance) => instance.deleting).map((instance) => instance.ordinal)),
  };
}

/** Of two with one ordinal the ready one stays, else the older. */
function placeByOrdinal<V extends InstanceView>(
  instances: readonly V[],
  ordinals: number,
): { readonly kept: ReadonlyMap<number, V>; readonly surplus: readonly V[] } {
  const kept = new Map<number, V>();
  const surplus: V[] = [];
  const live = instances
    .filter((instance) => !instance.deleting)
    .toSorted((a, b) => Number(b.ready) - Number(a.ready) || byAge(a, b));
  for (const instance of live) {
    const { ordinal } = instance;
    if (ordinal === undefined || ordinal >= ordinals || kept.has(ordinal)) surplus.push(instance);
    else kept.set(ordinal, instance);
  }
  return { kept, surplus: surplus.toSorted(highestFirst) };
}

function orderedSteps<V extends InstanceView>(state: State<V>): InstanceSteps<V> {
  const { kept, ordinals, surplus, failing, spared, leaving } = state;
  if (leaving.size > 0) return nothing;
  const [gone] = [...surplus, ...failing];
  if (gone !== undefined) return { create: [], remove: [gone] };
  const gap = range(0, ordinals).find((ordinal) => !kept.has(ordinal));
  if (gap !== undefined && range(0, gap).every((ordinal) => kept.get(ordinal)?.ready)) {
    return { create: [gap], remove: [] };
  }
  return { create: [], remove: spared };
}

function parallelSteps<V extends InstanceView>(state: State<V>): InstanceSteps<V> {
  const { kept, ordinals, surplus, failing, spared, leaving } = state;
  return {
    create: range(0, ordinals).filter((ordinal) => !kept.has(ordinal) && !leaving.has(ordinal)),
    remove: [...surplus, ...failing, ...spared],
  };
}

const nothing = { create: [], remove: [] } as const;

function isUpdated({ templateHash }: InstanceGoal, one: InstanceView): boolean {
  return one.ready && !one.deleting && one.templateHash === templateHash;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function ordinalOf({ ordinal = Infinity }: InstanceView): number {
  return ordinal;
}

function highestFirst(a: InstanceView, b: InstanceView): number {
  const [higher, lower] = [ordinalOf(b), ordinalOf(a)];
  return higher === lower ? byAge(b, a) : higher - lower;
}

function byAge(a: InstanceView, b: InstanceView): number {
  return compare(a.creationTimestamp, b.creationTimestamp) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
