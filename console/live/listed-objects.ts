import { type Datum, DatumError } from '../../sdk/main.ts';
import type { AnyObject } from '../catalog/any-object.ts';
import { createListWindow, type ListOrder, type ListWindow, type WindowPage } from '../models/list-window.ts';
import type { EntryHooks, EntryRun } from './live-entry.ts';
import type { LiveQuery } from './watched-objects.ts';

/** Which list of the server. */
export interface ListQuery extends LiveQuery {
  readonly orderBy: ListOrder;
}

/** The beginning of a list, as much of it as was asked for. A new one after each change. */
export interface ListView {
  /** In the order of the server. */
  readonly objects: readonly AnyObject[];
  /** Objects of the whole list. */
  readonly total: number;
  /** Whether the list is short enough to be read whole, page by page; then all of it stays here. */
  readonly isWhole: boolean;
  /** Whether the first page is there. */
  readonly isSynced: boolean;
  readonly error?: DatumError | undefined;
}

export interface ListRun extends EntryRun<ListView> {
  /** Reads on until so many rows are there. */
  want(rows: number): void;
}

const pageSize = 200;
/** Lists of so many objects are read whole. */
const wholeSize = 1_000;
/** Wait before a page is asked for again, in ms; the client itself has tried some times before. */
const againMs = 1_000;

/**
 * A list that the server filters, sorts and pages, and that stays as it is on the server: a watch goes on where the first
 * page was read, and so tells of what changes, and never of the thousands that are not looked at.
 */
export function listedObjects(client: Datum, query: ListQuery, { onStatus }: EntryHooks): ListRun {
  const { kind, namespace, labelSelector, fieldSelector, text, orderBy, select } = query;
  const resource = client.resource(kind);
  const which = {
    ...(kind.namespaced ? { namespace } : {}),
    labelSelector,
    fieldSelector,
    text,
    select: select as never,
  };
  let list: ListWindow | undefined;
  let isWhole = false;
  let wanted = 0;
  let readOn = (): void => {};

  /** A page; waits for a server that is away. */
  async function read(after: string | undefined, signal: AbortSignal) {
    for (;;) {
      try {
        return await resource.list({ ...which, orderBy, pageSize, after, count: after === undefined, signal }).page();
      } catch (error) {
        if (signal.aborted || !(error instanceof DatumError && error.retryable)) throw error;
        // Behind the first page it is the watch that knows how things are.
        if (after === undefined) onStatus({ state: 'reconnecting', since: new Date(), error });
        await new Promise((resolve) => setTimeout(resolve, againMs));
        signal.throwIfAborted();
      }
    }
  }

  /** One list from its first page on, until history no longer reaches back to it. */
  async function follow(signal: AbortSignal, tell: () => void): Promise<void> {
    onStatus({ state: 'connecting', since: new Date() });
    const first = await read(undefined, signal);
    const total = first.total ?? first.items.length;
    const current = createListWindow(orderBy, first as WindowPage, total);
    const failed = Promise.withResolvers<never>();
    let isReading = false;
    async function readWanted(): Promise<void> {
      if (isReading) return;
      isReading = true;
      for (let next = current.next(); next !== undefined && current.size() < wanted; next = current.next()) {
        current.ask();
        current.add((await read(next, signal)) as WindowPage);
        tell();
      }
      isReading = false;
    }
    list = current;
    isWhole = total <= wholeSize;
    if (isWhole) wanted = Infinity;
    tell();
    readOn = () => void readWanted().catch(failed.reject);
    readOn();
    const over = new AbortController();
    const events = resource.watch({
      ...which,
      from: first.resumeToken,
      signal: AbortSignal.any([signal, over.signal]),
      onStatus: (status) => !signal.aborted && onStatus(status),
    });
    const hear = async (): Promise<void> => {
      for await (const event of events) {
        if (event.type === 'RESYNC') return;
        if (event.type === 'BOOKMARK') continue;
        current.happen({ type: event.type, object: event.object as unknown as AnyObject });
        tell();
      }
    };
    await Promise.race([hear(), failed.promise]).finally(() => over.abort());
  }

  return {
    view: () => ({
      objects: list?.rows() ?? [],
      total: list?.total() ?? 0,
      isWhole,
      isSynced: list !== undefined,
    }),
    size: () => list?.size() ?? 0,
    want(rows) {
      if (rows <= wanted) return;
      wanted = rows;
      readOn();
    },
    async run(signal, tell) {
      // What is shown stays until the list was read anew.
      for (;;) await follow(signal, tell);
    },
  };
}
