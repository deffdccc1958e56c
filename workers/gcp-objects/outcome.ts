import type { CloudOutcome, CloudResource } from '../../store/cloud-resources.types.ts';
import { circuitOpen } from '../clouds/gcp/breaker.ts';
import type { Progress } from '../clouds/gcp/cloud-object.ts';
import { type CloudType, cloudTypes } from '../clouds/gcp/cloud-types.ts';
import { type Fault, GcpError, isGcpError } from '../clouds/gcp/errors.ts';
import { operation } from '../clouds/gcp/operations.ts';
import { retryDelayMs, retryPolicy } from '../clouds/gcp/retry.ts';
import type { GcpDeps } from './deps.ts';
import type { Stage } from './stage.ts';

/** What a row shows after a failure: when to try again, and whether the same call may be sent once more. */
export function failureOutcome(
  deps: Pick<GcpDeps, 'retryPolicy'>,
  row: CloudResource,
  fault: Fault,
  options: { readonly unknown?: boolean; readonly retryAfterMs?: number | undefined } = {},
): CloudOutcome & { readonly error: Fault; readonly retryAt: Date } {
  const attempts = row.attempts + 1;
  const delayMs = options.retryAfterMs ?? retryDelayMs(deps.retryPolicy ?? retryPolicy, fault.class, attempts);
  return {
    state: options.unknown ? 'planned' : 'failed',
    error: fault,
    retryAt: new Date(Date.now() + delayMs),
    attempts,
  };
}

/** Records that a call failed. One that got no proper answer stays planned: it may have been done, and is sent again. */
export async function fail(deps: GcpDeps, row: CloudResource, error: unknown): Promise<Stage> {
  if (!(error instanceof GcpError)) throw error;
  const { code, class: faultClass } = error.fault;
  const unknown = faultClass === 'transient' || faultClass === 'throttle' || code === circuitOpen;
  return failed(deps, row, error.fault, { unknown, retryAfterMs: error.retryAfterMs });
}

/** Records a failure that is certain. */
export async function failed(
  deps: GcpDeps,
  row: CloudResource,
  fault: Fault,
  options: Parameters<typeof failureOutcome>[3] = {},
): Promise<Stage> {
  const outcome = failureOutcome(deps, row, fault, options);
  const written = await deps.cloudResources.record(row.requestId, outcome);
  return written === undefined
    ? { at: 'waiting' }
    : { at: 'failed', failure: outcome.error, retryAt: outcome.retryAt, row: written };
}

/** Looks at a running operation once more: many are done by then. */
export async function lookedAt(deps: GcpDeps, row: CloudResource, progress: Progress): Promise<Progress> {
  if (progress.done || progress.operation === undefined) return progress;
  try {
    return { ...progress, ...(await operation(deps.gcp, row.account, row.scope, progress.operation)) };
  } catch (error) {
    // The poller will see.
    if (isGcpError(error)) return progress;
    throw error;
  }
}

/** Records a running operation; the poller follows it from here. */
export async function follow(deps: GcpDeps, row: CloudResource, outcome: Omit<CloudOutcome, 'state'>): Promise<Stage> {
  const written = await deps.cloudResources.record(row.requestId, { ...outcome, state: 'running' });
  deps.onRunning?.();
  return { at: 'waiting', ...(written === undefined ? {} : { row: written }) };
}

export function apiOf({ type }: Pick<CloudResource, 'type'>): (typeof cloudTypes)[CloudType] {
  return cloudTypes[type as CloudType];
}
