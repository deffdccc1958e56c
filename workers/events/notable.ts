import type { Condition } from '../../kinds/object.ts';
import type { Occurrence } from './occurrence.ts';

/** What of a condition decides whether it is worth an event. */
export type State = Pick<Condition, 'type' | 'status' | 'reason'>;

/** Reasons for a condition that is not True yet because work is under way or others come first. */
const underWay =
  /^(Pending|NotProgrammed$|Programming|Provisioning|Starting$|Booting$|SchedulingGatesPresent$|NoAvailable)|(NotReady|NotAllocated|InProgress)$/;

/** Reasons that are steps on the way, worth telling but no reason to worry. */
const steps: readonly string[] = ['LocationAssigned', 'Unused', 'Terminating', 'DeletionBlocked', 'UpToDate'];

/**
 * What of a write of status is worth an event, and whether to warn: a condition became True, or is False for a reason that
 * says more than that work is under way. An unknown state says nothing.
 */
export function notable(
  before: readonly State[],
  after: readonly Condition[],
): Pick<Occurrence, 'type' | 'reason' | 'message'>[] {
  return after.flatMap((condition) => {
    const previous = before.find(({ type }) => type === condition.type);
    const type = eventType(previous, condition);
    if (type === undefined) return [];
    const { reason, message } = condition;
    return [{ type, reason, message: message === '' ? `${condition.type} is ${condition.status}` : message }];
  });
}

function eventType(previous: State | undefined, { status, reason }: Condition): 'Normal' | 'Warning' | undefined {
  switch (status) {
    case 'True':
      return previous?.status === 'True' ? undefined : 'Normal';
    case 'Unknown':
      return undefined;
    case 'False':
      if (steps.includes(reason)) return previous?.reason === reason ? undefined : 'Normal';
      if (previous?.status === 'True') return 'Warning';
      if (underWay.test(reason) || (previous?.status === 'False' && previous.reason === reason)) return undefined;
      return 'Warning';
  }
}

/** How many instances metrics ask for, and why, of an object that is scaled by them. */
export interface Scaling {
  readonly desiredReplicas: number;
  readonly message?: string;
}

/** What is told when metrics change how many instances there should be. */
export function rescaled(
  before: Scaling | undefined,
  after: Scaling | undefined,
): Pick<Occurrence, 'type' | 'reason' | 'message'>[] {
  if (after === undefined || before === undefined || before.desiredReplicas === after.desiredReplicas) return [];
  const message = `From ${before.desiredReplicas} to ${after.desiredReplicas} instances: ${after.message ?? 'by metrics'}`;
  return [{ type: 'Normal', reason: 'Rescaled', message }];
}
