import type { Metadata } from '../client/kind.ts';
import type { WatchEvent, WatchOptions, WatchStatus } from '../watch/watch.types.ts';
import { createIndexes } from './indexes.ts';
import type { Informer, InformerChange, InformerOptions } from './informer.types.ts';

interface Held {
  readonly metadata: Metadata;
}

/** Holds what a watch tells of. Begins at once. */
export function createInformer<T extends Held, I extends string>(
  watch: (options: WatchOptions) => AsyncIterable<WatchEvent<T>>,
  { indexes, signal, onStatus, ...options }: InformerOptions<T, I>,
): Informer<T, I> {
  const objects = new Map<string, T>();
  const index = createIndexes<T, I>(indexes);
  const listeners = new Set<(change: InformerChange<T>) => void>();
  const stop = new AbortController();
  let all: readonly T[] | undefined;
  let isSynced = false;
  let status: WatchStatus = { state: 'connecting', since: new Date() };
  /** State that comes after the history was lost: takes the place of the old when it is complete. */
  let fresh: Map<string, T> | undefined;
  const { promise: synced, resolve, reject } = Promise.withResolvers<void>();

  function put(key: string, object: T): void {
    const previous = objects.get(key);
    if (previous?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    objects.set(key, object);
    index.replace(key, previous, object);
    tell(previous === undefined ? { type: 'ADDED', object } : { type: 'MODIFIED', object, previous });
  }

  function remove(key: string, object: T): void {
    const previous = objects.get(key);
    if (previous === undefined) return;
    objects.delete(key);
    index.replace(key, previous, undefined);
    tell({ type: 'DELETED', object, previous });
  }

  function tell(change: InformerChange<T>): void {
    all = undefined;
    for (const listener of listeners) listener(change);
  }

  function take(event: WatchEvent<T>): void {
    switch (event.type) {
      case 'RESYNC':
        fresh = new Map();
        return;
      case 'BOOKMARK':
        if (fresh !== undefined) swap(fresh);
        fresh = undefined;
        isSynced = true;
        return resolve();
      case 'DELETED':
        if (fresh !== undefined) fresh.delete(keyOf(event.object.metadata));
        else remove(keyOf(event.object.metadata), event.object);
        return;
      case 'ADDED':
      case 'MODIFIED':
        if (fresh !== undefined) fresh.set(keyOf(event.object.metadata), event.object);
        else put(keyOf(event.object.metadata), event.object);
    }
  }

  function swap(next: ReadonlyMap<string, T>): void {
    for (const [key, object] of objects) if (!next.has(key)) remove(key, object);
    for (const [key, object] of next) put(key, object);
  }

  async function run(): Promise<void> {
    const events = watch({
      ...options,
      signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
      onStatus(next) {
        status = next;
        onStatus?.(next);
      },
    });
    try {
      for await (const event of events) take(event);
    } catch (error) {
      reject(error);
      if (!stop.signal.aborted) throw error;
    }
  }

  const ended = run();
  // Whoever does not wait for them is not to be ended by them.
  synced.catch(() => {});
  ended.catch(() => {});
  return {
    synced,
    ended,
    get isSynced() {
      return isSynced;
    },
    get status() {
      return status;
    },
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(keyOf(key)),
    list: () => (all ??= [...objects.values()]),
    by: (name, key) => index.keys(name, key).flatMap((held) => objects.get(held) ?? []),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => stop.abort(),
  };
}

function keyOf({ namespace = '', name }: { readonly namespace?: string | undefined; readonly name: string }): string {
  return `${namespace}/${name}`;
}
