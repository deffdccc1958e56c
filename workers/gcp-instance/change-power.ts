import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { changePower } from '../clouds/gcp/power.ts';
import { requestIdOf } from '../clouds/gcp/request-id.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { fail, failed, follow, lookedAt } from '../gcp-objects/outcome.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import type { PowerVerb } from './power.ts';

/**
 * Brings a machine that is as wanted to another power state; `facts` are written down once Google has taken the call, so
 * that a restart is not forgotten, and at worst done twice.
 */
export async function movePower(
  deps: GcpDeps,
  row: CloudResource,
  verb: PowerVerb,
  facts: Readonly<Record<string, string>>,
): Promise<Stage> {
  const plannedAt = new Date();
  const resource = `${row.type}/${row.account}/${row.scope}/${row.name}`;
  const requestId = requestIdOf({ resource, verb, generation: 0, attempt: plannedAt.getTime() });
  const planned = await deps.cloudResources.plan({ ...row, verb: 'patch', requestId, plannedAt }, row.requestId);
  if (planned === undefined) return { at: 'waiting' };
  try {
    const sent = await changePower(deps.gcp, planned, verb, requestId);
    const { done, operation, fault } = await lookedAt(deps, planned, sent);
    if (fault !== undefined) return await failed(deps, planned, fault);
    return await follow(deps, planned, {
      facts,
      ...(done ? { verb: 'none' as const } : {}),
      ...(done || operation === undefined ? {} : { operation }),
    });
  } catch (error) {
    return fail(deps, planned, error);
  }
}
