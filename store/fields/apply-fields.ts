import type { Resource } from '../../kinds/object.ts';
import { jsonEqual } from '../../kinds/schema/json.ts';
import { appliedSet } from './applied-set.ts';
import { difference, type Fields, intersection, union, without } from './field-set.ts';
import { type Entries, entryOf, fieldsOf, isEntryOf, type ManagerId, release, sorted } from './managers.ts';
import { merge } from './merge.ts';
import { prune } from './prune.ts';
import type { MapShape } from './shape.ts';
import { differenceOf, type Ignored, tracked } from './track.ts';

/** Owner of what is in an object without entries, once somebody applies to it. */
const beforeFirstApply = 'before-first-apply';

/** Fields that an apply would change and that the entry of another holds. */
export interface HeldFields {
  readonly id: ManagerId;
  readonly fields: Fields;
}

/** What an apply makes of an object. */
export interface Applied {
  readonly object: Resource;
  readonly entries: Entries;
}

export interface ApplyInput {
  readonly shape: MapShape;
  /** Undefined for an object that is not there yet. */
  readonly live: Resource | undefined;
  /** Entries of the live object. */
  readonly entries: Entries;
  /** The configuration, of the right shape and without ignored parts. */
  readonly applied: object;
  readonly id: ManagerId;
  readonly ignored: Ignored;
  /** Which of the conflicts do not count; all of them for an apply by force. */
  readonly allowed: 'all' | Fields | undefined;
  /** RFC 3339. */
  readonly now: string;
}

/** Lays an applied configuration over an object, or answers who holds what it would change. Nothing given is touched. */
export function applyFields(input: ApplyInput): Applied | { readonly conflicts: readonly HeldFields[] } {
  const { shape, live, applied, id, ignored, now } = input;
  const claimed = without(appliedSet(shape, applied), ignored);
  if (live === undefined) {
    return {
      object: applied as Resource,
      entries: claimed === undefined ? [] : [entryOf(id, claimed, now)],
    };
  }
  const entries = input.entries.length > 0 ? input.entries : firstEntries(input, live);
  const own = entries.find((entry) => isEntryOf(entry, id));
  const others = entries.filter((entry) => entry !== own);
  const object = laidOver(input, live, own && fieldsOf(own), claimed, others);
  const { taken, removed } = differenceOf(shape, live, object, ignored);
  const conflicts = others.flatMap((entry) => conflictWith(entry, taken, input.allowed));
  if (conflicts.length > 0) return { conflicts };
  const kept = others.flatMap((entry) => release(entry, taken, removed) ?? []);
  if (claimed !== undefined) kept.push(entryOf(id, claimed, jsonEqual(live, object) ? own?.time : now));
  return { object, entries: sorted(kept) };
}

function firstEntries({ shape, id, ignored, now }: ApplyInput, live: Resource): Entries {
  const first = { ...id, manager: beforeFirstApply, operation: 'Update' } as const;
  return tracked([], first, differenceOf(shape, undefined, live, ignored), now);
}

function laidOver(
  { shape, applied }: ApplyInput,
  live: Resource,
  last: Fields | undefined,
  claimed: Fields | undefined,
  others: Entries,
): Resource {
  const together = merge(shape, live, applied);
  // Mostly the same fields are applied again, and nothing goes.
  if (last === undefined || difference(last, claimed) === undefined) return together as Resource;
  const held = others.reduce((all, entry) => union(all, fieldsOf(entry)), claimed);
  return prune(shape, together, last, held ?? {}) as Resource;
}

function conflictWith(
  entry: Entries[number],
  taken: Fields | undefined,
  allowed: ApplyInput['allowed'],
): readonly HeldFields[] {
  if (allowed === 'all') return [];
  const fields = difference(intersection(fieldsOf(entry), taken), allowed);
  return fields === undefined ? [] : [{ id: entry, fields }];
}
