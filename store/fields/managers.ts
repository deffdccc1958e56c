import type { ManagedFieldsEntry } from '../../kinds/object.ts';
import { difference, type Fields, union } from './field-set.ts';

/** What tells the entries of an object apart. */
export type ManagerId = Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

export type Entries = readonly ManagedFieldsEntry[];

/** More entries of operation Update than this are merged, oldest first. */
const maxUpdateManagers = 10;
const ancientManager = 'ancient-changes';

/** Whether an entry is that of a manager. */
export function isEntryOf(entry: ManagerId, id: ManagerId): boolean {
  return (
    entry.manager === id.manager &&
    entry.operation === id.operation &&
    entry.apiVersion === id.apiVersion &&
    entry.subresource === id.subresource
  );
}

/** An entry in the order of keys in which it is stored; `time` is absent for one that has not changed anything yet. */
export function entryOf(id: ManagerId, fields: Fields, time: string | undefined): ManagedFieldsEntry {
  return {
    manager: id.manager,
    operation: id.operation,
    apiVersion: id.apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields as Record<string, unknown>,
    ...(id.subresource === undefined ? {} : { subresource: id.subresource }),
  };
}

/** Field set of an entry. Entries are checked when they come in, so what is stored is one. */
export function fieldsOf(entry: ManagedFieldsEntry): Fields {
  return entry.fieldsV1 as Fields;
}

/** The entry without fields that others took and fields that are gone; undefined when nothing is left. */
export function release(
  entry: ManagedFieldsEntry,
  taken: Fields | undefined,
  removed: Fields | undefined,
): ManagedFieldsEntry | undefined {
  const left = difference(difference(fieldsOf(entry), taken), removed);
  if (left === undefined || left === fieldsOf(entry)) return left && entry;
  return { ...entry, fieldsV1: left as Record<string, unknown> };
}

/** Entries in the order in which they are stored: by operation, age and name. */
export function sorted(entries: Entries): ManagedFieldsEntry[] {
  return entries.toSorted(
    (a, b) =>
      byText(a.operation, b.operation) ||
      byText(a.time ?? '', b.time ?? '') ||
      byText(a.manager, b.manager) ||
      byText(a.apiVersion, b.apiVersion) ||
      byText(a.subresource ?? '', b.subresource ?? ''),
  );
}

/** The entries with the oldest updates merged into one for each version, so that their number is bounded. */
export function capped(entries: Entries): Entries {
  let surplus = entries.filter(({ operation }) => operation === 'Update').length - maxUpdateManagers;
  if (surplus <= 0) return entries;
  const kept: ManagedFieldsEntry[] = [];
  const oldestAt = new Map<string, number>();
  for (const entry of sorted(entries)) {
    const { apiVersion, operation, time } = entry;
    const oldest = oldestAt.get(apiVersion);
    const older = oldest === undefined ? undefined : kept[oldest];
    if (operation !== 'Update' || surplus <= 0) kept.push(entry);
    else if (oldest === undefined || older === undefined) oldestAt.set(apiVersion, kept.push(entry) - 1);
    else {
      const id = { manager: ancientManager, operation, apiVersion } as const;
      // A union of two sets that are not empty is not empty.
      kept[oldest] = entryOf(id, union(fieldsOf(older), fieldsOf(entry)) as Fields, time);
      surplus -= 1;
    }
  }
  return kept;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
