import type { Resource } from '../../kinds/object.ts';
import { compare, type Difference } from './compare.ts';
import { union, without } from './field-set.ts';
import { capped, type Entries, entryOf, fieldsOf, isEntryOf, type ManagerId, release, sorted } from './managers.ts';
import type { MapShape } from './shape.ts';

/** What there is before anything is. */
const nothing = { metadata: {} };

/** Fields that sets never name, by their element at the root, such as `f:status` for writes of all else. */
export type Ignored = readonly string[];

/** Difference between two whole objects, ignored parts aside. `before` is absent for an object that is new. */
export function differenceOf(
  shape: MapShape,
  before: Resource | undefined,
  after: object,
  ignored: Ignored,
): Difference {
  const { taken, removed } = compare(shape, before ?? nothing, after);
  return { taken: without(taken, ignored), removed: without(removed, ignored) };
}

/**
 * Entries after an update: what changed is the writer's now and nobody else's, what is gone is nobody's. Answers the same
 * list when no entry changed.
 */
export function tracked(entries: Entries, id: ManagerId, { taken, removed }: Difference, now: string): Entries {
  if (taken === undefined && removed === undefined) return entries;
  let own = taken;
  const next = entries.flatMap((entry) => {
    const left = release(entry, taken, removed);
    if (left === undefined || taken === undefined || !isEntryOf(entry, id)) return left ?? [];
    own = union(fieldsOf(left), taken);
    return [];
  });
  if (own !== undefined) next.push(entryOf(id, own, now));
  return sorted(capped(next));
}
