import type { FaultClass } from './errors.ts';

/** Shortest and longest wait before the next attempt, in milliseconds. */
export type RetryPolicy = Readonly<Record<FaultClass, readonly [minMs: number, maxMs: number]>>;

const second = 1_000;
const minute = 60 * second;

/** Classes that end with a change of someone else's doing are still looked at again, slowly. */
export const retryPolicy: RetryPolicy = {
  transient: [0.5 * second, 30 * second],
  throttle: [1 * second, minute],
  dependency: [2 * second, minute],
  propagation: [2 * second, 30 * second],
  conflict: [0.1 * second, 5 * second],
  notFound: [2 * second, minute],
  quota: [minute, 15 * minute],
  stockout: [minute, 15 * minute],
  permission: [minute, 10 * minute],
  configuration: [minute, 10 * minute],
  alreadyExists: [minute, 10 * minute],
  spec: [10 * minute, 10 * minute],
};

/** The policy with every wait multiplied, for those who cannot wait that long. */
export function scaled(policy: RetryPolicy, factor: number): RetryPolicy {
  return Object.fromEntries(
    Object.entries(policy).map(([name, [min, max]]) => [name, [min * factor, max * factor]]),
  ) as unknown as RetryPolicy;
}

/**
 * Milliseconds to wait after the nth failed attempt (from 1): doubles up to the class's longest wait, with full jitter
 * above the shortest so that objects which failed together do not come back together.
 */
export function retryDelayMs(
  policy: RetryPolicy,
  faultClass: FaultClass,
  attempt: number,
  random = Math.random,
): number {
  const [minMs, maxMs] = policy[faultClass];
  const ceilingMs = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20));
  return Math.round(minMs + random() * (ceilingMs - minMs));
}
