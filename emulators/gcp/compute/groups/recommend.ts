/** What an autoscaler goes by. */
export interface ScalingPolicy {
  readonly minSize: number;
  readonly maxSize: number;
  /** Part of the processors that machines should use, on average. */
  readonly target: number;
  readonly mode: 'ON' | 'OFF' | 'ONLY_SCALE_OUT';
  /** Sizes that were right within this time keep the group from getting smaller. */
  readonly stabilizationMs: number;
  /** At most so many machines fewer than at any time within the window; undefined for no such limit. */
  readonly scaleIn: { readonly most: number; readonly windowMs: number } | undefined;
}

/** A size that was right, or in force, from a virtual time on. */
export interface PastSize {
  readonly atMs: number;
  readonly size: number;
}

/** Machines that would use as much as is wanted, within the bounds; undefined while none has anything to tell. */
export function rightSize(policy: ScalingPolicy, uses: readonly number[]): number | undefined {
  if (uses.length === 0) return undefined;
  const sum = uses.reduce((total, use) => total + use, 0);
  // A little rounding keeps 0.6 + 0.6 over 0.6 from being three machines.
  const wanted = Math.ceil(Math.round((sum / policy.target) * 1e6) / 1e6);
  return Math.min(policy.maxSize, Math.max(policy.minSize, wanted));
}

/** What an autoscaler remembers, oldest first: the sizes that were right, and those that the group had. */
export interface ScalingMemory {
  readonly right: readonly PastSize[];
  readonly actual: readonly PastSize[];
}

/** The size that a group should have now, by what is right now and what was lately. */
export function nextSize(
  policy: ScalingPolicy,
  current: number,
  right: number | undefined,
  memory: ScalingMemory,
  nowMs: number,
): number {
  const bounded = Math.min(policy.maxSize, Math.max(policy.minSize, current));
  if (policy.mode === 'OFF') return current;
  if (right === undefined || right >= bounded) return Math.max(bounded, right ?? bounded);
  if (policy.mode === 'ONLY_SCALE_OUT') return bounded;
  const lately = sizesSince(memory.right, nowMs - policy.stabilizationMs);
  const stable = Math.min(bounded, Math.max(right, ...lately));
  const { scaleIn } = policy;
  if (scaleIn === undefined) return stable;
  const peak = Math.max(current, ...sizesSince(memory.actual, nowMs - scaleIn.windowMs));
  return Math.max(stable, Math.min(bounded, peak - scaleIn.most));
}

/** Sizes that were right at some time since then: each holds until the next one. */
function sizesSince(history: readonly PastSize[], sinceMs: number): readonly number[] {
  return history.filter((_, index) => (history[index + 1]?.atMs ?? Infinity) > sinceMs).map(({ size }) => size);
}
