import type { Key } from '../../kinds/object.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Page, PageOptions } from '../../store/page.ts';
import type { Target } from '../http/target.ts';
import { fromStore } from '../status/from-store.ts';

/** About how much of a list is in memory at a time. */
const batchBytes = 2 * 1024 * 1024;
const mostRows = 1000;
const leastRows = 8;
/** Size of objects of which none has been seen yet. */
const assumedBytes = 4096;

/** Mean size of the objects of a kind in the last batch. */
const sizes = new WeakMap<Kind, number>();

/** What is read, and from where. */
export type BatchOptions = Omit<PageOptions, 'limit'> & {
  /** At most this many objects; absent: all. */
  readonly limit?: number;
};

/** A collection of which the first batch is there. */
export interface Reading {
  readonly first: Page;
  readonly rest: AsyncIterable<Page>;
}

/** Starts to read a collection; what follows the first batch is read as it is asked for. See batches. */
export async function startReading(target: Target, options: BatchOptions): Promise<Reading> {
  const rest = batches(target, options);
  const { value: first } = await rest.next();
  if (!first) throw new Error(`${target.served.plural} are not stored`);
  return { first, rest };
}

/**
 * The objects of a collection in batches that are small enough to keep in memory, all of one revision. Each is a statement of
 * its own, so a reader may take its time. Throws refusals as ApiError, `Expired` also in the middle.
 */
async function* batches(target: Target, options: BatchOptions): AsyncGenerator<Page, void> {
  const { store, context, served, namespace } = target;
  const kind = served.stored;
  if (kind === undefined) return;
  let { at, after, limit: left = Infinity, count } = options as BatchOptions & { after?: Key };
  for (;;) {
    const rows = Math.round(batchBytes / (sizes.get(kind) ?? assumedBytes));
    const limit = Math.min(left, Math.max(leastRows, Math.min(mostRows, rows)));
    const page = await store
      .page(context, kind.id, {
        ...options,
        limit,
        ...(at === undefined ? {} : { at }),
        ...(after === undefined ? {} : { after }),
        ...(count ? { count } : {}),
      })
      .catch((error: unknown) => Promise.reject(fromStore(error, { served, namespace, name: '', verb: 'read' })));
    const bytes = page.items.reduce((sum, item) => sum + item.bytes, 0);
    if (page.items.length > 0) sizes.set(kind, bytes / page.items.length);
    yield page;
    left -= page.items.length;
    if (!page.hasMore || left <= 0) return;
    at = page.revision;
    after = page.last;
    count = false;
  }
}
