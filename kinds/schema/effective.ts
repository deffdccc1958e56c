import { isObject } from './json.ts';
import type { Json, Schema } from './schema.ts';

type Fill = (value: unknown) => unknown;

const compiled = new WeakMap<Schema, Fill>();

/**
 * The value as those who act on it see it: with the defaults that are never stored. Parts that need none are shared with
 * the value, which is not touched.
 */
export function effective<T>(schema: Schema, value: T): T {
  let fill = compiled.get(schema);
  if (fill === undefined) compiled.set(schema, (fill = compile(schema)));
  return fill(value) as T;
}

/** Whether anything below has a default that is not stored; most branches have none and are left alone. */
function compile(schema: Schema): Fill {
  if (schema.type === 'array' && schema.items) return compileItems(compile(schema.items));
  if (schema.type !== 'object' || !schema.properties) return same;
  const fields = Object.entries(schema.properties)
    .map(([name, field]) => ({ name, fill: compile(field), fallback: field['x-datum-default'] }))
    .filter(({ fill, fallback }) => fill !== same || fallback !== undefined);
  return fields.length === 0 ? same : compileFields(fields);
}

function same(value: unknown): unknown {
  return value;
}

function compileItems(fill: Fill): Fill {
  if (fill === same) return same;
  return (value) => {
    if (!Array.isArray(value)) return value;
    const filled = value.map(fill);
    return filled.some((item, index) => item !== value[index]) ? filled : value;
  };
}

function compileFields(fields: readonly { name: string; fill: Fill; fallback: Json | undefined }[]): Fill {
  return (value) => {
    if (!isObject(value)) return value;
    let result = value;
    for (const { name, fill, fallback } of fields) {
      const own = Object.hasOwn(value, name) ? value[name] : undefined;
      const base = own === undefined ? structuredClone(fallback) : own;
      const filled = base === undefined ? undefined : fill(base);
      if (filled !== own) result = { ...result, [name]: filled };
    }
    return result;
  };
}
