import { isObject, jsonEqual } from './json.ts';
import type { Schema } from './schema.ts';

type Collect = (value: unknown, path: string) => string[];

const compiled = new WeakMap<Schema, Collect>();

/** Paths of what is set in a value although nothing acts on it yet, from the SDL's @notYet, in the order of the schema. */
export function notYetPaths(schema: Schema, value: unknown): string[] {
  let collect = compiled.get(schema);
  if (collect === undefined) compiled.set(schema, (collect = compile(schema)));
  return collect(value, '');
}

function compile(schema: Schema): Collect {
  const mark = schema['x-datum-not-yet'];
  if (mark) return (value, path) => ('except' in mark && jsonEqual(value, mark.except) ? [] : [path]);
  if (schema.type === 'array' && schema.items) {
    const item = compile(schema.items);
    return item === none
      ? none
      : (value, path) =>
          Array.isArray(value) ? value.flatMap((each: unknown, index) => item(each, `${path}[${index}]`)) : [];
  }
  const fields = Object.entries(schema.properties ?? {})
    .map(([name, field]) => ({ name, collect: compile(field) }))
    .filter(({ collect }) => collect !== none);
  if (fields.length === 0) return none;
  return (value, path) =>
    isObject(value)
      ? fields.flatMap(({ name, collect }) =>
          Object.hasOwn(value, name) ? collect(value[name], path === '' ? name : `${path}.${name}`) : [],
        )
      : [];
}

/** Most branches have nothing to say and are left alone. */
function none(): string[] {
  return [];
}
