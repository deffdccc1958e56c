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
  readonly policy: 'OrderedReady' | 'Parallel';
}

/** Ordinals to create and instances to delete now; what has to wait for these comes with a later call. */
export interface InstanceSteps<V extends InstanceView> {
  readonly create: readonly number[];
  readonly remove: readonly V[];
}

/**
 * The next steps from the instances that exist to the goal. An instance with an old template is deleted and made again
 * under its ordinal: failing ones at once, so that a broken template can always be replaced, ready ones one by one
 * while all others are ready, from the highest ordinal.
 */
export function instanceSteps<V extends InstanceView>(goal: InstanceGoal, instances: readonly V[]): InstanceSteps<V> {
  const state = sortOut(goal, instances);
  switch (goal.policy) {
    case 'OrderedReady':
      return orderedSteps(goal, state);
    case 'Parallel':
      return parallelSteps(goal, state);
  }
}

interface State<V> {
  /** Wanted ordinal to the instance that fills it. */
  readonly kept: ReadonlyMap<number, V>;
  /** Duplicates and those beyond the goal, highest ordinal first. */
  readonly surplus: readonly V[];
  /** Ordinals whose name is still taken by an instance that goes. */
  readonly leaving: ReadonlySet<number | undefined>;
}

function sortOut<V extends InstanceView>(goal: InstanceGoal, instances: readonly V[]): State<V> {
  const kept = new Map<number, V>();
  const surplus: V[] = [];
  // Of two with one ordinal the ready one stays, else the older.
  const live = instances
    .filter((instance) => !instance.deleting)
    .toSorted((a, b) => Number(b.ready) - Number(a.ready) || byAge(a, b));
  for (const instance of live) {
    const { ordinal } = instance;
    if (ordinal === undefined || ordinal >= goal.replicas || kept.has(ordinal)) surplus.push(instance);
    else kept.set(ordinal, instance);
  }
  return {
    kept,
    surplus: surplus.toSorted(highestFirst),
    leaving: new Set(instances.filter((instance) => instance.deleting).map((instance) => instance.ordinal)),
  };
}

function orderedSteps<V extends InstanceView>(
  goal: InstanceGoal,
  { kept, surplus, leaving }: State<V>,
): InstanceSteps<V> {
  if (leaving.size > 0) return nothing;
  const outdated = outdatedOf(goal, kept);
  const [gone] = [...surplus, ...outdated.filter((instance) => !instance.ready)];
  if (gone !== undefined) return { create: [], remove: [gone] };
  for (let ordinal = 0; ordinal < goal.replicas; ordinal++) {
    const instance = kept.get(ordinal);
    if (instance === undefined) return { create: [ordinal], remove: [] };
    if (!instance.ready) return nothing;
  }
  return { create: [], remove: outdated.slice(0, 1) };
}

function parallelSteps<V extends InstanceView>(
  goal: InstanceGoal,
  { kept, surplus, leaving }: State<V>,
): InstanceSteps<V> {
  const outdated = outdatedOf(goal, kept);
  const create: number[] = [];
  let allReady = leaving.size === 0;
  for (let ordinal = 0; ordinal < goal.replicas; ordinal++) {
    const instance = kept.get(ordinal);
    if (instance?.ready !== true) allReady = false;
    if (instance === undefined && !leaving.has(ordinal)) create.push(ordinal);
  }
  const replaced = allReady ? outdated.slice(0, 1) : outdated.filter((instance) => !instance.ready);
  return { create, remove: [...surplus, ...replaced] };
}

const nothing = { create: [], remove: [] } as const;

function outdatedOf<V extends InstanceView>(goal: InstanceGoal, kept: ReadonlyMap<number, V>): V[] {
  return [...kept.values()].filter((instance) => instance.templateHash !== goal.templateHash).toSorted(highestFirst);
}

function highestFirst(a: InstanceView, b: InstanceView): number {
  return (b.ordinal ?? Infinity) - (a.ordinal ?? Infinity) || byAge(b, a);
}

function byAge(a: InstanceView, b: InstanceView): number {
  return compare(a.creationTimestamp, b.creationTimestamp) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
