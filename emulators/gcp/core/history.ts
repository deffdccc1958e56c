import { splitKey } from './collection.ts';
import type { Clock } from './clock.ts';
import type { Database, ResourceRow } from './database.ts';

/** What resources were a short while ago, for lists that lag behind. Nothing is kept while no list does. */
export interface History {
  /** Keys of a collection that are there or were there lately, in order. */
  keys(collection: string, current: readonly string[]): readonly string[];
  /** The row as it was at a virtual time. */
  rowAt(key: string, atMs: number): ResourceRow | undefined;
}

interface Change {
  readonly atMs: number;
  readonly before: ResourceRow | undefined;
}

export function createHistory(database: Database, clock: Clock, keptMs: () => number): History {
  const changes = new Map<string, Map<string, Change[]>>();
  database.onChange('resource', (key, before) => {
    const lagMs = keptMs();
    if (lagMs === 0) {
      changes.clear();
      return;
    }
    const { collection } = splitKey(key);
    const keys = changes.get(collection) ?? new Map<string, Change[]>();
    const nowMs = clock.now();
    const kept = (keys.get(key) ?? []).filter(({ atMs }) => atMs > nowMs - lagMs);
    keys.set(key, [...kept, { atMs: nowMs, before }]);
    changes.set(collection, keys);
  });

  return {
    keys(collection, current) {
      const lately = changes.get(collection);
      return lately === undefined ? current : [...new Set([...current, ...lately.keys()])].toSorted();
    },
    rowAt(key, atMs) {
      const change = changes
        .get(splitKey(key).collection)
        ?.get(key)
        ?.find((one) => one.atMs > atMs);
      return change === undefined ? database.get('resource', key) : change.before;
    },
  };
}
