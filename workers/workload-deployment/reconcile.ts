import type { Instance, NetworkBinding, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { conditionOf, machineFailure, isTrue } from '../objects/condition.ts';
import { createOwned } from '../objects/create-owned.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { finalizers, holdObject, letGo } from '../objects/finalizers.ts';
import { instanceIndexLabel } from '../objects/labels.ts';
import { isDeleting } from '../objects/owner.ts';
import { isLimited, type Limited, quotaRetryMs, sortOut, unlessLimited } from '../objects/quota.ts';
import { settleAll } from '../objects/settle-all.ts';
import { wantedReplicas } from '../objects/wanted-replicas.ts';
import { writeStatus } from '../objects/status.ts';
import { templateHash } from '../objects/template-hash.ts';
import { workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { alignPower, isStoppedAsDeclared, misalignedPower } from './align-power.ts';
import { applyBindings } from './apply-bindings.ts';
import { bindingSteps } from './binding-steps.ts';
import { availability, countsOf } from './deployment-status.ts';
import { subnetClasses } from './claim-steps.ts';
import { instanceMode } from './instance-mode.ts';
import { instanceObject, isGated, type NewInstance, withoutGate } from './instance-object.ts';
import { instanceSteps, type InstanceSteps, keepsOldTemplate } from './instance-steps.ts';
import { oldTemplate } from '../objects/old-template.ts';
import { type RolloutState, rolloutState, type RolloutView } from './rollout-state.ts';
import { rolloutOf } from '../objects/rollout.ts';
import { type Deps, settleNetworks } from './settle-networks.ts';
import { isScheduled, name, watches } from './watches.ts';

/** Brings the networks to a scheduled deployment's location and keeps its instances as they are asked for. */
export function controller(deps: Deps, { now = Date.now }: { readonly now?: () => number } = {}): Controller {
  return {
    name,
    kind: 'WorkloadDeployment',
    concerns: isScheduled,
    watches,
    writes: [
      'WorkloadDeployment.status.replicas',
      'WorkloadDeployment.status.currentReplicas',
      'WorkloadDeployment.status.desiredReplicas',
      'WorkloadDeployment.status.readyReplicas',
      'WorkloadDeployment.status.conditions[Available:ProvisioningNetwork]',
      'WorkloadDeployment.status.conditions[Available:ProvisioningInstances]',
      'WorkloadDeployment.status.conditions[Available:StableInstanceFound]',
      'WorkloadDeployment.status.conditions[Available:QuotaExceeded]',
      'WorkloadDeployment.status.conditions[Progressing]',
      'WorkloadDeployment.status.currentTemplateHash',
      'WorkloadDeployment.status.updateTemplateHash',
      'WorkloadDeployment.status.instanceMode',
    ],
    reconcile: (key) => reconcile(deps, key, now()),
  };
}

/** An instance with what the choice of steps looks at. */
interface Candidate extends RolloutView {
  readonly object: Instance;
}

async function reconcile(deps: Deps, key: ReconcileKey, nowMs: number): Promise<Outcome> {
  const { store } = deps;
  const context = workerContext(name, key);
  const found = await store.get(context, 'WorkloadDeployment', key);
  if (found === undefined) return done;
  const owner = found.metadata.uid;
  if (isDeleting(found)) return tearDown(store, context, found);
  if (found.status?.location === undefined) return done;
  const deployment = await holdObject(store, context, 'WorkloadDeployment', found, finalizers.workloadDeployment);
  const [instances, bindings] = await Promise.all([
    store.list(context, 'Instance', { owner }),
    store.list(context, 'NetworkBinding', { owner }),
  ]);

  const hash = templateHash(deployment.spec.template);
  const { instanceManagementPolicy: policy } = deployment.spec.scaleSettings;
  const replicas = wantedReplicas(deployment);
  const mode = await instanceMode(store, context, deployment, instances.items);
  const candidates = mode === 'Group' ? groupCandidates(instances.items, hash) : instances.items.map(candidateOf);
  const currentHash = deployment.status?.currentTemplateHash ?? hash;
  const rollout = rolloutOf(deployment.spec.updateStrategy, replicas);
  const goal = { replicas, templateHash: hash, currentHash, policy, rollout };
  const state = rolloutState(goal, candidates, {
    nowMs,
    wasRolledOut: conditionOf(deployment, 'Progressing') !== undefined,
  });
  // The instances of a group come and go as the cloud makes their machines.
  const steps =
    mode === 'Group' ? { create: [], remove: [] } : instanceSteps({ ...goal, paused: state.paused }, candidates);
  const isOld = steps.create.some((ordinal) => keepsOldTemplate(goal, ordinal));
  const old = isOld ? await oldTemplate(store, context, deployment, currentHash) : undefined;

  const current = await unlessLimited(
    applyBindings(store, context, deployment, bindingSteps(deployment, bindings.items, instances.items)),
  );
  const gated = instances.items.filter((instance) => isGated(instance) && !isDeleting(instance));
  const exhausted = instances.items.some(lacksAddress);
  const isComing = mode === 'Group' && candidates.length < replicas;
  const needsNetwork = gated.length > 0 || steps.create.length > 0 || exhausted || isComing;
  const network = isLimited(current)
    ? current
    : await unlessLimited(
        settle(deps, context, current, { needsNetwork, exhausted, subnetClass: subnetClasses[mode] }),
      );
  const waitingFor = isLimited(network) ? network.exceeded : network.waitingFor;

  const open =
    waitingFor === undefined ? gated.filter((instance) => !steps.remove.some(({ object }) => object === instance)) : [];
  const misaligned = misalignedPower(deployment, instances.items);
  if (misaligned.length > 0) await alignPower(store, context, deployment, misaligned);
  const { left, limited } = await act(store, context, deployment, {
    templateOf: (ordinal) =>
      old !== undefined && keepsOldTemplate(goal, ordinal)
        ? { template: old, templateHash: currentHash }
        : { template: deployment.spec.template, templateHash: hash },
    gated: waitingFor !== undefined,
    steps,
    open,
    instances: instances.items,
  });
  const counts = countsOf(replicas, hash, left);
  const refused = isLimited(network) ? network : limited;
  await writeStatus(store, context, 'WorkloadDeployment', deployment, {
    verdicts: [
      availability(counts, left, { waitingFor, refused }),
      ...(state.progressing === undefined ? [] : [state.progressing]),
    ],
    fields: {
      ...counts,
      currentTemplateHash: state.complete ? hash : currentHash,
      updateTemplateHash: hash,
      instanceMode: mode,
    },
  });
  if (refused !== undefined) return againAfter(quotaRetryMs);
  // What the rollout added goes once it is complete, which nothing else announces.
  return state.complete && currentHash !== hash ? againAfter(0) : nextLook(state, nowMs);
}

/** A rollout is looked at again when an instance will have taken too long. */
function nextLook({ deadlineMs }: RolloutState, nowMs: number): Outcome {
  return deadlineMs === undefined ? done : againAfter(deadlineMs - nowMs);
}

/** What the networks lack, where instances need them. */
async function settle(
  deps: Deps,
  context: RequestContext,
  bindings: readonly (NetworkBinding | undefined)[],
  { needsNetwork, ...how }: { readonly needsNetwork: boolean } & Parameters<typeof settleNetworks>[3],
): Promise<{ readonly waitingFor: string | undefined }> {
  return { waitingFor: needsNetwork ? await settleNetworks(deps, context, bindings, how) : undefined };
}

/** A deployment goes after its instances. */
async function tearDown(store: Store, context: RequestContext, deployment: WorkloadDeployment): Promise<Outcome> {
  const { items } = await store.list(context, 'Instance', { owner: deployment.metadata.uid });
  if (items.length === 0) await letGo(store, context, 'WorkloadDeployment', deployment, finalizers.workloadDeployment);
  await settleAll(items.filter((one) => !isDeleting(one)).map((one) => deleteExisting(store, context, one)));
  return done;
}

interface Work {
  templateOf(ordinal: number): Pick<NewInstance, 'template' | 'templateHash'>;
  /** Whether new instances have to wait for the network. */
  readonly gated: boolean;
  readonly steps: InstanceSteps<Candidate>;
  /** Instances whose gate falls. */
  readonly open: readonly Instance[];
  readonly instances: readonly Instance[];
}

/** Deletes, opens and creates instances, all at the same time; answers those that there are then, and which limit was met. */
async function act(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  work: Work,
): Promise<{ readonly left: Instance[]; readonly limited: Limited | undefined }> {
  const removed = new Set(work.steps.remove.map(({ object }) => object));
  const { namespace } = keyOf(deployment);
  const [, , created] = await Promise.all([
    settleAll([...removed].map((instance) => deleteExisting(store, context, instance))),
    settleAll(
      work.open.map((instance) =>
        store.update(context, 'Instance', keyOf(instance), withoutGate, {
          uid: instance.metadata.uid,
          startFrom: instance,
        }),
      ),
    ),
    settleAll(
      work.steps.create.map((ordinal) =>
        unlessLimited(
          createOwned(store, context, 'Instance', {
            fullName: `${deployment.metadata.name}-${ordinal}`,
            owner: deployment,
            object: instanceObject(deployment, {
              namespace,
              ordinal,
              ...work.templateOf(ordinal),
              gated: work.gated,
            }),
          }),
        ),
      ),
    ),
  ]);
  const { made, limited } = sortOut(created);
  return { left: [...work.instances.filter((instance) => !removed.has(instance)), ...made], limited };
}

function candidateOf(object: Instance): Candidate {
  const { name: instanceName, labels, creationTimestamp } = object.metadata;
  const index = labels?.[instanceIndexLabel] ?? '';
  return {
    object,
    name: instanceName,
    ordinal: /^\d+$/.test(index) ? Number(index) : undefined,
    templateHash: object.spec.controller?.templateHash,
    ready: isTrue(object, 'Ready') || isStoppedAsDeclared(object),
    deleting: isDeleting(object),
    creationTimestamp,
    failure: machineFailure(object),
    unreadySinceMs: Math.max(
      Date.parse(creationTimestamp),
      Date.parse(conditionOf(object, 'Ready')?.lastTransitionTime ?? creationTimestamp),
    ),
  };
}

/** The instances of a group have no ordinals: those with an old template count as the lowest. */
function groupCandidates(instances: readonly Instance[], hash: string): Candidate[] {
  const isNew = ({ templateHash: one }: Candidate): number => Number(one === hash);
  return instances
    .filter((one) => !isDeleting(one))
    .map(candidateOf)
    .toSorted((a, b) => isNew(a) - isNew(b))
    .map((one, ordinal) => ({ ...one, ordinal }));
}

/** The provider found no address for the instance in any subnet of its network. */
function lacksAddress(instance: Instance): boolean {
  return conditionOf(instance, 'Programmed')?.reason === 'RangeExhausted';
}
