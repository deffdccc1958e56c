import type { Kind } from '../kinds/kind.ts';
import type { Resource } from '../kinds/object.ts';
import { incomingEntries } from './fields/incoming.ts';
import type { Entries } from './fields/managers.ts';
import { shapeOf } from './fields/shape.ts';
import { differenceOf, tracked } from './fields/track.ts';
import { ignoredBy, managerOf } from './ownership.ts';
import type { RequestContext, UpdateOptions } from './types.ts';

/** The states that an update goes through. */
interface States {
  readonly current: Resource;
  /** What the writer sent. */
  readonly wanted: Resource;
  /** What will be stored. */
  readonly admitted: Resource;
}

/**
 * Who owns what after an update. Only writes of the main resource may bring managed fields of their own; an object that
 * has none stays so until something is applied to it.
 */
export function updatedEntries(
  kind: Kind,
  context: RequestContext,
  { current, wanted, admitted }: States,
  { subresource, managedAs }: UpdateOptions,
  now: string,
): Entries {
  const stored = current.metadata.managedFields ?? [];
  const path = managedAs ?? subresource;
  const entries = path === undefined ? incomingEntries(wanted.metadata.managedFields, stored) : stored;
  if (entries.length === 0) return entries;
  // Metadata that comes with a write of status is not stored, and yet it counts here as if it were: Kubernetes does so, and
  // clients compare.
  const after = subresource === 'status' ? { ...admitted, metadata: wanted.metadata } : admitted;
  const difference = differenceOf(shapeOf(kind), current, after, ignoredBy(kind, subresource));
  return tracked(entries, managerOf(kind, context, 'Update', path), difference, now);
}
