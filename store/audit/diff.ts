import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { isObject, jsonEqual, ownValue } from '../../kinds/schema/json.ts';
import type { Schema } from '../../kinds/schema/schema.ts';
import { lastAppliedAnnotation } from '../fields/last-applied.ts';

/** One field that a write changed. */
export interface FieldDiff {
  /** `spec.containers[name=web].image`, `metadata.labels[tier]` */
  readonly path: string;
  /** Absent where there was none; text of the beginning where it is cut. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly cut?: true;
  /** What became of a value that nobody may see here. */
  readonly redacted?: 'ADDED' | 'CHANGED' | 'REMOVED';
}

/** What a write changed. */
export interface Diff {
  readonly changes: readonly FieldDiff[];
  /** Changes beyond those that are listed. */
  readonly more: number;
}

const maxChanges = 200;
/** Of JSON. */
const maxValueCharacters = 4096;
const maxCharacters = 65_536;

/** Given by the store with every write, or said by the record itself. */
const given: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]);

/**
 * The fields in which two states of an object differ; without one of them, those of the other. Values of sensitive fields, and
 * the copy of an object that kubectl keeps in an annotation, are shown as changed and never as what they are.
 */
export function diffOf(kind: Kind, before: Resource | undefined, after: Resource | undefined): Diff {
  const changes = createChanges();
  for (const key of keysOf(before, after)) {
    if (key === 'apiVersion' || key === 'kind') continue;
    const [old, now] = [ownValue(before, key), ownValue(after, key)];
    if (key === 'metadata') diffMetadata(changes, old, now);
    else if (kind.sensitive.includes(key)) diffSensitive(changes, key, old, now);
    else diffValue(changes, kind.schema.properties?.[key], key, old, now);
  }
  return { changes: changes.listed, more: changes.more() };
}

type Changes = ReturnType<typeof createChanges>;

function createChanges() {
  const listed: FieldDiff[] = [];
  let characters = 0;
  let more = 0;
  return {
    listed,
    more: () => more,
    add(change: FieldDiff): void {
      const size = JSON.stringify(change).length;
      if (listed.length >= maxChanges || characters + size > maxCharacters) {
        more += 1;
        return;
      }
      characters += size;
      listed.push(change);
    },
  };
}

function diffMetadata(changes: Changes, before: unknown, after: unknown): void {
  for (const key of keysOf(before, after)) {
    if (given.has(key)) continue;
    const [old, now] = [ownValue(before, key), ownValue(after, key)];
    if (key === 'labels' || key === 'annotations') diffMap(changes, `metadata.${key}`, old, now);
    else diffValue(changes, undefined, `metadata.${key}`, old, now);
  }
}

/** A map of strings, key by key: also where it comes or goes as a whole, since one of its keys may hold a copy of secrets. */
function diffMap(changes: Changes, path: string, before: unknown, after: unknown): void {
  for (const key of keysOf(before, after)) {
    const [old, now] = [ownValue(before, key), ownValue(after, key)];
    if (key === lastAppliedAnnotation) addRedacted(changes, `${path}[${key}]`, old, now);
    else diffValue(changes, undefined, `${path}[${key}]`, old, now);
  }
}

function diffSensitive(changes: Changes, field: string, before: unknown, after: unknown): void {
  for (const key of keysOf(before, after))
    addRedacted(changes, `${field}[${key}]`, ownValue(before, key), ownValue(after, key));
}

function addRedacted(changes: Changes, path: string, before: unknown, after: unknown): void {
  if (before === after) return;
  changes.add({ path, redacted: before === undefined ? 'ADDED' : after === undefined ? 'REMOVED' : 'CHANGED' });
}

/** Goes down where both are objects, or lists whose items have keys; a value that came or went is shown as a whole. */
function diffValue(changes: Changes, schema: Schema | undefined, path: string, before: unknown, after: unknown): void {
  if (jsonEqual(before, after)) return;
  if (isObject(before) && isObject(after)) {
    for (const key of keysOf(before, after)) {
      const below = schema?.properties?.[key];
      const [old, now] = [ownValue(before, key), ownValue(after, key)];
      diffValue(changes, below ?? schema?.additionalProperties, below ? `${path}.${key}` : `${path}[${key}]`, old, now);
    }
    return;
  }
  const [oldItems, newItems] = [itemsByKey(schema, before), itemsByKey(schema, after)];
  if (oldItems === undefined || newItems === undefined) return changes.add(shown(path, before, after));
  for (const key of new Set([...oldItems.keys(), ...newItems.keys()]))
    diffValue(changes, schema?.items, `${path}[${key}]`, oldItems.get(key), newItems.get(key));
}

/** Items of a list by `name=web`; undefined for what is no list of items with keys, and for keys that come twice. */
function itemsByKey(schema: Schema | undefined, list: unknown): Map<string, unknown> | undefined {
  const keys = schema?.['x-kubernetes-list-map-keys'];
  if (keys === undefined || !Array.isArray(list)) return undefined;
  const items = new Map(
    list.map((item: unknown) => [keys.map((key) => `${key}=${String(ownValue(item, key))}`).join(','), item]),
  );
  return items.size === list.length ? items : undefined;
}

function shown(path: string, before: unknown, after: unknown): FieldDiff {
  const [old, now] = [bounded(before), bounded(after)];
  return {
    path,
    ...(before === undefined ? {} : { before: old.value }),
    ...(after === undefined ? {} : { after: now.value }),
    ...(old.cut || now.cut ? { cut: true } : {}),
  };
}

function bounded(value: unknown): { readonly value: unknown; readonly cut: boolean } {
  if (typeof value !== 'object' && typeof value !== 'string') return { value, cut: false };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= maxValueCharacters
    ? { value, cut: false }
    : { value: `${text.slice(0, maxValueCharacters)}…`.toWellFormed(), cut: true };
}

function keysOf(before: unknown, after: unknown): Set<string> {
  return new Set([...(isObject(before) ? Object.keys(before) : []), ...(isObject(after) ? Object.keys(after) : [])]);
}
