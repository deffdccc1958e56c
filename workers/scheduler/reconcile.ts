import type { Location, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { workloadUidLabel } from '../objects/labels.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { decide, type Fit, fit, type Load } from './plan.ts';

const name = 'scheduler';
const byOthers = madeByOthers(name);
const idle: Load = { replicas: 0, siblings: 0 };

/** Gives each deployment its location, once; afterwards condition Available is the deployment controller's. */
export function controller({ store }: { readonly store: Store }): Controller {
  // Choices among several locations are made one after the other, so that each sees the load of those before it.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };
  return {
    name,
    kind: 'WorkloadDeployment',
    concerns: (change) => byOthers(change) && (change.object as WorkloadDeployment).status?.location === undefined,
    watches: [{ kind: 'Location', via: 'map', map: unscheduled }],
    writes: [
      'WorkloadDeployment.status.location',
      'WorkloadDeployment.status.candidates',
      'WorkloadDeployment.status.conditions[Available:NoLocations]',
      'WorkloadDeployment.status.conditions[Available:NoCandidateLocations]',
      'WorkloadDeployment.status.conditions[Available:LocationAssigned]',
    ],
    reconcile: (key) => reconcile(store, key, inTurn),
  };
}

async function reconcile(
  store: Store,
  key: ReconcileKey,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Outcome> {
  const context = workerContext(name, key);
  const deployment = await store.get(context, 'WorkloadDeployment', key);
  if (deployment === undefined || isDeleting(deployment) || deployment.status?.location !== undefined) return done;
  const locations = await store.list(context, 'Location');
  const choice = fit(deployment, locations.items);
  await (choice.fitting.length > 1
    ? inTurn(() => assign(store, context, deployment, choice))
    : assign(store, context, deployment, choice));
  return done;
}

async function assign(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  choice: Fit,
): Promise<void> {
  const loads = choice.fitting.length > 1 ? await loadsOf(store, context, deployment, choice.fitting) : undefined;
  const { available, location, candidates } = decide(deployment, choice, (one) => loads?.get(one) ?? idle);
  await writeStatus(store, context, 'WorkloadDeployment', deployment, {
    verdicts: [available],
    fields: { candidates: [...candidates], ...(location === undefined ? {} : { location }) },
  });
}

/** What the deployments that were assigned to each location ask for. */
async function loadsOf(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  locations: readonly Location[],
): Promise<Map<Location, Load>> {
  const workload = deployment.metadata.labels?.[workloadUidLabel];
  const loads = await Promise.all(
    locations.map(async (location): Promise<[Location, Load]> => {
      const { items } = await store.list(context, 'WorkloadDeployment', {
        refersTo: { kind: 'Location', ...keyOf(location) },
      });
      const replicas = items.reduce((sum, { spec }) => sum + spec.scaleSettings.minReplicas, 0);
      const siblings = items.filter(({ metadata }) => metadata.labels?.[workloadUidLabel] === workload).length;
      return [location, { replicas, siblings }];
    }),
  );
  return new Map(loads);
}

/** A location that comes or changes may take those that have none. */
async function unscheduled({ type, project }: Change, store: Store): Promise<Key[]> {
  if (type === 'DELETED') return [];
  const { items } = await store.list(workerContext(name, { project }), 'WorkloadDeployment');
  return items.filter(({ status }) => status?.location === undefined).map(keyOf);
}
