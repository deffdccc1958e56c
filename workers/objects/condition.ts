import type { Condition } from '../../kinds/object.ts';

/** A condition as a plan decides it; times and generation are added where it is written. */
export type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** Reason of what is stored, but nothing acts on yet. */
export const notYetImplemented = 'NotYetImplemented';

/** Anything that may carry conditions. */
export interface Conditioned {
  readonly status?: { readonly conditions?: readonly Condition[] | null } | null;
}

export function conditionOf(object: Conditioned | undefined, type: string): Condition | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type);
}

export function isTrue(object: Conditioned | undefined, type: string): boolean {
  return conditionOf(object, type)?.status === 'True';
}

/** Whether a condition that is not True only waits: for its controller, or for work that is under way. */
function isProgress(condition: Pick<Condition, 'reason'>): boolean {
  return /^(Pending|NotProgrammed$|Programming|Provisioning|Starting$|Booting$)/.test(condition.reason);
}

/** The condition of this type if it says that something went wrong, not merely that it takes its time. */
export function failureOf(object: Conditioned | undefined, type: string): Condition | undefined {
  const condition = conditionOf(object, type);
  return condition?.status === 'False' && !isProgress(condition) ? condition : undefined;
}

/** What keeps the machine of an instance from being there or from coming up, not merely that it takes its time. */
export function machineFailure(instance: Conditioned | undefined): Condition | undefined {
  return failureOf(instance, 'Programmed') ?? failureOf(instance, 'Booted');
}
