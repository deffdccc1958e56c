import type { Instance } from '../../../kinds/generated/types.ts';
import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../../store/types.ts';
import { setPolicyTags } from '../../clouds/gcp/groups/member-tags.ts';
import { policyTagsFact } from '../../gcp-objects/firewalls/world.ts';
import { perform } from '../../gcp-objects/perform.ts';
import type { Stage } from '../../gcp-objects/stage.ts';
import type { MachineDeps } from '../machine.ts';
import type { Missing } from '../plan.ts';

/** Where the machine of an instance of a group is, or what keeps it from counting as made; undefined while nothing is known. */
export async function memberStage(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
): Promise<Stage | Missing | undefined> {
  const [row] = await deps.cloudResources.ofOwners([instance.metadata.uid]);
  if (row === undefined) return undefined;
  if (row.state === 'failed' && row.error !== undefined && row.retryAt !== undefined)
    return { at: 'failed', failure: row.error, retryAt: row.retryAt, row };
  const isBeingTagged = row.state === 'running' && row.verb === 'patch';
  if (row.state !== 'ready' && !isBeingTagged) return { at: 'waiting', row };
  const { tags, pending } = await deps.policies.tagsOf(context, instance, row.account);
  const tagged = isBeingTagged || pending.length > 0 ? row : await tag(deps, row, tags);
  // Once it has had its policies' tags, it keeps them until the rules of others are in force.
  if (tagged.facts[policyTagsFact] === undefined)
    return {
      reason: 'ProgrammingInProgress',
      message: 'Waiting for the rules of the policies that select the instance',
    };
  return { at: 'ready', row: { ...tagged, state: 'ready', verb: 'none' } };
}

/** Sees to it that the machine carries the tags of its policies; answers what is known of it then. */
async function tag(deps: MachineDeps, row: CloudResource, tags: readonly string[]): Promise<CloudResource> {
  if (row.facts[policyTagsFact] === tags.join()) return row;
  const isUntouched = row.facts[policyTagsFact] === undefined && tags.length === 0;
  const stage: Stage = isUntouched
    ? { at: 'ready', row }
    : await perform(deps, row, (requestId) => setPolicyTags(deps.gcp, row, tags, requestId));
  if (stage.at !== 'ready') return row;
  const facts = { [policyTagsFact]: tags.join() };
  const written = await deps.cloudResources.record(stage.row.requestId, { state: 'ready', verb: 'none', facts });
  return written ?? row;
}
