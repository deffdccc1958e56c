import type { AnyObject } from '../../catalog/any-object.ts';
import { type KnownKind, knownKinds } from '../../catalog/known-kinds.ts';
import { useLive } from '../../live/use-live.ts';
import { useNamespace, useProject } from '../../routing/scope.ts';

/** Objects of one kind, as the overview sees them. */
export interface KindObjects {
  readonly known: KnownKind;
  readonly objects: readonly AnyObject[];
  readonly isSynced: boolean;
  /** Whether the caller may list them. */
  readonly isSeen: boolean;
}

/** Kinds whose objects say how they are. */
const kinds = [...knownKinds.values()].filter(({ facts }) => facts.conditions.length > 0);

const select = {
  apiVersion: true,
  kind: true,
  metadata: {
    name: true,
    namespace: true,
    uid: true,
    resourceVersion: true,
    generation: true,
    creationTimestamp: true,
    deletionTimestamp: true,
  },
  status: { conditions: true },
};
const selectUnscoped = { ...select, metadata: { ...select.metadata, namespace: undefined } };

/** All objects that say how they are, live. */
export function useAllObjects(): readonly KindObjects[] {
  const namespace = useNamespace();
  const isRoot = useProject() === undefined;
  // The list of kinds never changes, and with it the number of hooks.
  return kinds.flatMap((known) => {
    const { facts, kind } = known;
    const isThere = isRoot || !facts.isRootOnly;
    const scope = facts.namespaced ? { kind, namespace, select } : { kind, select: selectUnscoped };
    // oxlint-disable-next-line react-hooks/rules-of-hooks
    const { error, isSynced, objects } = useLive(isThere ? scope : undefined);
    return isThere ? [{ known, objects, isSynced: isSynced || error !== undefined, isSeen: error === undefined }] : [];
  });
}
