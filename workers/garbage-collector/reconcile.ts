import { keyOf, type OwnerReference, type Resource } from '../../kinds/object.ts';
import type { Registry } from '../../kinds/registry.ts';
import type { Dependents, ObjectKey } from '../../store/dependents.ts';
import { isStoreError } from '../../store/errors.ts';
import { foregroundFinalizer, orphanFinalizer } from '../../store/finalizers.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { settleAll } from '../objects/settle-all.ts';
import { workerContext } from '../objects/worker-context.ts';
import { type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { ownerKeyOf } from './owner-key.ts';
import { blocks, fateOf, type OwnerState, pendingPropagation } from './plan.ts';
import { watches } from './watches.ts';

const name = 'garbage-collector';

interface Deps {
  readonly store: Store;
  readonly registry: Registry;
  readonly dependents: Dependents;
}

/** Collects what is owned when its owners go: in the background, in the foreground or not at all, as the deletion asked. */
export function controller(deps: Deps): Controller {
  const { registry, dependents } = deps;
  return {
    name,
    kind: '*',
    watches: watches(registry, dependents),
    writes: [],
    scan: async () => [
      ...(await dependents.withLostOwner()),
      ...(await dependents.heldBy([foregroundFinalizer, orphanFinalizer])),
    ],
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: Deps, key: ReconcileKey): Promise<Outcome> {
  const { kind = '' } = key;
  const context = workerContext(name, key);
  const object: Resource | undefined = await deps.store.get(context, kind, key);
  if (object === undefined) return done;
  const pending = pendingPropagation(object);
  if (pending === 'Orphan') await orphan(deps, context, kind, object);
  else if (pending === 'Foreground') await waitForDependents(deps, context, kind, object);
  else await settle(deps, context, kind, object);
  return done;
}

/** Lets every dependent forget the owner, then lets the owner go. */
async function orphan(deps: Deps, context: RequestContext, kind: string, owner: Resource): Promise<void> {
  const { uid } = owner.metadata;
  const owned = await deps.dependents.of(context.project, uid);
  await settleAll(owned.map((key) => forget(deps.store, context, key, [uid])));
  await letGo(deps.store, context, kind, owner, orphanFinalizer);
}

/** Deletes the dependents, and lets the owner go once none is left that it waits for; each that goes wakes it. */
async function waitForDependents(deps: Deps, context: RequestContext, kind: string, owner: Resource): Promise<void> {
  const { uid, namespace } = owner.metadata;
  const owned = await deps.dependents.of(context.project, uid);
  const waitsFor = await settleAll(
    owned.map(async (key) => {
      const isThere = await settleDependent(deps, context, key, uid);
      // Whoever writes in another namespace only says so: nobody there holds up a deletion here.
      return isThere && (namespace === undefined || key.namespace === namespace);
    }),
  );
  if (!waitsFor.includes(true)) await letGo(deps.store, context, kind, owner, foregroundFinalizer);
}

/** Answers whether the owner must wait for the dependent. */
async function settleDependent(
  deps: Deps,
  context: RequestContext,
  key: ObjectKey,
  ownerUid: string,
): Promise<boolean> {
  const dependent: Resource | undefined = await deps.store.get(context, key.kind, key);
  if (dependent === undefined) return false;
  const isThere = await settle(deps, context, key.kind, dependent);
  return isThere && blocks(dependent, ownerUid);
}

/** Does to an object what its owners' fate asks for; answers whether it is still there and still owned. */
async function settle(deps: Deps, context: RequestContext, kind: string, object: Resource): Promise<boolean> {
  const { store, dependents } = deps;
  const { uid, resourceVersion, ownerReferences = [] } = object.metadata;
  const owners = await settleAll(ownerReferences.map((owner) => stateOf(deps, context, kind, object, owner)));
  const isWaitedFor = owners.some(({ state }) => state === 'waiting');
  const fate = fateOf(object, owners, isWaitedFor && (await dependents.of(context.project, uid)).length > 0);
  switch (fate.do) {
    case 'keep':
      return true;
    case 'forget':
      await forget(store, context, { ...keyOf(object), kind }, fate.uids);
      return false;
    case 'delete':
      try {
        // By version too: an owner may be added in this moment.
        const { deleted } = await store.delete(context, kind, keyOf(object), {
          uid,
          ifMatch: resourceVersion,
          propagation: fate.propagation,
        });
        return !deleted;
      } catch (error) {
        if (isStoreError(error, 'NotFound')) return false;
        throw error;
      }
    default:
      return fate satisfies never;
  }
}

async function stateOf(
  deps: Deps,
  context: RequestContext,
  kind: string,
  object: Resource,
  owner: OwnerReference,
): Promise<OwnerState> {
  const { uid } = owner;
  const key = ownerKeyOf(deps.registry, kind, object.metadata.namespace ?? '', owner);
  // What cannot be judged counts as there: nothing is deleted by mistake.
  if (key === undefined) return { uid, state: 'present' };
  const found: Resource | undefined = await deps.store.get(context, key.kind, key);
  if (found?.metadata.uid !== uid) return { uid, state: 'absent' };
  return { uid, state: pendingPropagation(found) === 'Foreground' ? 'waiting' : 'present' };
}

async function forget(
  store: Store,
  context: RequestContext,
  key: Omit<ObjectKey, 'project'>,
  uids: readonly string[],
): Promise<void> {
  await unlessGone(
    store.update(context, key.kind, key, (current: Resource) => {
      const ownerReferences = current.metadata.ownerReferences?.filter(({ uid }) => !uids.includes(uid)) ?? [];
      return { ...current, metadata: { ...current.metadata, ownerReferences } };
    }),
  );
}

async function letGo(
  store: Store,
  context: RequestContext,
  kind: string,
  object: Resource,
  finalizer: string,
): Promise<void> {
  await unlessGone(
    store.update(
      context,
      kind,
      keyOf(object),
      (current: Resource) => {
        const finalizers = current.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
        return { ...current, metadata: { ...current.metadata, finalizers } };
      },
      { uid: object.metadata.uid },
    ),
  );
}

async function unlessGone(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isStoreError(error, 'NotFound')) throw error;
  }
}
