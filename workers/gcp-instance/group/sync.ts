import type { Instance, WorkloadDeployment } from '../../../kinds/generated/types.ts';
import { keyOf } from '../../../kinds/object.ts';
import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../../store/types.ts';
import type { CloudRef, Observation } from '../../clouds/gcp/cloud-object.ts';
import { targetSizeFact } from '../../clouds/gcp/groups/managers.ts';
import { type GroupView, readGroup, removeMembers, resizeGroup } from '../../clouds/gcp/groups/members.ts';
import { drop } from '../../gcp-objects/drop.ts';
import { perform } from '../../gcp-objects/perform.ts';
import type { Stage } from '../../gcp-objects/stage.ts';
import { type Limited, sortOut, unlessLimited } from '../../objects/quota.ts';
import { settleAll } from '../../objects/settle-all.ts';
import type { MachineDeps } from '../machine.ts';
import { createMember, groupInstances, removeMember, renewMember } from './member-instances.ts';
import { isShown, memberRow, outcomeOf } from './member-rows.ts';
import { type MemberGoal, memberSteps } from './member-steps.ts';

export interface SyncDeps extends MachineDeps {
  /** All machines of ours in a zone, by name; what was read a moment ago may be the answer. */
  machinesIn(account: string, scope: string): Promise<ReadonlyMap<string, Observation>>;
}

export interface SyncQuestion {
  readonly deployment: WorkloadDeployment;
  readonly manager: CloudResource;
  readonly goal: MemberGoal;
  /** Templates of the deployment in the cloud. */
  readonly templates: readonly CloudResource[];
}

export interface SyncAnswer {
  /** Nothing is under way in the group, and the instances are its machines. */
  readonly atRest: boolean;
  readonly limited: Limited | undefined;
  readonly stages: readonly Stage[];
}

/**
 * Brings the instances of a deployment and the machines of its group together, by all that there are of both. What it does
 * twice it does to the same machines, so that it can be interrupted anywhere. Throws GcpError.
 */
export async function syncGroup(
  deps: SyncDeps,
  context: RequestContext,
  { deployment, manager, goal, templates }: SyncQuestion,
): Promise<SyncAnswer> {
  const ref: CloudRef = { account: manager.account, scope: manager.scope, name: manager.name };
  const [view, listed] = await Promise.all([
    readGroup(deps.gcp, ref),
    deps.store.list(context, 'Instance', { owner: deployment.metadata.uid }),
  ]);
  if (view === undefined) {
    await deps.cloudResources.record(manager.requestId, { state: 'gone', verb: 'none' });
    return { atRest: false, limited: undefined, stages: [{ at: 'waiting' }] };
  }
  const present = groupInstances(listed.items);
  const steps = memberSteps(goal, view, present);
  await settleAll(steps.vanished.map(({ object }) => vanish(deps, context, object)));
  await settleAll(
    steps.renew.map(({ instance, templateHash }) =>
      renewMember(deps.store, context, deployment, instance.object, templateHash),
    ),
  );
  const { made, limited } = sortOut(
    await settleAll(
      steps.discover.map((member) =>
        unlessLimited(createMember(deps.store, context, deployment, member, goal.hashOf(member.template) ?? '')),
      ),
    ),
  );
  const gone = new Set(steps.vanished.map(({ object }) => object));
  const instances = [...present.map(({ object }) => object).filter((one) => !gone.has(one)), ...made];
  const areSettled = await showMembers(deps, context, { ref, view, instances, deployment });

  const stages = await act(deps, ref, manager, steps);
  const isCalm =
    view.atRest && areSettled && stages.length === 0 && steps.discover.length + steps.vanished.length === 0;
  if (isCalm) stages.push(...(await dropUnused(deps, view, templates)));
  if (stages.length === 0 && manager.facts[targetSizeFact] !== String(view.size)) {
    const facts = { [targetSizeFact]: String(view.size) };
    await deps.cloudResources.record(manager.requestId, { state: 'ready', verb: 'none', facts });
  }
  return { atRest: isCalm && stages.length === 0, limited, stages };
}

/** Takes machines out, or asks for more: one call at a time. */
async function act(
  deps: SyncDeps,
  ref: CloudRef,
  manager: CloudResource,
  { leave, grow }: Pick<ReturnType<typeof memberSteps>, 'leave' | 'grow'>,
): Promise<Stage[]> {
  if (leave.length > 0) {
    const urls = leave.map(({ url }) => url);
    return [await perform(deps, manager, (requestId) => removeMembers(deps.gcp, ref, urls, requestId))];
  }
  if (grow === undefined) return [];
  return [await perform(deps, manager, (requestId) => resizeGroup(deps.gcp, ref, grow, requestId))];
}

/** Templates that neither the group nor any of its machines needs any more. */
async function dropUnused(deps: SyncDeps, view: GroupView, templates: readonly CloudResource[]): Promise<Stage[]> {
  const needed = new Set([...view.templates, ...view.members.map(({ template }) => template)]);
  const stages = await settleAll(templates.filter(({ name }) => !needed.has(name)).map((row) => drop(deps, row)));
  return stages.filter(({ at }) => at !== 'gone');
}

/**
 * Notes what the machines of the instances are, and wakes whoever shows it. Answers whether all of them were seen at rest: what
 * is remembered of the zone's machines may be older than what the group says of them, and nobody else would look again.
 */
async function showMembers(
  deps: SyncDeps,
  context: RequestContext,
  group: {
    readonly ref: CloudRef;
    readonly view: GroupView;
    readonly instances: readonly Instance[];
    readonly deployment: WorkloadDeployment;
  },
): Promise<boolean> {
  const { ref, view, deployment } = group;
  const nowMs = (deps.now ?? Date.now)();
  const members = new Map(view.members.map((member) => [member.name, member]));
  const machines = view.members.some(({ exists }) => exists)
    ? await deps.machinesIn(ref.account, ref.scope)
    : new Map<string, Observation>();
  const rows = await deps.cloudResources.ofOwners(group.instances.map(({ metadata }) => metadata.uid));
  const byOwner = new Map(rows.map((row) => [row.ownerUid, row]));
  await settleAll(
    groupInstances(group.instances).map(async ({ object, machine }) => {
      const member = members.get(machine);
      if (member === undefined) return;
      const known =
        byOwner.get(object.metadata.uid) ??
        (await memberRow(deps, object, member, { ref, project: context.project, deployment }));
      if (known === undefined) return;
      const outcome = outcomeOf(known, member, machines.get(machine), nowMs);
      const row = outcome === undefined ? known : await deps.cloudResources.record(known.requestId, outcome);
      if (row === undefined || (outcome === undefined && isShown(object, row))) return;
      await deps.enqueue('gcp-instance', { project: context.project, ...keyOf(object) });
    }),
  );
  return view.members.every(({ name, exists }) => !exists || machines.get(name)?.settled === true);
}

/** The machine of an instance is gone: so is what was known of it, and the instance. */
export async function vanish(deps: MachineDeps, context: RequestContext, instance: Instance): Promise<void> {
  const rows = await deps.cloudResources.ofOwners([instance.metadata.uid]);
  await settleAll(rows.map((row) => deps.cloudResources.forget(row.requestId)));
  await removeMember(deps.store, context, instance);
}
