import { isDeepStrictEqual } from 'node:util';
import type { Instance, WorkloadDeployment } from '../../../kinds/generated/types.ts';
import { keyOf } from '../../../kinds/object.ts';
import type { CloudOutcome, CloudResource } from '../../../store/cloud-resources.types.ts';
import type { CloudRef, Observation } from '../../clouds/gcp/cloud-object.ts';
import type { Member } from '../../clouds/gcp/groups/members.ts';
import { requestIdOf } from '../../clouds/gcp/request-id.ts';
import { policyTagsFact } from '../../gcp-objects/firewalls/world.ts';
import type { GcpDeps } from '../../gcp-objects/deps.ts';
import { conditionOf } from '../../objects/condition.ts';
import { addressesIn, interfaceStatus, machineVerdicts } from '../plan.ts';

/** How long a failure of a machine that a group makes by itself is shown before it is looked at again. */
const failureShownMs = 60_000;

/** What is known of the machine of an instance; the poller compares it with the cloud from then on, and wakes the group. */
export async function memberRow(
  deps: Pick<GcpDeps, 'cloudResources'>,
  instance: Instance,
  member: Member,
  group: { readonly ref: CloudRef; readonly project: string; readonly deployment: WorkloadDeployment },
): Promise<CloudResource | undefined> {
  const { ref, project, deployment } = group;
  const { uid } = instance.metadata;
  const plannedAt = new Date();
  const requestId = requestIdOf({ resource: `group-machine/${uid}`, verb: 'insert', generation: 0, attempt: 0 });
  return deps.cloudResources.plan({
    cloud: 'gcp',
    project,
    account: ref.account,
    scope: ref.scope,
    type: 'compute.instances',
    name: member.name,
    ownerKind: 'Instance',
    ownerUid: uid,
    ownerKey: keyOf(deployment),
    controller: 'gcp-group',
    verb: 'insert',
    requestId,
    plannedAt,
    attempts: 0,
    facts: {},
  });
}

/** What a look at a machine says about its row; undefined where that is known already. */
export function outcomeOf(
  row: CloudResource,
  member: Member,
  observed: Observation | undefined,
  nowMs: number,
): CloudOutcome | undefined {
  // Its tags are being set, which the poller follows.
  if (row.verb === 'patch' && row.state === 'running') return undefined;
  if (member.exists && observed !== undefined) {
    const { targetId } = observed;
    // A machine that was made anew under its name has the tags of its template only.
    const isAnew = row.targetId !== undefined && row.targetId !== targetId;
    const facts = isAnew ? { ...observed.facts, [policyTagsFact]: '' } : observed.facts;
    const isKnown = Object.entries(facts).every(([name, value]) => row.facts[name] === value);
    if (row.state === 'ready' && row.targetId === targetId && isKnown) return undefined;
    return { state: 'ready', verb: 'none', attempts: 0, targetId, facts };
  }
  if (member.exists) return undefined;
  if (member.fault === undefined) return row.state === 'planned' ? undefined : { state: 'planned', verb: 'insert' };
  if (row.state === 'failed' && isDeepStrictEqual(row.error, member.fault)) return undefined;
  return { state: 'failed', verb: 'insert', error: member.fault, retryAt: new Date(nowMs + failureShownMs) };
}

/** Whether an instance shows what is known of its machine. */
export function isShown(instance: Instance, row: CloudResource): boolean {
  if (row.state !== 'ready') return conditionOf(instance, 'Programmed')?.status === 'False' && row.state !== 'failed';
  const addresses = addressesIn(row, instance.spec.networkInterfaces.length);
  const isSame = (type: string): boolean => {
    const wanted = machineVerdicts({ at: 'ready', row }).find((verdict) => verdict.type === type);
    const shown = conditionOf(instance, type);
    return shown?.status === wanted?.status && shown?.reason === wanted?.reason;
  };
  return (
    isSame('Programmed') &&
    isSame('Running') &&
    isDeepStrictEqual(instance.status?.networkInterfaces ?? [], interfaceStatus(addresses, row))
  );
}
