import { useMemo, useSyncExternalStore } from 'react';
import { useLiveStore } from '../../api/client-context.tsx';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import type { CloudView } from '../../live/cloud-resources.ts';

interface Which {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid: string };
}

/** What was made in a cloud for an object, live. */
export function useCloudResources({ kind }: KnownKind, { metadata }: Which): CloudView {
  const store = useLiveStore();
  const { namespace = '', name, uid } = metadata;
  const entry = useMemo(() => store.cloud({ kind, namespace, name, uid }), [store, kind, namespace, name, uid]);
  return useSyncExternalStore(entry.subscribe, entry.view);
}
