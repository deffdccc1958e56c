import type { ObjectMeta, Resource } from '../../kinds/object.ts';
import type { Served } from '../served/served.ts';
import { invalid } from '../status/refusals.ts';

/** A stored object as clients see it at this group and version. */
export function shown({ view }: Served, stored: Resource): Resource {
  const object = view === undefined ? stored : view.outward(stored);
  if (object.metadata.resourceVersion !== '') return object;
  // What a dry run creates has no version yet.
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as ObjectMeta };
}

/** An object that a client sent, as the store takes it. */
export function taken({ view }: Served, sent: Resource): Resource {
  const object = view === undefined ? sent : view.inward(sent);
  if (!Object.hasOwn(object.metadata, 'selfLink')) return object;
  // Known in Kubernetes' metadata and without meaning since long.
  const { selfLink: _, ...metadata } = object.metadata as ObjectMeta & { selfLink?: unknown };
  return { ...object, metadata };
}

/**
 * Throws 422 for what this group and version refuses beyond the store. Both states are as they are stored; `current` is absent
 * for a new object.
 */
export function refuseByView({ view, stored }: Served, next: Resource, current?: Resource): void {
  const problems = view?.problems?.(next, current) ?? [];
  if (problems.length === 0 || stored === undefined) return;
  const causes = problems.map(({ path, reason, message }) => ({ reason, message, field: path }));
  throw invalid({ group: stored.group, version: stored.version, kind: stored.name }, next.metadata.name, causes);
}
