import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Progress } from '../clouds/gcp/cloud-object.ts';
import { requestIdOf } from '../clouds/gcp/request-id.ts';
import type { GcpDeps } from './deps.ts';
import { fail, failed, follow, lookedAt } from './outcome.ts';
import type { Stage } from './stage.ts';

/**
 * Does something to an object that is there, other than changing what it was made from: written down before, followed by the
 * poller after. What is not known to have been done after a crash is decided anew from what is found.
 */
export async function perform(
  deps: GcpDeps,
  row: CloudResource,
  call: (requestId: string) => Promise<Progress>,
): Promise<Stage> {
  const plannedAt = new Date();
  const resource = `${row.type}/${row.account}/${row.scope}/${row.name}`;
  const requestId = requestIdOf({ resource, verb: 'patch', generation: 0, attempt: plannedAt.getTime() });
  const planned = await deps.cloudResources.plan({ ...row, verb: 'patch', requestId, plannedAt }, row.requestId);
  if (planned === undefined) return { at: 'waiting' };
  try {
    const { done, operation, fault } = await lookedAt(deps, planned, await call(requestId));
    if (!done) return await follow(deps, planned, operation === undefined ? {} : { operation });
    if (fault !== undefined) return await failed(deps, planned, fault);
  } catch (error) {
    return fail(deps, planned, error);
  }
  const written = await deps.cloudResources.record(requestId, { state: 'ready', verb: 'none', attempts: 0 });
  return written === undefined ? { at: 'waiting' } : { at: 'ready', row: written };
}
