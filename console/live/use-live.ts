import { useMemo, useSyncExternalStore } from 'react';
import { useLiveStore } from '../api/client-context.tsx';
import type { Connection, LiveEntry, LiveQuery, LiveView } from './live-store.ts';

const none: LiveEntry = {
  subscribe: () => () => {},
  view: () => noView,
};
const noView: LiveView = { objects: [], isSynced: false };

/** What a watch tells, as long as the component is shown; nothing where there is no query. */
export function useLive(query: LiveQuery | undefined): LiveView {
  const store = useLiveStore();
  const { kind, namespace, labelSelector, fieldSelector, select } = query ?? {};
  const selectKey = JSON.stringify(select);
  const entry = useMemo(
    () => (kind === undefined ? none : store.entry({ kind, namespace, labelSelector, fieldSelector, select })),
    // Selections are equal when they say the same.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [store, kind, namespace, labelSelector, fieldSelector, selectKey],
  );
  return useSyncExternalStore(entry.subscribe, entry.view);
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
