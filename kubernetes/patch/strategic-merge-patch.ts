import { isObject, ownValue, setOwn } from '../../kinds/schema/json.ts';
import { DecodeError } from '../body/decode-error.ts';
import { isInOrder, mergeList, orderList, withoutValues } from './merge-list.ts';
import type { MergeRule, MergeRules } from './merge-rules.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const orderPrefix = '$setElementOrder/';
const removePrefix = '$deleteFromPrimitiveList/';

/** Applies a strategic merge patch. The document is not touched. Throws DecodeError for directives that make no sense. */
export function strategicMergePatch(document: JsonObject, patch: JsonObject, rules: MergeRules): JsonObject {
  return mergeObject(document, patch, rules, '');
}

function mergeObject(current: JsonObject, patch: JsonObject, rules: MergeRules, path: string): JsonObject {
  const directive = ownValue(patch, '$patch');
  if (directive !== undefined) return directed(directive, patch);
  const merged: Record<string, unknown> = retained(current, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const inner = path === '' ? key : `${path}.${key}`;
    const before = ownValue(merged, key);
    if (value === null) delete merged[key];
    else if (before === undefined) setOwn(merged, key, withoutDirectives(value));
    else if (isObject(before) && isObject(value)) setOwn(merged, key, mergeObject(before, value, rules, inner));
    else if (Array.isArray(before) && Array.isArray(value) && ruleOf(rules, inner) !== undefined)
      setOwn(merged, key, mergeItems(before, value, rules, inner));
    else setOwn(merged, key, withoutDirectives(value));
  }
  applyListDirectives(current, merged, patch, rules, path);
  return merged;
}

/** What `$patch` makes of an object that is there. */
function directed(directive: unknown, patch: JsonObject): JsonObject {
  switch (directive) {
    case 'replace':
      return withoutDirectives(patch) as JsonObject;
    case 'delete':
      return {};
    default:
      throw new DecodeError(`unknown patch type: ${JSON.stringify(directive)?.slice(0, 100)}`);
  }
}

/** A copy with only the keys that `$retainKeys` lists, if it is there. */
function retained(current: JsonObject, patch: JsonObject): Record<string, unknown> {
  const keys = ownValue(patch, '$retainKeys');
  if (keys === undefined) return { ...current };
  if (!Array.isArray(keys)) throw new DecodeError('invalid patch format of retainKeys');
  const listed = new Set<unknown>(keys);
  const stray = Object.keys(patch).find((key) => !key.startsWith('$') && !listed.has(key) && patch[key] !== null);
  if (stray !== undefined) throw new DecodeError('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(current).filter(([key]) => listed.has(key)));
}

function mergeItems(
  current: readonly unknown[],
  patch: readonly unknown[],
  rules: MergeRules,
  path: string,
): unknown[] {
  // The caller has seen that there is one.
  const rule = ruleOf(rules, path)!;
  return mergeList(current, patch, rule, (before, item) =>
    isObject(before) && isObject(item)
      ? mergeObject(before, withoutKey(item, '$patch'), {}, '')
      : withoutDirectives(item),
  );
}

/** Directives that stand beside the list that they are about. */
function applyListDirectives(
  current: JsonObject,
  merged: Record<string, unknown>,
  patch: JsonObject,
  rules: MergeRules,
  path: string,
): void {
  for (const [key, value] of Object.entries(patch)) {
    const prefix = [orderPrefix, removePrefix].find((each) => key.startsWith(each));
    if (prefix === undefined) continue;
    const field = key.slice(prefix.length);
    if (!Array.isArray(value)) throw new DecodeError(`${key} must be a list`);
    const list = ownValue(merged, field);
    if (!Array.isArray(list)) continue;
    if (prefix === removePrefix) setOwn(merged, field, withoutValues(list, value));
    else {
      const rule = ruleOf(rules, path === '' ? field : `${path}.${field}`);
      if (rule === undefined) continue;
      const sent = ownValue(patch, field);
      if (Array.isArray(sent) && !isInOrder(sent, value, rule))
        throw new DecodeError(`the order in the patch list does not match ${key}`);
      const before = ownValue(current, field);
      setOwn(merged, field, orderList(list, Array.isArray(before) ? before : [], value, rule));
    }
  }
}

function ruleOf(rules: MergeRules, path: string): MergeRule | undefined {
  return Object.hasOwn(rules, path) ? rules[path] : undefined;
}

function withoutKey(item: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = item;
  return rest;
}

/** A value that takes the place of nothing: nulls and directives have nothing to act on. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .filter((item) => ownValue(item, '$patch') !== 'delete' && !isBareReplace(item))
      .map((item) => withoutDirectives(item));
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== null && !isDirective(key)) setOwn(result, key, withoutDirectives(inner));
  }
  return result;
}

function isBareReplace(item: unknown): boolean {
  return isObject(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1;
}

function isDirective(key: string): boolean {
  return key === '$patch' || key === '$retainKeys' || key.startsWith(orderPrefix) || key.startsWith(removePrefix);
}
