import { isObject } from '../../kinds/schema/json.ts';
import type { Fields } from './field-set.ts';
import type { MapShape, Shape } from './shape.ts';
import { freeShape } from './whole.ts';

/**
 * Fields that an applied configuration lays claim to: its leaves, its list items, and the keys of its free maps; undefined
 * where there is none. That an object is there is claimed only where it is empty.
 */
export function appliedSet(shape: Shape, value: unknown): Fields | undefined {
  switch (shape.form) {
    case 'scalar':
    case 'atomic':
      return {};
    case 'deduced':
      return isObject(value) ? setOfMap(shape, value) : {};
    case 'map':
      return isObject(value) ? setOfMap(shape, value) : undefined;
    case 'listMap':
    case 'set': {
      if (!Array.isArray(value)) return undefined;
      const fields: Record<string, Fields> = {};
      for (const item of value) {
        const element = shape.elementOf(item);
        if (element !== undefined) fields[element] = asMember(appliedSet(shape.item, item));
      }
      return orNothing(fields);
    }
  }
}

function setOfMap(shape: MapShape | { form: 'deduced' }, value: Readonly<Record<string, unknown>>): Fields | undefined {
  const fields: Record<string, Fields> = {};
  for (const key of Object.keys(value)) {
    const field = shape.form === 'map' ? shape.fields.get(key) : undefined;
    const inner = field === undefined ? freeShape(shape) : field.shape;
    if (inner === undefined || field?.owned === false) continue;
    const own = value[key];
    const empty = own === null || (isObject(own) && Object.keys(own).length === 0);
    const below = empty ? {} : appliedSet(inner, own);
    if (field === undefined) fields[`f:${key}`] = asMember(below);
    else if (below !== undefined) fields[field.element] = below;
  }
  return orNothing(fields);
}

/** The node as a field of the set, whatever is below it. */
function asMember(below: Fields | undefined): Fields {
  if (below === undefined) return {};
  for (const _ in below) return { '.': {}, ...below };
  return below;
}

function orNothing(fields: Record<string, Fields>): Fields | undefined {
  for (const _ in fields) return fields;
  return undefined;
}
