import DataLoader from 'dataloader';
import type { Key, Resource } from '../../kinds/object.ts';
import type { GuardedStore } from '../../access/guarded-store.ts';
import type { Anchor, ListOptions, ListResult, Place, RequestContext } from '../../store/types.ts';

/**
 * Reads of one request, batched and remembered: each object once, all lists of a level together. What the caller may not see
 * is as if it were not there; fields that are refused outright ask the guard first.
 */
export interface Loaders {
  /** One object; undefined when there is none. */
  object(kind: string, key: Key): Promise<Resource | undefined>;
  /** Puts an object that was read otherwise where `object` finds it. */
  prime(kind: string, object: Resource): void;
  list(kind: string, options: ListOptions): Promise<ListResult<Resource>>;
}

/** Loaders over a store, for one request. */
export function createLoaders(store: GuardedStore, request: RequestContext): Loaders {
  const lists = new Map<string, DataLoader<ListOptions, ListResult<Resource>, string>>();
  const objects = new DataLoader((places: readonly Place[]) => store.getPlaces(request, places), {
    cacheKeyFn: ({ kind, namespace, name }) => `${kind}/${namespace}/${name}`,
  });

  const listsOf = (kind: string): DataLoader<ListOptions, ListResult<Resource>, string> => {
    let loader = lists.get(kind);
    if (loader === undefined) {
      loader = new DataLoader((all) => listAll(store, request, kind, all), {
        cacheKeyFn: (options) => JSON.stringify(options),
      });
      lists.set(kind, loader);
    }
    return loader;
  };
  return {
    object: (kind, { namespace, name }) => objects.load({ kind, namespace, name }),
    prime(kind, object) {
      const { namespace = '', name } = object.metadata;
      objects.prime({ kind, namespace, name }, object);
    },
    list: (kind, options) => listsOf(kind).load(options),
  };
}

/** Lists, those together that differ only in their anchor. */
async function listAll(
  store: GuardedStore,
  request: RequestContext,
  kind: string,
  all: readonly ListOptions[],
): Promise<ListResult<Resource>[]> {
  const groups = new Map<string, number[]>();
  for (const [index, options] of all.entries()) {
    const { owner, refersTo, after } = options;
    const batched = after === undefined && (owner ?? refersTo) !== undefined;
    const key = batched
      ? JSON.stringify([owner !== undefined, refersTo !== undefined, sharedOf(options)])
      : `alone ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  const found: ListResult<Resource>[] = [];
  await Promise.all(
    [...groups.values()].map(async (indexes) => {
      const lists = indexes.map((index) => all[index] ?? {});
      const [first = {}] = lists;
      const results =
        lists.length === 1
          ? [await store.list(request, kind, first)]
          : await store.listMany(request, kind, lists.map(anchorOf), sharedOf(first));
      for (const [at, index] of indexes.entries()) {
        const result = results[at];
        if (result !== undefined) found[index] = result;
      }
    }),
  );
  return found;
}

/** What lists that are read together have in common. */
function sharedOf({
  limit,
  order,
  labelSelector,
  fieldSelector,
  text,
}: ListOptions): Omit<ListOptions, keyof Anchor | 'after'> {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(order === undefined ? {} : { order }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
    ...(text === undefined ? {} : { text }),
  };
}

function anchorOf({ namespace, owner, refersTo }: ListOptions): Anchor {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(owner === undefined ? {} : { owner }),
    ...(refersTo === undefined ? {} : { refersTo }),
  };
}
