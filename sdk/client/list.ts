import type { Caller } from './caller.ts';
import { documents, type Page as PageAnswer } from './documents.ts';
import type { Kind } from './kind.ts';
import type { CallOptions } from './options.ts';
import type { Selection } from './selection.ts';
import type { Order } from './selection.types.ts';

/** Which objects, and how. */
export interface ListOptions extends CallOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  /** In Kubernetes' syntax: `tier=edge,env in (a, b)`. */
  readonly labelSelector?: string | undefined;
  /** In Kubernetes' syntax: `metadata.name=web`. */
  readonly fieldSelector?: string | undefined;
  /** Those that have it in name, namespace, a label as `key=value`, or a field that selectors know, in whatever case. */
  readonly text?: string | undefined;
  readonly orderBy?: Order | undefined;
  /** Count the whole list with each page; costs a look at all of it. */
  readonly count?: boolean | undefined;
  /** Objects of one request, 1 to 200; by default as many as the server allows with what is selected. */
  readonly pageSize?: number | undefined;
  /** Cursor behind which the list begins. */
  readonly after?: string | undefined;
}

/** Some objects of a list. */
export interface Page<T> {
  readonly items: T[];
  /** Cursor behind which the next page begins; absent on the last. */
  readonly next?: string;
  readonly resourceVersion: string;
  /** A watch of the same selection from here misses nothing of what comes after this page was read. */
  readonly resumeToken?: string;
  /** Objects of the whole list, where `count` was asked for. */
  readonly total?: number;
}

/** A list that is read as far as it is asked for: `for await` gives the objects, one page after the other. */
export interface List<T> extends AsyncIterable<T> {
  /** The first page. */
  page(): Promise<Page<T>>;
  pages(): AsyncIterable<Page<T>>;
  all(): Promise<T[]>;
}

const maxPageSize = 200;
/** Objects within objects that one answer may hold; the server counts each part that has parts of its own. */
const maxParts = 20_000;

/** A list of a kind; nothing is asked before it is read. */
export function createList<T>(call: Caller, kind: Kind, chosen: Selection, options: ListOptions): List<T> {
  const { after, count = false, fieldSelector, labelSelector, namespace, orderBy, signal, text } = options;
  const parts = chosen.text.split('{').length;
  const first = options.pageSize ?? Math.max(1, Math.min(maxPageSize, Math.floor(maxParts / parts)));
  const page = async (from: string | undefined): Promise<Page<T>> => {
    const answer = await call<{ page: PageAnswer<T> }>({
      name: `${kind.many}.list`,
      document: documents.list(kind, chosen, count),
      variables: {
        namespace,
        first,
        after: from,
        filter: { labelSelector, fieldSelector, text },
        orderBy,
        ...chosen.variables,
      },
      repeatable: true,
      signal,
    });
    const { nodes, pageInfo, resourceVersion, resumeToken, totalCount } = answer.page;
    return {
      items: nodes,
      resourceVersion,
      ...(pageInfo.hasNextPage && pageInfo.endCursor !== undefined ? { next: pageInfo.endCursor } : {}),
      ...(resumeToken === undefined ? {} : { resumeToken }),
      ...(totalCount === undefined ? {} : { total: totalCount }),
    };
  };
  async function* pages(): AsyncGenerator<Page<T>> {
    let next = after;
    do {
      const read = await page(next);
      yield read;
      next = read.next;
    } while (next !== undefined);
  }
  async function* items(): AsyncGenerator<T> {
    for await (const read of pages()) yield* read.items;
  }
  return {
    page: () => page(after),
    pages,
    async all() {
      const all: T[] = [];
      for await (const read of pages()) all.push(...read.items);
      return all;
    },
    [Symbol.asyncIterator]: items,
  };
}
