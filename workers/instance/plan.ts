import type { Instance } from '../../kinds/generated/types.ts';
import type { Condition } from '../../kinds/object.ts';
import type { Verdict } from '../objects/condition.ts';
import { conditionOf } from '../objects/condition.ts';

/** The part of an instance's status that is its own controller's. */
export interface InstanceStatus {
  /** Undefined while nothing is known yet: the condition stays as it was created. */
  readonly ready?: Verdict;
  readonly observedTemplateHash?: string;
}

export function isGated(instance: Instance): boolean {
  return (instance.spec.controller?.schedulingGates ?? []).length > 0;
}

/**
 * Ready from what is missing: gates, then Programmed, then Running, then that the machine comes up. `networkFailure` is what kept a network of a gated
 * instance from its location. The template hash counts as observed once the instance is programmed with it.
 */
export function plan(
  instance: Instance,
  networkFailure: Pick<Condition, 'reason' | 'message'> | undefined,
): InstanceStatus {
  const programmed = conditionOf(instance, 'Programmed');
  const hash =
    programmed?.status === 'True'
      ? instance.spec.controller?.templateHash
      : instance.status?.controller?.observedTemplateHash;
  const ready = readiness(instance, networkFailure);
  return {
    ...(ready === undefined ? {} : { ready }),
    ...(hash === undefined || hash === null ? {} : { observedTemplateHash: hash }),
  };
}

/** Whether an instance without gates shows anything else than it should; one with gates has to be looked at. */
export function needsLook(instance: Instance): boolean {
  if (isGated(instance)) return true;
  const { ready, observedTemplateHash } = plan(instance, undefined);
  const shown = conditionOf(instance, 'Ready');
  const differs =
    ready !== undefined &&
    (shown?.status !== ready.status ||
      shown.reason !== ready.reason ||
      shown.message !== ready.message ||
      shown.observedGeneration !== instance.metadata.generation);
  return differs || observedTemplateHash !== instance.status?.controller?.observedTemplateHash;
}

function readiness(
  instance: Instance,
  networkFailure: Pick<Condition, 'reason' | 'message'> | undefined,
): Verdict | undefined {
  if (isGated(instance)) {
    if (networkFailure !== undefined) return notReady(networkFailure);
    const gates = instance.spec.controller?.schedulingGates?.map((gate) => gate.name).join(', ');
    return notReady({ reason: 'SchedulingGatesPresent', message: `Scheduling gates present: ${gates}` });
  }
  for (const type of ['Programmed', 'Running']) {
    const missing = conditionOf(instance, type);
    if (missing?.status === 'True') continue;
    if (missing !== undefined && missing.status === 'False') return notReady(missing);
    // Not reported yet. Nothing is known about a new instance; one that was gated or ready has to say that it waits.
    if (conditionOf(instance, 'Ready')?.status === 'Unknown') return undefined;
    return notReady({ reason: 'Pending', message: `Waiting for ${type}` });
  }
  // Said only of machines that had trouble to come up.
  const booted = conditionOf(instance, 'Booted');
  if (booted?.status === 'False') return notReady(booted);
  return { type: 'Ready', status: 'True', reason: 'Running', message: 'Instance is running' };
}

function notReady({ reason, message }: Pick<Condition, 'reason' | 'message'>): Verdict {
  return { type: 'Ready', status: 'False', reason, message };
}
