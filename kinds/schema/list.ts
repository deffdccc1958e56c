import { duplicate, invalid, tooMany, typeInvalid, type Problem } from '../problem.ts';
import { canonical, isObject, typeOf } from './json.ts';
import type { Schema } from './schema.ts';
import type { Walk } from './walk.ts';

/** Walk over a list. Items have no previous value: what may change in them is the list's matter. */
export function compileList(schema: Schema, item: Walk): Walk {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const keyOf = keyReader(schema);
  return (value, _previous, findings) => {
    if (!Array.isArray(value)) {
      findings.add(typeInvalid(findings.pathOf(), typeOf(value), 'array'));
      return value;
    }
    if (value.length < minItems) {
      findings.add(
        invalid(findings.pathOf(), value.length, `${findings.pathOf()} in body should have at least ${minItems} items`),
      );
    }
    if (value.length > maxItems) findings.add(tooMany(findings.pathOf(), value.length, maxItems));
    const seen = keyOf && value.length > 1 ? new Set<string>() : undefined;
    return value.map((each: unknown, index) => {
      findings.enter(index);
      const walked = item(each, undefined, findings);
      const key = seen && keyOf?.(walked);
      if (key !== undefined && seen?.has(key)) findings.add(duplicateItem(findings.pathOf(), schema, walked));
      if (key !== undefined) seen?.add(key);
      findings.leave();
      return walked;
    });
  };
}

/** What must differ between items, as text; undefined for an item of which it cannot be told. */
function keyReader(schema: Schema): ((item: unknown) => string | undefined) | undefined {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return canonical;
    case 'map':
      return (item) => {
        const keys = keysOf(schema, item);
        return keys.length === 0 ? undefined : JSON.stringify(keys);
      };
    case 'atomic':
    case undefined:
      return undefined;
  }
}

/** Those of the list's keys that an item has, sorted, with their values. */
function keysOf(schema: Schema, item: unknown): [string, unknown][] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return keys.toSorted().flatMap((key) => (isObject(item) && Object.hasOwn(item, key) ? [[key, item[key]]] : []));
}

function duplicateItem(path: string, schema: Schema, item: unknown): Problem {
  if (schema['x-kubernetes-list-type'] === 'set') return duplicate(path, item);
  // As Go prints a map.
  const keys = keysOf(schema, item).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return {
    path,
    reason: 'FieldValueDuplicate',
    message: `Duplicate value: map[string]interface {}{${keys.join(', ')}}`,
  };
}
