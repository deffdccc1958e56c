import { deletionPolicyOf } from '../../kinds/provider-annotations.ts';
import type { Resource } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { GcpDeps } from './deps.ts';
import { drop } from './drop.ts';
import type { Stage } from './stage.ts';

/** Fact of an object in the cloud that its owner left behind on purpose. */
export const abandonedFact = 'abandoned';

/** Whether the owner of objects in the cloud leaves them there when it goes. */
export function isAbandoning(owner: Pick<Resource, 'metadata'>): boolean {
  return deletionPolicyOf(owner) === 'Abandon';
}

/**
 * Takes an object in the cloud one step towards not being ours any more: deletes it, or leaves it where the owner says so.
 * The row of what is left stays, so that nobody takes it for an orphan.
 */
export async function release(deps: GcpDeps, owner: Pick<Resource, 'metadata'>, row: CloudResource): Promise<Stage> {
  if (!isAbandoning(owner) || row.state === 'planned') return drop(deps, row);
  await deps.cloudResources.record(row.requestId, { state: 'ready', verb: 'none', facts: { [abandonedFact]: 'true' } });
  return { at: 'gone' };
}
