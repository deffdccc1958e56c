import type { Namespace } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { Registry } from '../../kinds/registry.ts';
import { isStoreError } from '../../store/errors.ts';
import { namespaceFinalizer } from '../../store/finalizers.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { purge } from '../objects/purge.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { workerContext } from '../objects/worker-context.ts';
import {
  againAfter,
  type Controller,
  done,
  type MappedKey,
  type Outcome,
  type ReconcileKey,
} from '../runtime/controller.ts';
import { contentVerdict } from './plan.ts';

const name = 'namespace';
/** How often a namespace looks by itself at what is left in it; each object that goes wakes it too. */
const lookEveryMs = 5000;

interface Deps {
  readonly store: Store;
  readonly registry: Registry;
}

/** Empties a namespace that is being deleted, of every kind, and then lets it go. */
export function controller(deps: Deps): Controller {
  return {
    name,
    kind: 'Namespace',
    concerns: ({ object }) => object.metadata.deletionTimestamp !== undefined,
    watches: [{ kind: '*', via: 'map', map: emptying() }],
    writes: ['Namespace.status.conditions[NamespaceContentRemaining]'],
    reconcile: (key) => reconcile(deps, key),
  };
}

/** Objects that go wake the namespace they were in while it is being deleted; which ones are is remembered. */
function emptying(): (change: Change) => readonly MappedKey[] {
  const terminating = new Set<string>();
  return ({ type, project, kind, key, object }) => {
    if (kind === 'Namespace') {
      const id = `${project}/${key.name}`;
      if (type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined) terminating.add(id);
      else terminating.delete(id);
      return [];
    }
    return type === 'DELETED' && terminating.has(`${project}/${key.namespace}`)
      ? [{ namespace: '', name: key.namespace }]
      : [];
  };
}

async function reconcile({ store, registry }: Deps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const namespace = await store.get(context, 'Namespace', key);
  if (namespace?.metadata.deletionTimestamp === undefined) return done;
  const kinds = registry.all().filter(({ scope }) => scope === 'Namespaced');
  const remaining = await settleAll(kinds.map((kind) => purge(store, context, kind, { namespace: key.name })));
  const left = remaining.filter(({ objects }) => objects > 0);
  if (left.length === 0) {
    await letGo(store, context, namespace);
    return done;
  }
  await writeStatus(store, context, 'Namespace', namespace, { verdicts: [contentVerdict(left)] });
  return againAfter(lookEveryMs);
}

async function letGo(store: Store, context: RequestContext, namespace: Namespace): Promise<void> {
  const { uid } = namespace.metadata;
  const withoutOurs = (current: Namespace): Namespace => ({
    ...current,
    spec: { ...current.spec, finalizers: current.spec?.finalizers?.filter((one) => one !== namespaceFinalizer) ?? [] },
  });
  try {
    await store.update(context, 'Namespace', keyOf(namespace), withoutOurs, { uid, managedAs: 'finalize' });
  } catch (error) {
    if (!isStoreError(error, 'NotFound')) throw error;
  }
}
