import { isObject } from '../../kinds/schema/json.ts';
import type { Fields } from './field-set.ts';
import type { ListShape, MapShape, Shape } from './shape.ts';

/**
 * Fields of a value that has just come to be, or goes: each part of it, and each object and list on the way, since that it
 * is there is new as well.
 */
export function whole(shape: Shape, value: unknown): Fields {
  switch (shape.form) {
    case 'scalar':
    case 'atomic':
      return {};
    case 'map':
    case 'deduced':
      return isObject(value) ? wholeMap(shape, value) : {};
    case 'listMap':
    case 'set':
      return Array.isArray(value) ? wholeList(shape, value) : {};
  }
}

function wholeMap(shape: MapShape | { form: 'deduced' }, value: Readonly<Record<string, unknown>>): Fields {
  const fields: Record<string, Fields> = {};
  let any = false;
  for (const key of Object.keys(value)) {
    const field = shape.form === 'map' ? shape.fields.get(key) : undefined;
    const inner = field === undefined ? freeShape(shape) : field.shape;
    if (inner === undefined || field?.owned === false) continue;
    if (!any) fields['.'] = {};
    any = true;
    fields[field === undefined ? `f:${key}` : field.element] = whole(inner, value[key]);
  }
  return fields;
}

function wholeList(shape: ListShape, value: readonly unknown[]): Fields {
  const fields: Record<string, Fields> = {};
  for (const item of value) {
    const element = shape.elementOf(item);
    if (element === undefined) continue;
    fields['.'] ??= {};
    fields[element] = whole(shape.item, item);
  }
  return fields;
}

/** Shape of a field that the schema does not name; undefined where there may be none. */
export function freeShape(shape: MapShape | { form: 'deduced' }): Shape | undefined {
  return shape.form === 'deduced' ? shape : shape.free;
}
