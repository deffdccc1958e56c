import type { ObjectMeta, Resource } from '../../kinds/object.ts';
import type { Served } from '../served/served.ts';

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
