import type { Pool } from 'pg';
import type { Event } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import { countsOfKind } from '../../store/kind-counts.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { settleAll } from '../objects/settle-all.ts';
import { workerContext } from '../objects/worker-context.ts';

/** Events that are deleted at the same time. */
const pageEvents = 100;

export interface Retention {
  /** An event goes this long after it happened last. Default 1 h. */
  readonly keepMs?: number;
  /** Events that a namespace may have; the oldest go first. Default 10,000. */
  readonly maxPerNamespace?: number;
}

/** Deletes the events of all projects that are too old or too many; answers how many. Safe to run in several processes. */
export async function expireEvents(
  store: Store,
  pool: Pool,
  retention: Retention,
  nowMs = Date.now(),
): Promise<number> {
  const { keepMs = 3_600_000, maxPerNamespace = 10_000 } = retention;
  let deleted = 0;
  for (const { project, namespace, count } of await countsOfKind(pool, 'Event')) {
    const context = workerContext('events', { project });
    deleted += await expireIn(store, context, namespace, {
      oldestMs: nowMs - keepMs,
      nowMs,
      surplus: Math.max(0, count - maxPerNamespace),
    });
  }
  return deleted;
}

interface Limits {
  readonly oldestMs: number;
  readonly nowMs: number;
  /** How many go whatever their age. */
  readonly surplus: number;
}

async function expireIn(store: Store, context: RequestContext, namespace: string, limits: Limits): Promise<number> {
  const { oldestMs, nowMs, surplus } = limits;
  let deleted = 0;
  for (let after: string | undefined, more = true; more;) {
    const page = await store.list(context, 'Event', {
      namespace,
      order: 'created',
      limit: pageEvents,
      ...(after === undefined ? {} : { after }),
    });
    const over = surplus - deleted;
    const going = page.items.filter((event, index) => index < over || lastMsOf(event, nowMs) < oldestMs);
    const gone = await settleAll(going.map((event) => remove(store, context, event)));
    deleted += gone.filter(Boolean).length;
    // From the first one that is young by its creation on, all are.
    const youngest = page.items.at(-1)?.metadata.creationTimestamp;
    more = page.hasMore && (deleted < surplus || Date.parse(youngest ?? '') < oldestMs);
    after = page.cursors.at(-1);
  }
  return deleted;
}

/** When an event happened last, in epoch ms. Times in the future are not believed: they would keep it for ever. */
function lastMsOf({ metadata, lastTimestamp, series, eventTime }: Event, nowMs: number): number {
  const times = [lastTimestamp, series?.lastObservedTime, eventTime].map((time) => Date.parse(time ?? ''));
  return Math.max(Date.parse(metadata.creationTimestamp), ...times.filter((ms) => ms <= nowMs));
}

/** Answers false for an event that is gone, or that happened again since. */
async function remove(store: Store, context: RequestContext, event: Event): Promise<boolean> {
  const { uid, resourceVersion } = event.metadata;
  try {
    await store.delete(context, 'Event', keyOf(event), { uid, ifMatch: resourceVersion });
    return true;
  } catch (error) {
    if (isStoreError(error, 'NotFound') || isStoreError(error, 'Conflict')) return false;
    throw error;
  }
}
