import type { ManagedFieldsEntry } from '../../kinds/object.ts';
import { isObject, jsonEqual } from '../../kinds/schema/json.ts';
import { normalElement } from './element.ts';
import type { Fields } from './field-set.ts';
import { entryOf, type Entries, isEntryOf } from './managers.ts';

/** Deeper than any schema; a set that is deeper is none. */
const maxDepth = 64;
const maxManagerLength = 128;

/**
 * Entries that a write of the main resource starts from: those that it sends, or the stored ones where it sends none or
 * what cannot be read. An empty list, or one empty entry, takes all ownership away.
 */
export function incomingEntries(sent: unknown, stored: Entries): Entries {
  if (!Array.isArray(sent) || sent === stored) return stored;
  if (sent.length === 0 || (sent.length === 1 && isObject(sent[0]) && Object.keys(sent[0]).length === 0)) return [];
  if (jsonEqual(sent, stored)) return stored;
  const entries: ManagedFieldsEntry[] = [];
  for (const each of sent as unknown[]) {
    const entry = readEntry(each);
    if (entry === undefined) return stored;
    const twin = entries.findIndex((other) => isEntryOf(other, entry));
    if (twin >= 0) entries.splice(twin, 1);
    entries.push(entry);
  }
  return entries;
}

function readEntry(value: unknown): ManagedFieldsEntry | undefined {
  if (!isObject(value)) return undefined;
  const { manager = '', operation, apiVersion, time, fieldsType, fieldsV1 = {}, subresource } = value;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (fieldsType !== 'FieldsV1' || typeof apiVersion !== 'string' || apiVersion === '') return undefined;
  if (typeof manager !== 'string' || manager.length > maxManagerLength) return undefined;
  if (time !== undefined && time !== null && (typeof time !== 'string' || Number.isNaN(Date.parse(time))))
    return undefined;
  if (subresource !== undefined && typeof subresource !== 'string') return undefined;
  const fields = readFields(fieldsV1, 0);
  if (fields === undefined) return undefined;
  const id = { manager, operation, apiVersion, ...(subresource ? { subresource } : {}) } as const;
  return entryOf(id, fields, typeof time === 'string' ? time : undefined);
}

function readFields(value: unknown, depth: number): Fields | undefined {
  if (!isObject(value) || depth > maxDepth) return undefined;
  const fields: Record<string, Fields> = {};
  const keys = Object.keys(value);
  for (const key of keys) {
    if (key === '.') {
      // Says nothing where it is alone.
      if (keys.length > 1) fields['.'] = {};
      continue;
    }
    const element = normalElement(key);
    const below = element === undefined ? undefined : readFields(value[key], depth + 1);
    if (element === undefined || below === undefined) return undefined;
    fields[element] = below;
  }
  return fields;
}
