import { isDeepStrictEqual } from 'node:util';
import type { ResourceQuota } from '../../kinds/generated/types.ts';
import { isStoreError } from '../../store/errors.ts';
import type { Quotas } from '../../store/quota/quotas.ts';
import type { Change, Store } from '../../store/types.ts';
import { movesUse } from '../objects/moves-use.ts';
import { createThrottle } from '../objects/throttle.ts';
import { madeByUsers, workerContext } from '../objects/worker-context.ts';
import {
  againAfter,
  type Controller,
  done,
  type MappedKey,
  type Outcome,
  type ReconcileKey,
} from '../runtime/controller.ts';

const name = 'resource-quota';

interface Deps {
  readonly store: Store;
  readonly quotas: Quotas;
}

interface Options {
  /** How often the use of a quota is shown anew while objects come and go. Default 1 s. */
  readonly usePeriodMs?: number;
}

/** Shows how much of each limit is used; the limits are kept by the store. */
export function controller({ store, quotas }: Deps, { usePeriodMs = 1_000 }: Options = {}): Controller {
  const throttle = createThrottle(usePeriodMs);
  return {
    name,
    kind: 'ResourceQuota',
    concerns: madeByUsers,
    watches: [{ kind: '*', via: 'map', map: (change) => quotasOf(quotas, change) }],
    writes: ['ResourceQuota.status.hard', 'ResourceQuota.status.used'],
    reconcile: (key) => reconcile(store, quotas, key, throttle),
  };
}

async function quotasOf(quotas: Quotas, change: Change): Promise<readonly MappedKey[]> {
  // The log has it before what it limits.
  if (change.kind === 'ResourceQuota') quotas.forget();
  const { namespace } = change.key;
  if (namespace === '' || !movesUse(change)) return [];
  return (await quotas.namesIn(change.project, namespace)).map((quota) => ({ namespace, name: quota }));
}

async function reconcile(
  store: Store,
  quotas: Quotas,
  key: ReconcileKey,
  throttle: ReturnType<typeof createThrottle>,
): Promise<Outcome> {
  const context = workerContext(name, key);
  const quota = await store.get(context, 'ResourceQuota', key);
  if (quota === undefined || quota.metadata.deletionTimestamp !== undefined) return done;
  const waitMs = throttle.waitMs(quota.metadata.uid);
  if (waitMs > 0) return againAfter(waitMs);
  const { project, namespace } = key;
  const status = await quotas.use({ project, namespace, quota: key.name });
  const shown = (current: ResourceQuota): ResourceQuota | undefined =>
    isDeepStrictEqual(current.status, status) ? undefined : { ...current, status };
  try {
    await store.update(context, 'ResourceQuota', key, shown, { subresource: 'status', uid: quota.metadata.uid });
  } catch (error) {
    if (!isStoreError(error, 'NotFound')) throw error;
  }
  return done;
}
