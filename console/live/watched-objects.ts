import type { Datum, DatumError } from '../../sdk/main.ts';
import type { AnyKind, Kind } from '../../sdk/client/kind.ts';
import type { AnyObject } from '../catalog/any-object.ts';
import type { EntryHooks, EntryRun } from './live-entry.ts';

/** What to watch. */
export interface LiveQuery {
  readonly kind: Kind<AnyKind>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly text?: string | undefined;
  /** What of each object; absent: all but its relations. */
  readonly select?: object | undefined;
}

/** What a watch has told so far. A new one after each change. */
export interface LiveView {
  readonly objects: readonly AnyObject[];
  /** Whether the first state is complete. */
  readonly isSynced: boolean;
  /** Why the watch ended for good: it is not allowed, or is wrong. */
  readonly error?: DatumError | undefined;
}

/** All objects of a query, as the client's informer keeps them. */
export function watchedObjects(client: Datum, query: LiveQuery, { onStatus }: EntryHooks): EntryRun<LiveView> {
  const { kind, namespace, labelSelector, fieldSelector, text, select } = query;
  let view = (): LiveView => ({ objects: [], isSynced: false });
  let size = (): number => 0;
  return {
    view: () => view(),
    size: () => size(),
    async run(signal, tell) {
      const informer = client.resource(kind).informer({
        ...(kind.namespaced ? { namespace } : {}),
        labelSelector,
        fieldSelector,
        text,
        select: select as never,
        signal,
        onStatus: (status) => !signal.aborted && onStatus(status),
      });
      view = () => ({ objects: informer.list() as readonly AnyObject[], isSynced: informer.isSynced });
      size = () => informer.size;
      informer.subscribe(tell);
      informer.synced.then(tell, () => {});
      await informer.ended;
    },
  };
}
