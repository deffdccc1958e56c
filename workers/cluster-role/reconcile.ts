import { aggregatedRules } from '../../kinds/core/aggregated-rules.ts';
import type { ClusterRole } from '../../kinds/generated/types.ts';
import { jsonEqual } from '../../kinds/schema/json.ts';
import { isStoreError } from '../../store/errors.ts';
import type { Change, Store } from '../../store/types.ts';
import { workerContext } from '../objects/worker-context.ts';
import { type Controller, done, type MappedKey, type Outcome, type ReconcileKey } from '../runtime/controller.ts';

const name = 'cluster-role';

interface Deps {
  readonly store: Store;
}

/** Gives cluster roles that add up others the rules of those. */
export function controller({ store }: Deps): Controller {
  return {
    name,
    kind: 'ClusterRole',
    concerns: ({ object }) => (object as unknown as ClusterRole).aggregationRule !== undefined,
    watches: [{ kind: 'ClusterRole', via: 'map', map: aggregating }],
    writes: ['ClusterRole.rules'],
    reconcile: (key) => reconcile(store, key),
  };
}

/** The roles that may add up one that changed: few do, so all that add up others are looked at. */
async function aggregating({ project }: Change, store: Store): Promise<readonly MappedKey[]> {
  const { items } = await store.list(workerContext(name, { project }), 'ClusterRole');
  return items
    .filter(({ aggregationRule }) => aggregationRule !== undefined)
    .map(({ metadata }) => ({ namespace: '', name: metadata.name }));
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const { items } = await store.list(context, 'ClusterRole');
  const role = items.find(({ metadata }) => metadata.name === key.name);
  const rules = role && aggregatedRules(role, items);
  if (role === undefined || rules === undefined || jsonEqual(rules, role.rules ?? [])) return done;
  const { resourceVersion } = role.metadata;
  try {
    await store.update(context, 'ClusterRole', key, (current) => ({ ...current, rules }), { ifMatch: resourceVersion });
  } catch (error) {
    if (!isStoreError(error, 'NotFound')) throw error;
  }
  return done;
}
