import type { Condition } from '../../kinds/object.ts';
import type { Verdict } from '../objects/condition.ts';
import { type InstanceGoal, type InstanceView, isRolledOut, isRolling } from './instance-steps.ts';
import type { Rollout } from '../objects/rollout.ts';

/** An instance as a rollout looks at it. */
export interface RolloutView extends InstanceView {
  /** Why it cannot become what it should, where it says so. */
  readonly failure?: Pick<Condition, 'reason' | 'message'> | undefined;
  /** Since when it has been not ready, epoch ms; of one that is ready it means nothing. */
  readonly unreadySinceMs: number;
}

export type RolloutGoal = InstanceGoal & { readonly rollout: Rollout };

export interface RolloutState {
  /** Condition Progressing; undefined while the template never changed. */
  readonly progressing: Verdict | undefined;
  /** A failed rollout goes no further. */
  readonly paused: boolean;
  /** All instances have the new template: it is the current one from now on. */
  readonly complete: boolean;
  /** When the next instance will have taken too long; undefined when none can. */
  readonly deadlineMs: number | undefined;
}

/**
 * How far a rollout is at `nowMs`. It pauses when an instance with the new template fails or is not ready in time, and goes
 * on when that is over or the template changes. `wasRolledOut` tells that there was a rollout before.
 */
export function rolloutState(
  goal: RolloutGoal,
  instances: readonly RolloutView[],
  { nowMs, wasRolledOut }: { readonly nowMs: number; readonly wasRolledOut: boolean },
): RolloutState {
  const complete = isRolledOut(goal, instances);
  const rolling = isRolling(goal, instances);
  if (!rolling || complete) {
    const over = `All instances have the template ${goal.templateHash}`;
    return {
      progressing: rolling || wasRolledOut ? progressing('True', 'RolloutComplete', over) : undefined,
      paused: false,
      complete,
      deadlineMs: undefined,
    };
  }
  const { progressDeadlineMs } = goal.rollout;
  const waiting = instances
    .filter((one) => !one.deleting && !one.ready && one.templateHash === goal.templateHash)
    .toSorted((a, b) => a.unreadySinceMs - b.unreadySinceMs);
  const failed = waiting.find(({ failure }) => failure !== undefined);
  const late = waiting.find(({ unreadySinceMs }) => unreadySinceMs + progressDeadlineMs <= nowMs);
  const stopped = failed ?? late;
  const next = waiting.find(({ unreadySinceMs }) => unreadySinceMs + progressDeadlineMs > nowMs);
  return {
    progressing: stopped === undefined ? underWay(goal, instances) : pausedBy(stopped, progressDeadlineMs),
    paused: stopped !== undefined,
    complete: false,
    deadlineMs: next === undefined ? undefined : next.unreadySinceMs + progressDeadlineMs,
  };
}

function pausedBy({ name, failure }: RolloutView, progressDeadlineMs: number): Verdict {
  return failure === undefined
    ? progressing(
        'False',
        'ProgressDeadlineExceeded',
        `Rollout paused: ${name} was not ready within ${progressDeadlineMs / 1000} s`,
      )
    : progressing('False', 'InstanceFailed', `Rollout paused: ${name}: ${failure.reason}: ${failure.message}`);
}

function underWay({ replicas, templateHash, rollout }: RolloutGoal, instances: readonly InstanceView[]): Verdict {
  const wanted = instances.filter(({ ordinal, deleting }) => ordinal !== undefined && ordinal < replicas && !deleting);
  const updated = wanted.filter((one) => one.ready && one.templateHash === templateHash);
  const summary = `${updated.length}/${replicas} instances are ready with the template ${templateHash}`;
  if (rollout.type === 'OnDelete')
    return progressing('True', 'WaitingForDeletion', `${summary}; the others change when they are deleted`);
  const eligible = updated.filter(({ ordinal = -1 }) => ordinal >= rollout.partition).length;
  return eligible >= Math.max(0, replicas - rollout.partition)
    ? progressing('True', 'PartitionReached', `${summary}; those below ${rollout.partition} keep the old one`)
    : progressing('True', 'RollingOut', summary);
}

function progressing(status: 'True' | 'False', reason: string, message: string): Verdict {
  return { type: 'Progressing', status, reason, message };
}
