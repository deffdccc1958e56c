import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Observation, Progress } from '../clouds/gcp/cloud-object.ts';
import { requestIdOf } from '../clouds/gcp/request-id.ts';
import { isOurs } from './adoption.ts';
import type { GcpDeps } from './deps.ts';
import { apiOf, fail, failed, follow, lookedAt } from './outcome.ts';
import type { Stage } from './stage.ts';

/** How long an insert whose answer was lost can take to show its object, where it does not show at once. */
const appearsWithinMs = { atOnce: 10_000, later: 60_000 };
/** An operation that is still running after this long will not end; the object is deleted all the same. */
const stuckAfterMs = 15 * 60_000;

/**
 * Takes an object of ours one step towards not existing. It goes by the row alone, never by a spec. `gone` means that
 * Google said so, and that the row is dropped. The row's `ownerKey` is who is woken, which for a shared object may be
 * another one than who made it.
 */
export async function drop(deps: GcpDeps, row: CloudResource): Promise<Stage> {
  if (
    row.retryAt !== undefined &&
    row.retryAt.getTime() > Date.now() &&
    row.error !== undefined &&
    row.verb === 'delete'
  ) {
    return { at: 'failed', failure: row.error, retryAt: row.retryAt, row };
  }
  switch (row.state) {
    case 'gone':
      return forget(deps, row);
    case 'running': {
      const isStuck = Date.now() - row.plannedAt.getTime() > stuckAfterMs;
      return row.operation !== undefined && !isStuck ? { at: 'waiting', row } : remove(deps, row);
    }
    case 'ready':
      return remove(deps, row);
    case 'planned':
    case 'failed':
      return row.verb === 'delete' ? remove(deps, row) : inspect(deps, row);
  }
}

/** Whether a call that was planned or failed has left something, only Google knows. */
async function inspect(deps: GcpDeps, row: CloudResource): Promise<Stage> {
  const api = apiOf(row);
  let observed: Observation | undefined;
  try {
    observed = await api.get(deps.gcp, row);
  } catch (error) {
    return fail(deps, row, error);
  }
  if (observed !== undefined && isOurs(row, observed)) return remove(deps, row);
  const windowMs = api.visibleAtOnce ? appearsWithinMs.atOnce : appearsWithinMs.later;
  const ageMs = Date.now() - row.plannedAt.getTime();
  if (observed === undefined && row.state === 'planned' && ageMs < windowMs) {
    return failed(
      deps,
      row,
      { code: 'notYetVisible', class: 'transient', message: 'its insert may still be under way' },
      { unknown: true },
    );
  }
  // Nothing is there, or something that is not ours.
  return forget(deps, row);
}

async function remove(deps: GcpDeps, row: CloudResource): Promise<Stage> {
  const planned = row.verb === 'delete' && row.state === 'planned' ? row : await plan(deps, row);
  if (planned === undefined) return { at: 'waiting' };
  let progress: Progress;
  try {
    progress = await apiOf(row).remove(deps.gcp, row, planned.requestId);
  } catch (error) {
    return fail(deps, planned, error);
  }
  progress = await lookedAt(deps, planned, progress);
  if (!progress.done)
    return follow(deps, planned, progress.operation === undefined ? {} : { operation: progress.operation });
  if (progress.fault === undefined || progress.fault.class === 'notFound') return forget(deps, planned);
  return failed(deps, planned, progress.fault);
}

async function plan(deps: GcpDeps, row: CloudResource): Promise<CloudResource | undefined> {
  const plannedAt = new Date();
  const resource = `${row.type}/${row.account}/${row.scope}/${row.name}`;
  const requestId = requestIdOf({ resource, verb: 'delete', generation: 0, attempt: plannedAt.getTime() });
  const attempts = row.verb === 'delete' ? row.attempts : 0;
  return deps.cloudResources.plan({ ...row, verb: 'delete', requestId, plannedAt, attempts }, row.requestId);
}

async function forget(deps: GcpDeps, row: CloudResource): Promise<Stage> {
  await deps.cloudResources.forget(row.requestId);
  return { at: 'gone' };
}
