import type { Instance, WorkloadDeployment } from '../../../kinds/generated/types.ts';
import { isPaused } from '../../../kinds/provider-annotations.ts';
import type { Key } from '../../../kinds/object.ts';
import type { CloudResource } from '../../../store/cloud-resources.types.ts';
import type { Change, RequestContext } from '../../../store/types.ts';
import type { Observation } from '../../clouds/gcp/cloud-object.ts';
import { isGcpError } from '../../clouds/gcp/errors.ts';
import { instances as machines } from '../../clouds/gcp/instances.ts';
import { drop } from '../../gcp-objects/drop.ts';
import { ensure } from '../../gcp-objects/ensure.ts';
import { isBy } from '../../gcp-objects/is-by.ts';
import { describe, reasonOf } from '../../gcp-objects/reasons.ts';
import { release } from '../../gcp-objects/release.ts';
import { retryInMs, type Stage } from '../../gcp-objects/stage.ts';
import type { Verdict } from '../../objects/condition.ts';
import { finalizers, hasFinalizer, holdObject, letGo } from '../../objects/finalizers.ts';
import { groupMachineLabel } from '../../objects/labels.ts';
import { controllerOf, isDeleting } from '../../objects/owner.ts';
import { quotaRetryMs } from '../../objects/quota.ts';
import { settleAll } from '../../objects/settle-all.ts';
import { writeStatus } from '../../objects/status.ts';
import { templateHash } from '../../objects/template-hash.ts';
import { followsMetrics, wantedReplicas } from '../../objects/wanted-replicas.ts';
import { workerContext } from '../../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../../runtime/controller.ts';
import type { MachineDeps } from '../machine.ts';
import type { Missing } from '../plan.ts';
import { type SyncDeps, syncGroup, vanish } from './sync.ts';
import { templateHashFact, wantedTemplate } from './template.ts';
import { wantedAutoscaler, wantedManager } from './wanted.ts';

const name = 'gcp-group';
/** How often a group is looked at while its machines come and go: no operation tells of them. */
const underWayPeriodMs = 1_000;
/** How often the size of a group is looked at that the cloud scales. */
const scaledPeriodMs = 60_000;
/** For how long the machines of a zone are remembered, so that its groups share one call. */
const machinesKeptMs = 500;

