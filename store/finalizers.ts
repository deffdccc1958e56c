import type { Resource } from '../kinds/object.ts';

/** Finalizers by which a deletion's propagation is carried out, see workers/garbage-collector. */
export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';
/** Held by a namespace in `spec.finalizers` until everything inside is gone. */
export const namespaceFinalizer = 'kubernetes';

/** Whether something keeps an object that is being deleted. */
export function isHeld(object: Resource): boolean {
  const own = object.metadata.finalizers ?? [];
  const spec =
    object.kind === 'Namespace' ? ((object.spec as { finalizers?: string[] } | undefined)?.finalizers ?? []) : [];
  return own.length + spec.length > 0;
}
