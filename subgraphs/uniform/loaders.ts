import DataLoader from 'dataloader';
import type { Key, Resource } from '../../kinds/object.ts';
import type { ListOptions, ListResult, RequestContext, Store } from '../../store/types.ts';

/** Reads of one request, batched and remembered: each object once, all lists of a level together. */
export interface Loaders {
  /** One object; undefined when there is none. */
  object(kind: string, key: Key): Promise<Resource | undefined>;
  /** Puts an object that was read otherwise where `object` finds it. */
  prime(kind: string, object: Resource): void;
  list(kind: string, options: ListOptions): Promise<ListResult<Resource>>;
}

/** Loaders over a store, for one request. */
export function createLoaders({ store }: { readonly store: Store }, request: RequestContext): Loaders {
  const objects = new Map<string, DataLoader<Key, Resource | undefined, string>>();
  const lists = new Map<string, DataLoader<ListOptions, ListResult<Resource>, string>>();

  const objectsOf = (kind: string): DataLoader<Key, Resource | undefined, string> => {
    let loader = objects.get(kind);
    if (loader === undefined) {
      loader = new DataLoader((keys) => store.getMany(request, kind, keys), { cacheKeyFn: ({ namespace, name }) => `${namespace}/${name}` });
      objects.set(kind, loader);
    }
    return loader;
  };
  const listsOf = (kind: string): DataLoader<ListOptions, ListResult<Resource>, string> => {
    let loader = lists.get(kind);
    if (loader === undefined) {
      loader = new DataLoader((all) => Promise.all(all.map((options) => store.list(request, kind, options))), {
        cacheKeyFn: (options) => JSON.stringify(options),
      });
      lists.set(kind, loader);
    }
    return loader;
  };
  return {
    object: (kind, key) => objectsOf(kind).load(key),
    prime(kind, object) {
      objectsOf(kind).prime({ namespace: object.metadata.namespace ?? '', name: object.metadata.name }, object);
    },
    list: (kind, options) => listsOf(kind).load(options),
  };
}
