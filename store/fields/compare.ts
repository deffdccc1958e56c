import { isObject, jsonEqual, ownValue } from '../../kinds/schema/json.ts';
import { difference, type Fields } from './field-set.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';
import { freeShape, whole } from './whole.ts';

/** What sets two states apart. */
export interface Difference {
  /** Fields that are new or have another value; undefined when there is none. */
  readonly taken: Fields | undefined;
  /** Fields that are gone; undefined when there is none. */
  readonly removed: Fields | undefined;
}

type Values = Readonly<Record<string, unknown>>;

const nothing: Values = {};
const same: Difference = { taken: undefined, removed: undefined };

/** Compares two values of a shape, both present. The order of a list whose items are owned one by one means nothing. */
export function compare(shape: Shape, before: unknown, after: unknown): Difference {
  if (before === after) return same;
  switch (shape.form) {
    case 'scalar':
    case 'atomic':
      return jsonEqual(before, after) ? same : changed();
    case 'map':
      return compareMap(shape, before, after);
    case 'deduced':
      if (isObject(before) && isObject(after)) return compareMap(shape, before, after);
      return jsonEqual(before, after) ? same : replaced(whole(shape, before), whole(shape, after));
    case 'listMap':
    case 'set':
      return compareList(shape, before, after);
  }
}

function compareMap(shape: MapShape | { form: 'deduced' }, before: unknown, after: unknown): Difference {
  const a = isObject(before) ? before : nothing;
  const b = isObject(after) ? after : nothing;
  const found = new Gathered();
  if (shape.form === 'map') {
    for (const field of shape.fields.values()) {
      if (!field.owned) continue;
      const fallback = field.always ? nothing : undefined;
      found.add(field.element, field.shape, ownValue(a, field.name) ?? fallback, ownValue(b, field.name) ?? fallback);
    }
  }
  const free = freeShape(shape);
  if (free !== undefined) {
    const named = shape.form === 'map' ? shape.fields : undefined;
    for (const key of Object.keys(b)) {
      if (!named?.has(key)) found.add(`f:${key}`, free, ownValue(a, key), b[key]);
    }
    for (const key of Object.keys(a)) {
      if (!named?.has(key) && !Object.hasOwn(b, key)) found.add(`f:${key}`, free, a[key], undefined);
    }
  }
  // Something empty is told apart as a whole: null from an empty object.
  return found.any || !isEmpty(a) || !isEmpty(b) || jsonEqual(before, after) ? found : changed();
}

function compareList(shape: ListShape, before: unknown, after: unknown): Difference {
  const a = itemsOf(shape, before);
  const b = itemsOf(shape, after);
  if (a.size === 0 && b.size === 0) return jsonEqual(before, after) ? same : changed();
  const found = new Gathered();
  for (const [element, item] of b) found.add(element, shape.item, a.get(element), item);
  for (const [element, item] of a) if (!b.has(element)) found.add(element, shape.item, item, undefined);
  return found;
}

function itemsOf(shape: ListShape, value: unknown): ReadonlyMap<string, unknown> {
  const items = new Map<string, unknown>();
  if (!Array.isArray(value)) return items;
  for (const item of value) {
    const element = shape.elementOf(item);
    if (element !== undefined) items.set(element, item);
  }
  return items;
}

/** The difference where something of one form takes the place of something of another. */
function replaced(before: Fields, after: Fields): Difference {
  return { taken: after, removed: difference(before, after) };
}

function changed(): Difference {
  return { taken: {}, removed: undefined };
}

function isEmpty(value: Values): boolean {
  for (const _ in value) return false;
  return true;
}

/** Gathers the differences of the parts; makes an object only where there is one. */
class Gathered implements Difference {
  taken: Record<string, Fields> | undefined;
  removed: Record<string, Fields> | undefined;

  get any(): boolean {
    return this.taken !== undefined || this.removed !== undefined;
  }

  add(element: string, shape: Shape, before: unknown, after: unknown): void {
    if (before === after) return;
    if (before === undefined) (this.taken ??= {})[element] = whole(shape, after);
    else if (after === undefined) (this.removed ??= {})[element] = whole(shape, before);
    else {
      const { taken, removed } = compare(shape, before, after);
      if (taken !== undefined) (this.taken ??= {})[element] = taken;
      if (removed !== undefined) (this.removed ??= {})[element] = removed;
    }
  }
}
