import type { Json } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import type { Schema } from './schema.ts';

/** One thing wrong with a message. */
export interface SchemaProblem {
  readonly kind: 'unknown-field' | 'wrong-type' | 'unknown-value';
  /** Path of the field, as in `resource.disks[0].type`. */
  readonly field: string;
  readonly value: Json;
  readonly expected: string;
}

/**
 * Checks a value against a message: field names, JSON types, enum values. `null` is allowed everywhere in a request
 * (it clears) and nowhere in an answer. Numbers of 64 bits are strings in answers and may be either in requests.
 */
export function checkMessage(
  schema: Schema,
  message: string,
  value: Json,
  field: string,
  direction: 'request' | 'answer',
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const wrong = (kind: SchemaProblem['kind'], at: string, found: Json, expected: string) =>
    problems.push({ kind, field: at, value: found, expected });

  const checkFields = (type: string, found: Json, at: string) => {
    const fields = schema.messages[type];
    if (fields === undefined) throw new Error(`the schema has no message ${type}`);
    if (!isObject(found)) return wrong('wrong-type', at, found, 'object');
    for (const [name, member] of Object.entries(found)) {
      if (member === undefined) continue;
      const memberType = fields[name];
      const path = `${at}.${name}`;
      if (memberType === undefined) wrong('unknown-field', path, member, type);
      else checkValue(memberType, member, path);
    }
    return undefined;
  };
  const checkValue = (type: string, found: Json, at: string): unknown => {
    if (found === null && direction === 'request') return undefined;
    if (type.endsWith('[]')) {
      if (!Array.isArray(found)) return wrong('wrong-type', at, found, 'array');
      return found.forEach((item, index) => checkValue(type.slice(0, -2), item, `${at}[${index}]`));
    }
    if (type.endsWith('{}')) {
      if (!isObject(found)) return wrong('wrong-type', at, found, 'object');
      return Object.entries(found).forEach(([key, item]) =>
        checkValue(type.slice(0, -2), item ?? null, `${at}.${key}`),
      );
    }
    if (type.startsWith('enum:')) {
      const values = schema.enums[type.slice(5)] ?? [];
      if (typeof found !== 'string') return wrong('wrong-type', at, found, 'string');
      return values.includes(found) ? undefined : wrong('unknown-value', at, found, values.join(', '));
    }
    const scalar = isScalar(type, found, direction);
    if (scalar === undefined) return checkFields(type, found, at);
    return scalar ? undefined : wrong('wrong-type', at, found, type);
  };

  checkFields(message, value, field);
  return problems;
}

/** Whether the value fits the scalar type, or undefined when the type is not a scalar. */
function isScalar(type: string, value: Json, direction: 'request' | 'answer'): boolean | undefined {
  switch (type) {
    case 'any':
      return true;
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int32':
    case 'uint32':
      return Number.isInteger(value);
    case 'int64':
    case 'uint64':
      return (
        (typeof value === 'string' && /^-?\d+$/.test(value)) || (direction === 'request' && Number.isInteger(value))
      );
    case 'float':
    case 'double':
      return typeof value === 'number';
    default:
      return undefined;
  }
}
