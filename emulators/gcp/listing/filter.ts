import type { Json } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import { invalidValue } from '../http/api-error.ts';
import type { Condition, FilterNode } from './filter-parser.ts';
import { parseFilter } from './filter-parser.ts';

export type Predicate = (item: Json) => boolean;

/**
 * The filter of a list call, in either dialect: `labels.k=v AND (name=a OR name=b)` (AIP-160) or `name eq vm-.*`
 * (a full match by regular expression). 400 when it cannot be read.
 */
export function filterPredicate(text: string | null): Predicate {
  if (text === null || text.trim() === '') return () => true;
  const node = parseFilter(text);
  if (node === undefined) throw invalidValue('filter', text, 'Invalid list filter expression.');
  return compile(node, text);
}

function compile(node: FilterNode, text: string): Predicate {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map((part) => compile(part, text));
      return (item) => parts.every((part) => part(item));
    }
    case 'or': {
      const parts = node.parts.map((part) => compile(part, text));
      return (item) => parts.some((part) => part(item));
    }
    case 'not': {
      const part = compile(node.part, text);
      return (item) => !part(item);
    }
    case 'condition':
      return compileCondition(node, text);
  }
}

function compileCondition(condition: Condition, text: string): Predicate {
  const { operator, value } = condition;
  const path = condition.field.split('.');
  const some =
    (test: (found: Json) => boolean): Predicate =>
    (item) =>
      valuesAt(item, path).some(test);
  const equals = (found: Json) => textOf(found) === value;
  switch (operator) {
    case '=':
      return value.includes('*') ? some(wildcard(value)) : some(equals);
    case '!=': {
      const same = value.includes('*') ? some(wildcard(value)) : some(equals);
      return (item) => !same(item);
    }
    case ':':
      return value === '*' ? some(() => true) : some((found) => wildcard(value)(found) || equals(found));
    case 'eq':
      return some(fullMatch(value, text));
    case 'ne': {
      const same = some(fullMatch(value, text));
      return (item) => !same(item);
    }
    case '<':
      return some((found) => compare(found, value) < 0);
    case '<=':
      return some((found) => compare(found, value) <= 0);
    case '>':
      return some((found) => compare(found, value) > 0);
    case '>=':
      return some((found) => compare(found, value) >= 0);
  }
}

/** The values at a path; an array on the way offers each of its items. */
function valuesAt(value: Json, path: readonly string[]): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => valuesAt(item, path));
  const [field, ...rest] = path;
  if (field === undefined) return [value];
  const member = isObject(value) ? value[field] : undefined;
  return member === undefined ? [] : valuesAt(member, rest);
}

function wildcard(pattern: string): (found: Json) => boolean {
  const source = pattern.split('*').map(RegExp.escape).join('.*');
  const regexp = new RegExp(`^${source}$`, 's');
  return (found) => regexp.test(textOf(found));
}

function fullMatch(pattern: string, text: string): (found: Json) => boolean {
  try {
    const regexp = new RegExp(`^(?:${pattern})$`, 's');
    return (found) => regexp.test(textOf(found));
  } catch {
    throw invalidValue('filter', text, 'Invalid regular expression.');
  }
}

/** By number or time where both sides are one, else by text. */
function compare(found: Json, value: string): number {
  const [left, right] = [comparable(textOf(found)), comparable(value)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return textOf(found) < value ? -1 : textOf(found) > value ? 1 : 0;
}

function comparable(text: string): number | string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? text : atMs;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
