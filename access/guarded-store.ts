import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import type { Registry } from '../kinds/registry.ts';
import { isStoreError } from '../store/errors.ts';
import type { PageOptions } from '../store/page.ts';
import type { Anchor, ListOptions, ListResult, RequestContext, Revision, Store } from '../store/types.ts';
import { type Guard, sightKey } from './guard.ts';
import { watchGuarded } from './guarded-watch.ts';

/**
 * A store for one caller, and so the only one that resolvers have. What the caller may not see is left out of what is read,
 * as if it were not there; writes and watches that it may not do are refused.
 */
export type GuardedStore = Pick<
  Store,
  'getPlaces' | 'list' | 'listMany' | 'create' | 'update' | 'apply' | 'delete' | 'watch'
> & {
  /** How many objects a list had at a revision; how many it has now, where the change log no longer reaches back to that. */
  count(context: RequestContext, kind: string, options: Counted): Promise<number>;
};

type Counted = Pick<PageOptions, 'namespace' | 'labelSelector' | 'fieldSelector' | 'text'> & {
  readonly at: Revision;
};

type Listed = ListResult<Resource>;

const nothing: Listed = { items: [], cursors: [], hasMore: false, revision: 0n };

/** The store behind a guard. */
export function guardedStore(store: Store, registry: Registry, guard: Guard): GuardedStore {
  async function listMany(
    context: RequestContext,
    id: string,
    anchors: readonly Anchor[],
    options: Omit<ListOptions, keyof Anchor | 'after'> = {},
  ): Promise<Listed[]> {
    const kind = registry.get(id);
    const found: Listed[] = anchors.map(() => nothing);
    for (const { sight, indexes } of bySight(guard, kind, anchors, options)) {
      const seen = indexes.map((index) => anchors[index] ?? {});
      const lists = await store.listMany(context, id, seen, { ...options, ...sight });
      indexes.forEach((index, at) => (found[index] = lists[at] ?? nothing));
    }
    return found;
  }

  const guarded = {
    async getPlaces(context, places) {
      const seen = places.filter(({ kind, ...place }) => guard.may(registry.get(kind), 'get', place));
      if (seen.length === places.length) return store.getPlaces(context, places);
      const objects = seen.length === 0 ? [] : await store.getPlaces(context, seen);
      const byPlace = new Map(seen.map((place, index) => [place, objects[index]]));
      return places.map((place) => byPlace.get(place));
    },
    async list(context, id, options = {}) {
      const sight = guard.sightOf(registry.get(id), 'list', options);
      return sight === undefined ? (nothing as never) : store.list(context, id, { ...options, ...sight });
    },
    listMany: listMany as Store['listMany'],
    async count(context, id, { at, ...options }) {
      const sight = guard.sightOf(registry.get(id), 'list', options);
      if (sight === undefined) return 0;
      const counted = { ...options, ...sight, limit: 1, count: true };
      const { items, remaining = 0 } = await store.page(context, id, { ...counted, at }).catch((error: unknown) => {
        if (isStoreError(error, 'Expired')) return store.page(context, id, counted);
        throw error;
      });
      return items.length + remaining;
    },
    async create(context, id, object, options) {
      const { namespace } = object.metadata;
      guard.require(registry.get(id), 'create', { namespace });
      return store.create(context, id, object, options);
    },
    async update(context, id, key, change, options) {
      guard.require(registry.get(id), 'patch', { ...key, subresource: options?.subresource });
      return store.update(context, id, key, change, options);
    },
    async apply(context, id, key, applied, options) {
      guard.require(registry.get(id), 'patch', { ...key, subresource: options?.subresource });
      return store.apply(context, id, key, applied, options);
    },
    async delete(context, id, key, options) {
      guard.require(registry.get(id), 'delete', key);
      return store.delete(context, id, key, options);
    },
    watch(context, id, options = {}) {
      const kind = registry.get(id);
      return watchGuarded(guard, kind, options, (own) => store.watch(context, id, own));
    },
  } satisfies GuardedStore;
  return guarded;
}

interface Part {
  readonly sight: ReturnType<Guard['sightOf']>;
  readonly indexes: number[];
}

/** The anchors whose lists may show something, those together that may show the same. */
function bySight(guard: Guard, kind: Kind, anchors: readonly Anchor[], options: ListOptions): Iterable<Part> {
  const parts = new Map<string, Part>();
  for (const [index, anchor] of anchors.entries()) {
    const sight = guard.sightOf(kind, 'list', { ...options, ...anchor });
    if (sight === undefined) continue;
    const key = sightKey(sight);
    const part = parts.get(key) ?? { sight, indexes: [] };
    part.indexes.push(index);
    parts.set(key, part);
  }
  return parts.values();
}
