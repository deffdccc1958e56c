import type { Resource } from '../../kinds/object.ts';
import { foregroundFinalizer, orphanFinalizer } from '../../store/finalizers.ts';
import type { Propagation } from '../../store/types.ts';

/** An owner as its dependent's fate sees it: `waiting` is being deleted and waits for its dependents to go first. */
export interface OwnerState {
  readonly uid: string;
  readonly state: 'present' | 'absent' | 'waiting';
}

/** What becomes of an object because of its owners. */
export type Fate =
  | { readonly do: 'keep' }
  /** Some owner is there: only the references to the others go. */
  | { readonly do: 'forget'; readonly uids: readonly string[] }
  | { readonly do: 'delete'; readonly propagation: Propagation };

/** Decides the fate of an object by its owners; `hasDependents`: whether others are owned by the object. */
export function fateOf(object: Resource, owners: readonly OwnerState[], hasDependents: boolean): Fate {
  const going = owners.filter(({ state }) => state !== 'present');
  if (going.length === 0) return { do: 'keep' };
  if (going.length < owners.length) return { do: 'forget', uids: going.map(({ uid }) => uid) };
  if (object.metadata.deletionTimestamp !== undefined) return { do: 'keep' };
  const isWaitedFor = going.some(({ state }) => state === 'waiting');
  return { do: 'delete', propagation: isWaitedFor && hasDependents ? 'Foreground' : chosenBefore(object) };
}

/** A finalizer of the collector on an object that is not being deleted yet is a wish for when it will be. */
function chosenBefore({ metadata: { finalizers = [] } }: Resource): Propagation {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}

/** Which propagation of its deletion an object waits for, if any. */
export function pendingPropagation({ metadata }: Resource): 'Foreground' | 'Orphan' | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  if (metadata.finalizers?.includes(orphanFinalizer)) return 'Orphan';
  return metadata.finalizers?.includes(foregroundFinalizer) ? 'Foreground' : undefined;
}

/** Whether an owner that is deleted in foreground waits for this dependent. */
export function blocks(dependent: Resource, ownerUid: string): boolean {
  return (
    dependent.metadata.ownerReferences?.some(
      ({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion === true,
    ) === true
  );
}
