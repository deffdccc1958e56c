import type { Instance, NetworkBinding, NetworkContext } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { conditionOf } from '../objects/condition.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { finalizers, holdObject, letGo } from '../objects/finalizers.ts';
import { isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { isInhabited, isNeeded, leftovers, readiness, type Surroundings, unused, unusedVerdict } from './plan.ts';

const name = 'network-context';

/** How often a context that only instances keep, since their binding was deleted by hand, is looked at again. */
const inhabitedPeriodMs = 2_000;

/** NetworkContext Ready from Programmed; removes a context that nothing needs, and what is in it before it. */
export function controller({ store }: { readonly store: Store }): Controller {
  return {
    name,
    kind: 'NetworkContext',
    concerns: madeByOthers(name),
    watches: [
      { kind: 'NetworkBinding', via: 'map', map: contextOfBinding },
      { kind: 'SubnetClaim', via: 'map', map: contextOfChild },
      { kind: 'Subnet', via: 'map', map: contextOfChild },
    ],
    writes: ['NetworkContext.status.conditions[Ready]'],
    reconcile: (key) => reconcile(store, key),
  };
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  let object = await store.get(context, 'NetworkContext', key);
  if (object === undefined) return done;
  if (isDeleting(object)) return tearDown(store, context, object);
  object = await holdObject(store, context, 'NetworkContext', object, finalizers.networkContext);

  if (!isNeeded(object, await surroundings(store, context, object))) {
    if (isInhabited(object, await inhabitants(store, context, object))) return againAfter(inhabitedPeriodMs);
    // Marked first and looked at again: a binding that comes later sees the mark and waits, one that came is seen here.
    if (conditionOf(object, 'Ready')?.reason !== unused) {
      object = await writeStatus(store, context, 'NetworkContext', object, { verdicts: [unusedVerdict] });
    }
    if (!isNeeded(object, await surroundings(store, context, object))) {
      const { uid, resourceVersion } = object.metadata;
      await store.delete(context, 'NetworkContext', key, { uid, ifMatch: resourceVersion });
      return done;
    }
  }
  const ready = readiness(object);
  if (ready !== undefined) await writeStatus(store, context, 'NetworkContext', object, { verdicts: [ready] });
  return done;
}

/** A context goes after the claims and subnets in it; each of their deletions wakes it. */
async function tearDown(store: Store, context: RequestContext, object: NetworkContext): Promise<Outcome> {
  const left = leftovers(await children(store, context, object));
  if (left !== undefined) {
    await settleAll(left.map((child) => deleteExisting(store, context, child)));
    return done;
  }
  await letGo(store, context, 'NetworkContext', object, finalizers.networkContext);
  return done;
}

async function surroundings(store: Store, context: RequestContext, object: NetworkContext): Promise<Surroundings> {
  const network = { kind: 'Network', namespace: keyOf(object).namespace, name: object.spec.network.name };
  const [bindings, inside] = await Promise.all([
    store.list(context, 'NetworkBinding', { refersTo: network }),
    children(store, context, object),
  ]);
  return { bindings: bindings.items, ...inside };
}

async function inhabitants(
  store: Store,
  context: RequestContext,
  object: NetworkContext,
): Promise<readonly Instance[]> {
  const network = { kind: 'Network', namespace: keyOf(object).namespace, name: object.spec.network.name };
  return (await store.list(context, 'Instance', { refersTo: network })).items;
}

async function children(
  store: Store,
  context: RequestContext,
  object: NetworkContext,
): Promise<Pick<Surroundings, 'claims' | 'subnets'>> {
  const refersTo = { kind: 'NetworkContext', ...keyOf(object) };
  const [claims, subnets] = await Promise.all([
    store.list(context, 'SubnetClaim', { refersTo }),
    store.list(context, 'Subnet', { refersTo }),
  ]);
  return { claims: claims.items, subnets: subnets.items };
}

/** A binding that goes may have been the last one. */
async function contextOfBinding({ type, project, object }: Change, store: Store): Promise<Key[]> {
  if (type !== 'DELETED') return [];
  const { metadata, spec } = object as NetworkBinding;
  const network = {
    kind: 'Network',
    namespace: spec.network.namespace ?? metadata.namespace ?? '',
    name: spec.network.name,
  };
  const contexts = await store.list(workerContext(name, { project }), 'NetworkContext', { refersTo: network });
  return contexts.items
    .filter(
      (context) =>
        context.spec.location.name === spec.location.name &&
        context.spec.location.namespace === spec.location.namespace,
    )
    .map(keyOf);
}

function contextOfChild({ type, key, object }: Change): Key[] {
  if (type !== 'DELETED') return [];
  const { networkContext } = object.spec as { networkContext: { name: string } };
  return [{ namespace: key.namespace, name: networkContext.name }];
}
