import type { Instance, NetworkBinding } from '../../kinds/generated/types.ts';
import { type Condition, type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { conditionOf, failureOf } from '../objects/condition.ts';
import { controllerOf } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { isGated, needsLook, plan } from './plan.ts';

const name = 'instance';
const byOthers = madeByOthers(name);

/** Instance Ready, from its gates, Programmed and Running, and the template hash that was observed. */
export function controller({ store }: { readonly store: Store }): Controller {
  return {
    name,
    kind: 'Instance',
    concerns: (change) => byOthers(change) && needsLook(change.object as Instance),
    watches: [{ kind: 'NetworkBinding', via: 'map', map: gatedInstances }],
    writes: ['Instance.status.conditions[Ready]', 'Instance.status.controller'],
    reconcile: (key) => reconcile(store, key),
  };
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const instance = await store.get(context, 'Instance', key);
  if (instance === undefined) return done;
  const failure = isGated(instance) ? await networkFailure(store, context, instance) : undefined;
  const { ready, observedTemplateHash } = plan(instance, failure);
  await writeStatus(store, context, 'Instance', instance, {
    verdicts: ready === undefined ? [] : [ready],
    ...(observedTemplateHash === undefined ? {} : { fields: { controller: { observedTemplateHash } } }),
  });
  return done;
}

/** What kept one of the deployment's networks from the location; its bindings pass it on. */
async function networkFailure(
  store: Store,
  context: RequestContext,
  instance: Instance,
): Promise<Condition | undefined> {
  const deployment = controllerOf(instance);
  if (deployment === undefined) return undefined;
  const bindings = await store.list(context, 'NetworkBinding', { owner: deployment.uid });
  for (const binding of bindings.items) {
    const failure = failureOf(binding, 'Ready');
    if (failure !== undefined && !isWaiting(failure)) return failure;
  }
  return undefined;
}

/** Instances whose Ready a binding changes: it failed, or does no longer. Where the network comes, gates fall anyway. */
async function gatedInstances({ project, object }: Change, store: Store): Promise<Key[]> {
  const ready = conditionOf(object as NetworkBinding, 'Ready');
  const deployment = controllerOf(object);
  if (deployment?.kind !== 'WorkloadDeployment' || ready === undefined || ready.status !== 'False') return [];
  const instances = await store.list(workerContext(name, { project }), 'Instance', { owner: deployment.uid });
  const concerned = instances.items.filter(
    (instance) => isGated(instance) && (!isWaiting(ready) || showsFailure(instance)),
  );
  return concerned.map(keyOf);
}

function showsFailure(instance: Instance): boolean {
  const ready = conditionOf(instance, 'Ready');
  return ready?.status === 'False' && ready.reason !== 'SchedulingGatesPresent';
}

function isWaiting({ reason }: Condition): boolean {
  return reason === 'NetworkContextNotReady' || reason === 'NetworkNotFound';
}
