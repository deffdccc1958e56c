import type { Network, NetworkBinding, NetworkContext } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { failureOf, isTrue } from '../objects/condition.ts';
import { createOwned } from '../objects/create-owned.ts';
import { finalizers } from '../objects/finalizers.ts';
import { isDeleting, ownedBy } from '../objects/owner.ts';
import { isLimited, quotaRetryMs, quotaVerdict, unlessLimited } from '../objects/quota.ts';
import { writeStatus } from '../objects/status.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { contextFor, contextName, networkKey, plan } from './plan.ts';

const name = 'network-binding';

/** Brings a network to the location where a binding needs it, and says when it is there. */
export function controller({ store }: { readonly store: Store }): Controller {
  return {
    name,
    kind: 'NetworkBinding',
    concerns: madeByOthers(name),
    watches: [
      { kind: 'Network', via: 'map', map: bindingsOfNetwork },
      { kind: 'NetworkContext', via: 'map', map: bindingsOfContext },
    ],
    writes: ['NetworkBinding.status.conditions[Ready]', 'NetworkBinding.status.networkContextRef'],
    reconcile: (key) => reconcile(store, key),
  };
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const binding = await store.get(context, 'NetworkBinding', key);
  if (binding === undefined || isDeleting(binding)) return done;
  const network = await store.get(context, 'Network', networkKey(binding));
  const contexts = network && (await store.list(context, 'NetworkContext', { owner: network.metadata.uid }));
  let next = plan(binding, network, contextFor(binding, contexts?.items ?? []));
  if (next.createContext && network !== undefined) {
    const created = await unlessLimited(createContext(store, context, binding, network));
    if (isLimited(created)) {
      await writeStatus(store, context, 'NetworkBinding', binding, { verdicts: [quotaVerdict('Ready', created)] });
      return againAfter(quotaRetryMs);
    }
    next = plan(binding, network, created);
  }
  await writeStatus(store, context, 'NetworkBinding', binding, {
    verdicts: [next.ready],
    ...(next.networkContextRef === undefined ? {} : { fields: { networkContextRef: next.networkContextRef } }),
  });
  return done;
}

function createContext(
  store: Store,
  context: RequestContext,
  binding: NetworkBinding,
  network: Network,
): Promise<NetworkContext> {
  const { name: networkName, namespace = '' } = network.metadata;
  return createOwned(store, context, 'NetworkContext', {
    fullName: contextName(binding),
    owner: network,
    object: {
      metadata: { namespace, finalizers: [finalizers.networkContext], ownerReferences: [ownedBy(network)] },
      spec: { network: { name: networkName }, location: binding.spec.location },
    },
  });
}

/** A network matters to its bindings when it comes, and when it is made anew. */
async function bindingsOfNetwork(change: Change, store: Store): Promise<Key[]> {
  return change.type === 'MODIFIED' ? [] : referrers(change, store, change.key);
}

/** A context matters to its bindings once it is ready, failed or on its way out. */
async function bindingsOfContext(change: Change, store: Store): Promise<Key[]> {
  const context = change.object as NetworkContext;
  const matters =
    change.type === 'DELETED' ||
    isDeleting(context) ||
    isTrue(context, 'Ready') ||
    failureOf(context, 'Ready') !== undefined;
  if (!matters) return [];
  return referrers(
    change,
    store,
    { namespace: change.key.namespace, name: context.spec.network.name },
    context.spec.location,
  );
}

async function referrers({ project }: Change, store: Store, network: Key, location?: Key): Promise<Key[]> {
  const bindings = await store.list(workerContext(name, { project }), 'NetworkBinding', {
    refersTo: { kind: 'Network', ...network },
  });
  const here = ({ spec }: NetworkBinding): boolean =>
    location === undefined || (spec.location.name === location.name && spec.location.namespace === location.namespace);
  return bindings.items.filter(here).map(keyOf);
}
