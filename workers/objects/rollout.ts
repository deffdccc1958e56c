import type { UpdateStrategy } from '../../kinds/generated/types.ts';

/** How a changed template reaches the instances, in whole instances. */
export interface Rollout {
  readonly type: 'RollingUpdate' | 'OnDelete';
  /** Wanted instances that may be missing or not ready because of the update. */
  readonly maxUnavailable: number;
  /** Instances that may exist beyond those that are wanted. */
  readonly maxSurge: number;
  /** Ordinals below it keep the template they have. */
  readonly partition: number;
  /** How long an instance may take to become ready before the rollout pauses. */
  readonly progressDeadlineMs: number;
}

const defaultDeadlineSecs = 600;

/**
 * The strategy of a deployment of so many instances. Of a percentage the missing are rounded down and the added up; where
 * both come to nothing, one may be missing, or there were no way on.
 */
export function rolloutOf(
  { type = 'RollingUpdate', rollingUpdate = {}, progressDeadlineSeconds = defaultDeadlineSecs }: UpdateStrategy = {},
  replicas: number,
): Rollout {
  const maxSurge = countOf(rollingUpdate.maxSurge ?? 0, replicas, Math.ceil);
  const maxUnavailable = countOf(rollingUpdate.maxUnavailable ?? 1, replicas, Math.floor);
  return {
    type,
    maxSurge,
    maxUnavailable: maxSurge === 0 ? Math.max(1, maxUnavailable) : maxUnavailable,
    partition: rollingUpdate.partition ?? 0,
    progressDeadlineMs: progressDeadlineSeconds * 1000,
  };
}

function countOf(value: number | string, replicas: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  return percent === undefined ? Number(value) : round((Number(percent) * replicas) / 100);
}
