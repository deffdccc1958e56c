import type { WatchOptions, WatchStatus } from '../watch/watch.types.ts';

/** What to hold. */
export interface InformerOptions<T, I extends string = never> extends WatchOptions {
  /** Under which keys an object is found, by name of the index. */
  readonly indexes?: Readonly<Record<I, (object: T) => string | readonly string[] | undefined>>;
}

/** What changed in what an informer holds. */
export type InformerChange<T> =
  | { readonly type: 'ADDED'; readonly object: T; readonly previous?: undefined }
  | { readonly type: 'MODIFIED'; readonly object: T; readonly previous: T }
  /** With its last state. */
  | { readonly type: 'DELETED'; readonly object: T; readonly previous: T };

/** A copy of objects that is kept up to date by a watch. */
export interface Informer<T, I extends string = never> {
  /** Resolves when the first state is complete; rejects when the watch fails for good. */
  readonly synced: Promise<void>;
  readonly isSynced: boolean;
  readonly status: WatchStatus;
  /** Resolves when it is stopped; rejects when the watch fails for good. */
  readonly ended: Promise<void>;
  readonly size: number;
  /** An object by name; without a namespace for kinds of cluster scope. */
  get(key: { readonly namespace?: string | undefined; readonly name: string }): T | undefined;
  /** All objects, in no order; the same array until something changes. */
  list(): readonly T[];
  /** Those that an index has under a key. */
  by(index: I, key: string): T[];
  /** Told of every change, after it; answers how to stop that. */
  subscribe(listener: (change: InformerChange<T>) => void): () => void;
  stop(): void;
}
