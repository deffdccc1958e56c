import type { Resource } from '../kinds/object.ts';

/** Finalizers by which a deletion's propagation is carried out, see workers/garbage-collector. */
export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';
/** Held by a namespace in `spec.finalizers` until everything inside is gone. */
export const namespaceFinalizer = 'kubernetes';

/** A namespace with the finalizers that its spec had before: they have a path of their own, `finalize`. */
export function withSpecFinalizersOf(next: Resource, current: Resource): Resource {
  if (current.kind !== 'Namespace') return next;
  const { finalizers: _, ...spec } = (next.spec ?? {}) as { finalizers?: string[] };
  const { finalizers } = (current.spec ?? {}) as { finalizers?: string[] };
  return { ...next, spec: { ...spec, ...(finalizers === undefined ? {} : { finalizers }) } };
}

/** Whether something keeps an object that is being deleted. */
export function isHeld(object: Resource): boolean {
  const own = object.metadata.finalizers ?? [];
  const spec =
    object.kind === 'Namespace' ? ((object.spec as { finalizers?: string[] } | undefined)?.finalizers ?? []) : [];
  return own.length + spec.length > 0;
}
