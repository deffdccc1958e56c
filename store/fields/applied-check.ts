import { isObject, ownValue } from '../../kinds/schema/json.ts';
import { showElement } from './element.ts';
import type { ListShape, Shape } from './shape.ts';
import { freeShape } from './whole.ts';

/** More faults than anyone reads would only cost memory. */
const maxFaults = 20;
/** Deeper than any schema. */
const maxDepth = 64;

/** What keeps a configuration from being applied: fields unknown to the schema, wrong types, items without their keys. */
export function appliedFaults(shape: Shape, value: unknown): string[] {
  const faults: string[] = [];
  check(shape, value, '', 0, faults);
  return faults.slice(0, maxFaults);
}

function check(shape: Shape, value: unknown, path: string, depth: number, faults: string[]): void {
  if (value === null || value === undefined || faults.length >= maxFaults) return;
  if (depth > maxDepth) {
    faults.push(`${path}: nested too deeply`);
    return;
  }
  switch (shape.form) {
    case 'scalar': {
      const fault = scalarFault(shape.accepts, value);
      if (fault !== undefined) faults.push(`${path}: ${fault}`);
      return;
    }
    case 'atomic':
      if (shape.of.form === 'map') check(shape.of, value, path, depth, faults);
      else if (!Array.isArray(value)) faults.push(`${path}: expected list, got ${nameOf(value)}`);
      else {
        const { item } = shape.of;
        value.forEach((each, index) => check(item, each, `${path}[${index}]`, depth + 1, faults));
      }
      return;
    case 'map':
      if (!isObject(value)) {
        faults.push(`${path}: expected map, got ${nameOf(value)}`);
        return;
      }
      for (const key of Object.keys(value)) {
        const inner = shape.fields.get(key)?.shape ?? freeShape(shape);
        if (inner === undefined) faults.push(`${path}.${key}: field not declared in schema`);
        else check(inner, value[key], `${path}.${key}`, depth + 1, faults);
      }
      return;
    case 'deduced':
      if (isObject(value)) {
        for (const key of Object.keys(value)) check(shape, value[key], `${path}.${key}`, depth + 1, faults);
      }
      return;
    case 'listMap':
    case 'set':
      if (Array.isArray(value)) checkItems(shape, value, path, depth, faults);
      else faults.push(`${path}: expected list, got ${nameOf(value)}`);
  }
}

function checkItems(shape: ListShape, items: readonly unknown[], path: string, depth: number, faults: string[]): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    const element = shape.elementOf(item);
    if (element === undefined) {
      const key = shape.keys.find((name) => (ownValue(item, name) ?? null) === null) ?? '';
      faults.push(
        `${path}: element ${index}: associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`,
      );
      return;
    }
    const shown = showElement(element);
    if (seen.has(element)) faults.push(`${path}: duplicate entries for key ${shown}`);
    seen.add(element);
    check(shape.item, item, `${path}${shown}`, depth + 1, faults);
  });
}

function scalarFault(accepts: 'string' | 'number' | 'boolean' | 'any', value: unknown): string | undefined {
  const fits = accepts === 'any' ? typeof value !== 'object' : typeof value === accepts;
  if (fits) return undefined;
  switch (accepts) {
    case 'number':
      return `expected numeric (int or float), got ${nameOf(value)}`;
    case 'any':
      return `expected scalar, got ${nameOf(value)}`;
    case 'string':
    case 'boolean':
      return `expected ${accepts}, got ${nameOf(value)}`;
  }
}

/** Types are named and values are not: a value may be a secret. */
function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return isObject(value) ? 'map' : typeof value;
}
