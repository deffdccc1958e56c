import type { Location, Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { isTrue } from '../objects/condition.ts';
import { createOwned } from '../objects/create-owned.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { finalizers, holdObject, letGo } from '../objects/finalizers.ts';
import { workloadUidLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { type Limited, quotaRetryMs, quotaVerdict, sortOut, unlessLimited } from '../objects/quota.ts';
import { settleAll } from '../objects/settle-all.ts';
import { withVerdicts, writeStatus } from '../objects/status.ts';
import { isByController, madeByUsers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import {
  citiesOf,
  deploymentName,
  deploymentObject,
  deploymentSpec,
  type DeploymentSteps,
  deploymentSteps,
  isComplete,
  networksOf,
} from './plan.ts';
import { type RevisionNames, rollBack, settleRevisions } from './settle-revisions.ts';
import { workloadState, type WorkloadState } from './workload-status.ts';

const name = 'workload';

/** Makes a deployment per city of each placement, and shows what has become of them. */
export function controller({ store }: { readonly store: Store }): Controller {
  return {
    name,
    kind: 'Workload',
    concerns: madeByUsers,
    watches: [
      { kind: 'WorkloadDeployment', via: 'map', map: workloadOfDeployment },
      { kind: 'Network', via: 'map', map: workloadsOfNetwork },
      { kind: 'Location', via: 'map', map: workloadsOfCity },
    ],
    writes: [
      'Workload.status.conditions[Available]',
      'Workload.status.deployments',
      'Workload.status.replicas',
      'Workload.status.currentReplicas',
      'Workload.status.desiredReplicas',
      'Workload.status.readyReplicas',
      'Workload.status.placements',
      'Workload.status.conditions[Progressing]',
      'Workload.status.currentRevision',
      'Workload.status.updateRevision',
    ],
    reconcile: (key) => reconcile(store, key),
  };
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const found = await store.get(context, 'Workload', key);
  if (found === undefined) return done;
  const owned = await store.list(context, 'WorkloadDeployment', { owner: found.metadata.uid });
  if (isDeleting(found)) return tearDown(store, context, found, owned.items);

  const workload = await holdObject(store, context, 'Workload', found, finalizers.workload);
  if (await rollBack(store, context, workload)) return done;
  const revisions = await settleRevisions(store, context, workload, owned.items);
  const locations = isComplete(workload, owned.items) ? [] : (await store.list(context, 'Location')).items;
  const steps = deploymentSteps(workload, owned.items, citiesOf(locations));
  // What has instances that are ready has its networks: a network that is used stays.
  const isSettled =
    steps.create.length + steps.update.length === 0 && owned.items.some((one) => isTrue(one, 'Available'));
  const missing = isSettled ? [] : await missingNetworks(store, context, workload);
  const { deployments, limited } = await act(
    store,
    context,
    workload,
    owned.items,
    missing.length > 0 ? { ...steps, create: [], update: [] } : steps,
  );
  const state = workloadState(workload, deployments, missing, steps.homeless);
  const isShort = limited !== undefined && state.available.status !== 'True';
  const available = isShort ? quotaVerdict('Available', limited) : state.available;
  await write(store, context, workload, { ...state, ...revisions, available });
  return limited === undefined ? done : againAfter(quotaRetryMs);
}

async function tearDown(
  store: Store,
  context: RequestContext,
  workload: Workload,
  deployments: readonly WorkloadDeployment[],
): Promise<Outcome> {
  if (deployments.length === 0) await letGo(store, context, 'Workload', workload, finalizers.workload);
  await settleAll(deployments.filter((one) => !isDeleting(one)).map((one) => deleteExisting(store, context, one)));
  return done;
}

/** Networks that the template names and that do not exist, by name, with the namespace where it is another. */
async function missingNetworks(store: Store, context: RequestContext, workload: Workload): Promise<string[]> {
  const keys = networksOf(workload);
  const networks = await store.getMany(context, 'Network', keys);
  const names = keys.map(({ namespace, name: network }) =>
    namespace === workload.metadata.namespace ? network : `${namespace}/${network}`,
  );
  return names.filter((_, index) => networks[index] === undefined);
}

/** Carries out the steps and answers the deployments that there are then, and which limit was met, if any. */
async function act(
  store: Store,
  context: RequestContext,
  workload: Workload,
  present: readonly WorkloadDeployment[],
  { create, update, remove }: DeploymentSteps,
): Promise<{ readonly deployments: WorkloadDeployment[]; readonly limited: Limited | undefined }> {
  await settleAll(remove.map((one) => deleteExisting(store, context, one)));
  const updated = await settleAll(update.map((one) => refresh(store, context, workload, one)));
  const created = await settleAll(
    create.map((wish) =>
      unlessLimited(
        createOwned(store, context, 'WorkloadDeployment', {
          fullName: deploymentName(workload, wish),
          owner: workload,
          object: deploymentObject(workload, wish),
        }),
      ),
    ),
  );
  const changed = new Set<WorkloadDeployment>([...remove, ...update]);
  const { made, limited } = sortOut(created);
  const kept = present.filter((one) => !changed.has(one) && !isDeleting(one));
  return { deployments: [...kept, ...updated, ...made], limited };
}

/** Makes an existing deployment as its workload is now. */
async function refresh(
  store: Store,
  context: RequestContext,
  workload: Workload,
  deployment: WorkloadDeployment,
): Promise<WorkloadDeployment> {
  const { uid } = deployment.metadata;
  const { object } = await store.update(
    context,
    'WorkloadDeployment',
    keyOf(deployment),
    ({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, labels: { ...metadata.labels, [workloadUidLabel]: workload.metadata.uid } },
      spec: deploymentSpec(workload, rest.spec),
    }),
    { uid },
  );
  return object;
}

async function write(
  store: Store,
  context: RequestContext,
  workload: Workload,
  state: WorkloadState & RevisionNames,
): Promise<void> {
  const { available, progressing, placements, ...fields } = state;
  const shown = new Map(workload.status?.placements?.map((placement) => [placement.name, placement.conditions ?? []]));
  await writeStatus(store, context, 'Workload', workload, {
    verdicts: [available, ...(progressing ? [progressing] : [])],
    fields: {
      ...fields,
      placements: placements.map(({ available: verdict, ...placement }) => ({
        ...placement,
        conditions: withVerdicts(shown.get(placement.name) ?? [], [verdict], {
          observedGeneration: workload.metadata.generation,
        }),
      })),
    },
  });
}

/** A deployment matters to its workload when it goes, and from when its own controller has reported anything. */
function workloadOfDeployment(change: Change): Key[] {
  const deployment = change.object as WorkloadDeployment;
  const owner = controllerOf(deployment);
  const matters =
    change.type === 'DELETED' || isDeleting(deployment) || deployment.status?.desiredReplicas !== undefined;
  return matters && owner?.kind === 'Workload' ? [{ namespace: change.key.namespace, name: owner.name }] : [];
}

/** A network matters to workloads when it comes and when it goes. */
async function workloadsOfNetwork({ type, project, key }: Change, store: Store): Promise<Key[]> {
  if (type === 'MODIFIED') return [];
  const { items } = await store.list(workerContext(name, { project }), 'Workload', {
    refersTo: { kind: 'Network', ...key },
  });
  return items.map(keyOf);
}

/** A location matters to workloads that name its city when it comes, or when a user changes it. */
async function workloadsOfCity(change: Change, store: Store): Promise<Key[]> {
  const { type, project, object } = change;
  if (type === 'DELETED' || (type === 'MODIFIED' && isByController(change))) return [];
  const cities = citiesOf([object as Location]);
  const { items } = await store.list(workerContext(name, { project }), 'Workload');
  return items
    .filter(({ spec }) => spec.placements.some(({ cityCodes }) => cityCodes.some((code) => cities.has(code))))
    .map(keyOf);
}
