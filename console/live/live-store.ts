import type { Datum, WatchStatus } from '../../sdk/main.ts';
import { type CloudQuery, cloudResources, type CloudView } from './cloud-resources.ts';
import { listedObjects, type ListQuery, type ListRun, type ListView } from './listed-objects.ts';
import { createEntry, type EntryHooks, type LiveEntry } from './live-entry.ts';
import { type LiveQuery, type LiveView, watchedObjects } from './watched-objects.ts';

/** State of all watches together. */
export interface Connection {
  readonly state: 'idle' | 'connecting' | 'live' | 'reconnecting';
  readonly since: Date;
}

/** A list that all who look at the same share. */
export interface ListEntry extends LiveEntry<ListView> {
  /** Reads on until so many rows are there. */
  want(rows: number): void;
}

/** The watches of one client. */
export interface LiveStore {
  /** All objects of a query. */
  objects(query: LiveQuery): LiveEntry<LiveView>;
  /** As much of a list as is wanted. */
  list(query: ListQuery): ListEntry;
  /** What was made in a cloud for an object. */
  cloud(query: CloudQuery): LiveEntry<CloudView>;
  subscribe(listener: () => void): () => void;
  connection(): Connection;
  /** How often anything changed that is watched. */
  changes(): number;
  close(): void;
}

const nothing: LiveView = { objects: [], isSynced: false };
const noCloud: CloudView = { resources: [], isSynced: false };
const noList: ListView = { ...nothing, total: 0, isWhole: false };

/** Makes the watches of a client; each begins when somebody looks. `onError` is told of each that ends for good. */
export function createLiveStore(client: Datum, onError: (error: unknown) => void): LiveStore {
  const watched = new Map<string, LiveEntry<LiveView>>();
  const lists = new Map<string, ListEntry>();
  const clouds = new Map<string, LiveEntry<CloudView>>();
  const states = new Map<string, WatchStatus>();
  const listeners = new Set<() => void>();
  const all = new AbortController();
  let connection: Connection = { state: 'idle', since: new Date() };
  let changes = 0;

  function setStatus(key: string, status: WatchStatus | undefined): void {
    if (status === undefined) states.delete(key);
    // Every try to come back says anew that it is away; what counts is since when.
    else if (states.get(key)?.state !== status.state) states.set(key, status);
    const next = togetherOf([...states.values()]);
    if (next.state === connection.state && next.since.getTime() === connection.since.getTime()) return;
    connection = next;
    for (const listener of listeners) listener();
  }

  const hooksOf = (key: string): EntryHooks => ({
    signal: all.signal,
    onStatus: (status) => setStatus(key, status),
    onError,
    onChange() {
      changes += 1;
      for (const listener of listeners) listener();
    },
  });

  return {
    objects(query) {
      const key = keyOf(query);
      let entry = watched.get(key);
      if (entry === undefined) {
        const hooks = hooksOf(key);
        entry = createEntry({ nothing, start: () => watchedObjects(client, query, hooks), hooks });
        watched.set(key, entry);
      }
      return entry;
    },
    list(query) {
      const key = keyOf(query);
      let entry = lists.get(key);
      if (entry === undefined) {
        const hooks = hooksOf(key);
        let run: ListRun | undefined;
        const start = (): ListRun => (run = listedObjects(client, query, hooks));
        entry = { ...createEntry({ nothing: noList, start, hooks }), want: (rows) => run?.want(rows) };
        lists.set(key, entry);
      }
      return entry;
    },
    cloud(query) {
      const key = `cloud ${keyOf(query)}`;
      let entry = clouds.get(key);
      if (entry === undefined) {
        const hooks = hooksOf(key);
        entry = createEntry({ nothing: noCloud, start: () => cloudResources(client, query, hooks), hooks });
        clouds.set(key, entry);
      }
      return entry;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connection: () => connection,
    changes: () => changes,
    close: () => all.abort(),
  };
}

/** Text that two queries share exactly when they are the same. */
export function keyOf({ kind, ...query }: LiveQuery | ListQuery | CloudQuery): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return JSON.stringify([kind.many, given.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The worst of all states, since it is so. */
function togetherOf(states: readonly WatchStatus[]): Connection {
  for (const state of ['reconnecting', 'connecting', 'live'] as const) {
    const those = states.filter((status) => status.state === state).map(({ since }) => since.getTime());
    if (those.length > 0) return { state, since: new Date(Math.min(...those)) };
  }
  return { state: 'idle', since: new Date(0) };
}
