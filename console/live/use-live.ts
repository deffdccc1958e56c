import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useLiveStore } from '../api/client-context.tsx';
import type { ListQuery, ListView } from './listed-objects.ts';
import type { LiveEntry } from './live-entry.ts';
import { type Connection, keyOf } from './live-store.ts';
import type { LiveQuery, LiveView } from './watched-objects.ts';

const noView: LiveView = { objects: [], isSynced: false };
const none: LiveEntry<LiveView> = { subscribe: () => () => {}, view: () => noView };
const noListView: ListView = { ...noView, total: 0, isWhole: false };
const noList = { subscribe: () => () => {}, view: () => noListView, want: () => {} };

/** What a watch tells, as long as the component is shown; nothing where there is no query. */
export function useLive(query: LiveQuery | undefined): LiveView {
  const store = useLiveStore();
  const key = query && keyOf(query);
  // Queries are equal when they say the same.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const entry = useMemo(() => (query === undefined ? none : store.objects(query)), [store, key]);
  return useSyncExternalStore(entry.subscribe, entry.view);
}

/** The first rows of a list, kept as they are on the server: `wanted` of them at least, as far as there are so many. */
export function useList(query: ListQuery | undefined, wanted: number): ListView {
  const store = useLiveStore();
  const key = query && keyOf(query);
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const entry = useMemo(() => (query === undefined ? noList : store.list(query)), [store, key]);
  const view = useSyncExternalStore(entry.subscribe, entry.view);
  useEffect(() => entry.want(wanted), [entry, wanted]);
  return view;
}

/** State of all watches together. */
export function useConnection(): Connection {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.connection);
}

/** How often anything changed that is watched: to read again what no watch tells. */
export function useChanges(): number {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.changes);
}
