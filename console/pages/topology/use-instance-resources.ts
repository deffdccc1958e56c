import { useMemo, useSyncExternalStore } from 'react';
import { allKinds, type Instance } from '../../../sdk/main.ts';
import type { AnyKind, Kind } from '../../../sdk/client/kind.ts';
import { useLiveStore } from '../../api/client-context.tsx';
import type { CloudView } from '../../live/cloud-resources.ts';
import type { LiveEntry } from '../../live/live-entry.ts';
import type { GraphedResource } from '../../models/topology.ts';

type ByUid = ReadonlyMap<string, readonly GraphedResource[]>;

const kind = allKinds.instances as unknown as Kind<AnyKind>;

/** What was made in the cloud for these instances, by their uid, live: a watch for each, so give it those that are drawn. */
export function useInstanceResources(instances: readonly Instance[]): ByUid {
  const store = useLiveStore();
  const key = instances.map(({ metadata }) => metadata.uid).join(' ');
  const together = useMemo(
    () =>
      togetherOf(
        instances.map(({ metadata: { name, namespace = '', uid } }) => [
          uid,
          store.cloud({ kind, namespace, name, uid }),
        ]),
      ),
    // An instance that changes is the same one.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [store, key],
  );
  return useSyncExternalStore(together.subscribe, together.view);
}

/** Several watches as one, whose view is the same until one of them tells something. */
function togetherOf(entries: readonly (readonly [uid: string, entry: LiveEntry<CloudView>])[]): LiveEntry<ByUid> {
  let seen: readonly CloudView[] = [];
  let all: ByUid = new Map();
  return {
    subscribe(listener) {
      const stops = entries.map(([, entry]) => entry.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    view() {
      const now = entries.map(([, entry]) => entry.view());
      if (now.length === seen.length && now.every((view, at) => view === seen[at])) return all;
      seen = now;
      all = new Map(entries.map(([uid], at) => [uid, now[at]?.resources ?? []]));
      return all;
    },
  };
}
