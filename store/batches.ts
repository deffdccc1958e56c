import type { Key } from '../kinds/object.ts';
import type { Kind } from '../kinds/kind.ts';
import type { Page, PageOptions } from './page.ts';

/** What is read, and from where. */
export type BatchOptions = Omit<PageOptions, 'limit'> & {
  /** At most this many objects; absent: all. */
  readonly limit?: number;
};

/** Reads one page of a kind. */
export type ReadPage = (options: PageOptions) => Promise<Page>;

const mostRows = 1000;
const leastRows = 8;
/** Size of objects of which none has been seen yet. */
const assumedBytes = 4096;

/** Mean size of the objects of a kind in the last batch. */
const sizes = new WeakMap<Kind, number>();

/**
 * The objects of a collection in batches of about so many bytes, all of one revision. Each is a statement of its own, so a
 * reader may take its time; a history that ends meanwhile breaks it off.
 */
export async function* batches(
  read: ReadPage,
  kind: Kind,
  batchBytes: number,
  options: BatchOptions,
): AsyncGenerator<Page, void> {
  let { at, after, limit: left = Infinity, count } = options as BatchOptions & { after?: Key };
  for (;;) {
    const rows = Math.round(batchBytes / (sizes.get(kind) ?? assumedBytes));
    const limit = Math.min(left, Math.max(leastRows, Math.min(mostRows, rows)));
    const page = await read({
      ...options,
      limit,
      ...(at === undefined ? {} : { at }),
      ...(after === undefined ? {} : { after }),
      ...(count ? { count } : {}),
    });
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