/** The machines of a deployment as a group that Google manages, and the instances that stand for them. */
export function groupController(machineDeps: MachineDeps): Controller {
  const deps: SyncDeps = { ...machineDeps, controller: name, machinesIn: machinesReader(machineDeps) };
  const isNews = newsWatch();
  return {
    name,
    kind: 'WorkloadDeployment',
    concerns: isNews,
    watches: [{ kind: 'Instance', via: 'map', map: deploymentOfLeaving }],
    writes: ['WorkloadDeployment.status.conditions[GroupProgrammed]'],
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: SyncDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const deployment: WorkloadDeployment | undefined = await deps.store.get(context, 'WorkloadDeployment', key);
  if (deployment === undefined || deployment.status?.instanceMode !== 'Group' || isPaused(deployment)) return done;
  const { uid } = deployment.metadata;
  const rows = await deps.cloudResources.ofOwners([uid, deployment.spec.workloadRef.uid]);
  const own = rows.filter(({ ownerUid }) => ownerUid === uid);
  if (isDeleting(deployment)) return tearDown(deps, context, deployment, own);
  const { location } = deployment.status;
  const place = location && (await deps.surroundings.place(context, location));
  if (place === undefined) return done;

  const held = await holdObject(deps.store, context, 'WorkloadDeployment', deployment, finalizers.group);
  const hash = templateHash(held.spec.template);
  const template = await wantedTemplate(deps, context, held, { place, rows, templateHash: hash });
  const manager = own.find(({ type }) => type === 'compute.instanceGroupManagers');
  if ('reason' in template) {
    await show(deps, context, held, missing(template));
    return againAfter(underWayPeriodMs);
  }
  const made = await ensure(deps, template, find(own, template));
  if (made.at !== 'ready') return say(deps, context, held, [made]);
  const wanted = wantedManager(held, template.name, { place, rows: own, project: key.project });
  const group = await ensure(deps, wanted, manager);
  if (group.at !== 'ready') return say(deps, context, held, [group]);
  const scaler = wantedAutoscaler(held, wanted);
  const scaled = own.filter(({ type }) => type === 'compute.autoscalers');
  const scaling = scaler
    ? [await ensure(deps, scaler, find(own, scaler))]
    : (await settleAll(scaled.map((row) => drop(deps, row)))).filter(({ at }) => at !== 'gone');
  if (scaling.some(({ at }) => at !== 'ready')) return say(deps, context, held, scaling);

  try {
    const hashes = new Map([...own, made.row].map((row) => [row.name, row.facts[templateHashFact]]));
    const answer = await syncGroup(deps, context, {
      deployment: held,
      manager: group.row,
      goal: {
        size: scaler === undefined ? wantedReplicas(held) : undefined,
        template: template.name,
        hashOf: (one) => hashes.get(one),
      },
      templates: own.filter(({ type }) => type === 'compute.instanceTemplates'),
    });
    if (answer.stages.length > 0) return await say(deps, context, held, answer.stages);
    const { limited } = answer;
    const verdict = limited && { ...inProgress(limited.exceeded), reason: 'QuotaExceeded' };
    await show(deps, context, held, verdict ?? unsupported(held) ?? programmed(group.row));
    if (limited !== undefined) return againAfter(quotaRetryMs);
    if (!answer.atRest) return againAfter(underWayPeriodMs);
    return followsMetrics(held) ? againAfter(scaledPeriodMs) : done;
  } catch (error) {
    if (!isGcpError(error)) throw error;
    return againAfter(error.retryAfterMs ?? underWayPeriodMs);
  }
}

/** Autoscaler, group with its machines, templates; then the instances go, and the deployment. */
async function tearDown(
  deps: SyncDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  rows: readonly CloudResource[],
): Promise<Outcome> {
  if (!hasFinalizer(deployment, finalizers.group)) return done;
  for (const type of ['compute.autoscalers', 'compute.instanceGroupManagers', 'compute.instanceTemplates']) {
    const stages = await settleAll(
      rows.filter((row) => row.type === type).map((row) => release(deps, deployment, row)),
    );
    if (stages.some(({ at }) => at !== 'gone')) return say(deps, context, deployment, stages);
  }
  const { items } = await deps.store.list(context, 'Instance', { owner: deployment.metadata.uid });
  await settleAll(items.filter(isMember).map((instance) => vanish(deps, context, instance)));
  await letGo(deps.store, context, 'WorkloadDeployment', deployment, finalizers.group);
  return done;
}

/** Shows what is under way or went wrong, and looks again when it is time. */
async function say(
  deps: SyncDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  stages: readonly Stage[],
): Promise<Outcome> {
  const failure = stages.find((stage) => stage.at === 'failed');
  await show(
    deps,
    context,
    deployment,
    failure === undefined
      ? inProgress('The group is being brought to what is wanted')
      : {
          ...inProgress(describe(failure)),
          reason: reasonOf(failure.failure) ?? 'ProgrammingInProgress',
        },
  );
  const afterMs = retryInMs(stages);
  // What runs wakes the group when it ends; what ended at once has to be looked at.
  if (afterMs !== undefined) return againAfter(afterMs);
  return stages.some(({ at }) => at === 'ready') ? againAfter(underWayPeriodMs) : done;
}

function show(
  deps: SyncDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  verdict: Verdict,
): Promise<WorkloadDeployment> {
  return writeStatus(deps.store, context, 'WorkloadDeployment', deployment, { verdicts: [verdict] });
}

function inProgress(message: string): Verdict {
  return { type: 'GroupProgrammed', status: 'False', reason: 'ProgrammingInProgress', message };
}

function missing({ reason, message }: Missing): Verdict {
  return { ...inProgress(message), reason };
}

/** A group keeps its machines running: it would make others of those that somebody stops. */
function unsupported({ spec }: WorkloadDeployment): Verdict | undefined {
  const { powerState = 'Running', restartedAt } = spec.template.spec;
  const field = powerState !== 'Running' ? 'powerState' : restartedAt === undefined ? undefined : 'restartedAt';
  if (field === undefined) return undefined;
  const message = `Machines of a group always run: spec.template.spec.${field} is not followed`;
  return { ...inProgress(message), reason: 'UnsupportedInGroup' };
}

function programmed({ name: group, account }: CloudResource): Verdict {
  const message = `Group ${group} in project ${account} makes the machines`;
  return { type: 'GroupProgrammed', status: 'True', reason: 'Programmed', message };
}

function find(rows: readonly CloudResource[], wanted: { readonly type: string; readonly name: string }) {
  return rows.find(({ type, name: one }) => type === wanted.type && one === wanted.name);
}

function isMember({ metadata }: Instance): boolean {
  return metadata.labels?.[groupMachineLabel] !== undefined;
}

/** An instance of a group matters when somebody deletes it, and when it is gone without that the group let it go. */
function deploymentOfLeaving(change: Change): Key[] {
  const instance = change.object as Instance;
  const owner = controllerOf(instance);
  if (!isMember(instance) || owner?.kind !== 'WorkloadDeployment' || isBy(change, name)) return [];
  return change.type === 'DELETED' || isDeleting(instance)
    ? [{ namespace: change.key.namespace, name: owner.name }]
    : [];
}

/** Deployments of which it is remembered what was looked at last. */
const maxRemembered = 10_000;

/** Tells changes of deployments that a group follows from the many in which only numbers of instances change. */
function newsWatch(): (change: Change) => boolean {
  const seen = new Map<string, string>();
  return (change) => {
    const { metadata, spec, status } = change.object as WorkloadDeployment;
    if (change.type === 'DELETED') seen.delete(metadata.uid);
    if (change.type === 'DELETED' || status?.instanceMode !== 'Group' || isBy(change, name)) return false;
    const looked = [
      metadata.generation,
      metadata.deletionTimestamp,
      status.currentTemplateHash,
      metadata.annotations,
      wantedReplicas({ ...(change.object as WorkloadDeployment), spec }),
    ];
    const text = JSON.stringify(looked);
    if (seen.get(metadata.uid) === text) return false;
    if (seen.size > maxRemembered) seen.clear();
    seen.set(metadata.uid, text);
    return true;
  };
}

function machinesReader({ gcp }: MachineDeps): SyncDeps['machinesIn'] {
  const known = new Map<string, { readonly untilMs: number; readonly found: Promise<Map<string, Observation>> }>();
  return (account, scope) => {
    const at = `${account}/${scope}`;
    const entry = known.get(at);
    if (entry !== undefined && entry.untilMs > Date.now()) return entry.found;
    const found = machines.list?.(gcp, account, scope) ?? Promise.resolve(new Map<string, Observation>());
    known.set(at, { untilMs: Date.now() + machinesKeptMs, found });
    found.catch(() => known.delete(at));
    return found;
  };
}
