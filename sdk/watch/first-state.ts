import type { Metadata } from '../client/kind.ts';
import type { WatchEvent } from './watch.types.ts';

interface Watched {
  readonly metadata: Metadata;
}

/**
 * The state that a watch begins with. It has no tokens, so that after a break it comes again from the start: this says what
 * of it is new, so that nothing is told twice, and what was told and is gone meanwhile.
 */
export interface FirstState<T extends Watched> {
  /** An object of the state: the events to tell, if any. */
  add(object: T): WatchEvent<T>[];
  /** The connection broke: the state comes again. */
  again(): void;
  /** The state is complete: tells of what was told before a break and is no longer there. */
  complete(): WatchEvent<T>[];
}

/** A state of which nothing was told yet. */
export function createFirstState<T extends Watched>(): FirstState<T> {
  const told = new Map<string, T>();
  const seen = new Set<string>();
  return {
    add(object) {
      const { namespace = '', name, uid, resourceVersion } = object.metadata;
      const key = `${namespace}/${name}`;
      const before = told.get(key);
      seen.add(key);
      if (before?.metadata.resourceVersion === resourceVersion) return [];
      told.set(key, object);
      if (before === undefined) return [{ type: 'ADDED', object }];
      if (before.metadata.uid === uid) return [{ type: 'MODIFIED', object }];
      return [
        { type: 'DELETED', object: before },
        { type: 'ADDED', object },
      ];
    },
    again: () => seen.clear(),
    complete: () => [...told].flatMap(([key, object]) => (seen.has(key) ? [] : [{ type: 'DELETED', object }])),
  };
}
