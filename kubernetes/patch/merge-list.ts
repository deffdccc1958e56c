import { isObject, jsonEqual, ownValue } from '../../kinds/schema/json.ts';
import { DecodeError } from '../body/decode-error.ts';
import type { MergeRule } from './merge-rules.ts';

type Item = Readonly<Record<string, unknown>>;

/** Items of a patched list that the object has no use for: they take items away, or replace them all. */
interface Sorted {
  readonly items: readonly unknown[];
  readonly removed: ReadonlySet<unknown>;
  readonly replaces: boolean;
}

/**
 * Merges a list of a strategic merge patch into that of the object: items with the key of another are merged by `mergeItem`,
 * the others are added. What the patch names comes in its order, the rest keeps its own. Throws DecodeError.
 */
export function mergeList(
  current: readonly unknown[],
  patch: readonly unknown[],
  rule: MergeRule,
  mergeItem: (current: unknown, patch: unknown) => unknown,
): unknown[] {
  const { items, removed, replaces } = sort(patch, rule);
  if (replaces) return items.map((item) => mergeItem(undefined, item));
  const kept = current.filter((item) => !removed.has(idOf(item, rule)));
  const byId = new Map(kept.map((item) => [idOf(item, rule), item]));
  const merged = new Map<unknown, unknown>();
  for (const item of items) {
    const id = idOf(item, rule);
    merged.set(id, mergeItem(merged.get(id) ?? byId.get(id), item));
  }
  const others = kept.filter((item) => !merged.has(idOf(item, rule)));
  return interleave([...merged.values()], others, current, rule);
}

/** Orders a list by the order that a patch asks for. Throws DecodeError where that does not name what the patch itself has. */
export function orderList(
  list: readonly unknown[],
  current: readonly unknown[],
  order: readonly unknown[],
  rule: MergeRule,
): unknown[] {
  const places = new Map(order.map((item, index) => [idOf(item, rule), index]));
  const place = (item: unknown): number => places.get(idOf(item, rule)) ?? -1;
  const named = list.filter((item) => place(item) >= 0).toSorted((a, b) => place(a) - place(b));
  const others = list.filter((item) => place(item) < 0);
  return interleave(named, others, current, rule);
}

/** Whether the items of a patch come in the order that it asks for. */
export function isInOrder(patch: readonly unknown[], order: readonly unknown[], rule: MergeRule): boolean {
  let next = 0;
  for (const item of patch) {
    if (isObject(item) && Object.hasOwn(item, '$patch')) continue;
    const id = idOf(item, rule);
    while (next < order.length && idOf(order[next], rule) !== id) next += 1;
    if (next === order.length) return false;
    next += 1;
  }
  return true;
}

/** Removes values from a list of values. */
export function withoutValues(current: readonly unknown[], removed: readonly unknown[]): unknown[] {
  return current.filter((item) => !removed.some((other) => jsonEqual(item, other)));
}

function sort(patch: readonly unknown[], rule: MergeRule): Sorted {
  if (rule.key === undefined) return { items: patch, removed: new Set(), replaces: false };
  const items: unknown[] = [];
  const removed = new Set<unknown>();
  let replaces = false;
  for (const item of patch) {
    const directive = ownValue(item, '$patch');
    if (directive === 'delete') removed.add(idOf(item, rule));
    else if (directive === 'replace') replaces = true;
    else if (directive === undefined || directive === 'merge') items.push(item);
    else throw new DecodeError(`unknown patch type: ${String(directive).slice(0, 100)}`);
  }
  return { items, removed, replaces };
}

/** What makes an item the same as another: the value of its key, or itself. */
function idOf(item: unknown, { key }: MergeRule): unknown {
  if (key === undefined) {
    if (typeof item === 'object' && item !== null) throw new DecodeError('the list must hold values only');
    return item;
  }
  const id = ownValue(item as Item, key);
  if (id === undefined) throw new DecodeError(`map: ${typeof item} does not contain declared merge key: ${key}`);
  return typeof id === 'object' ? JSON.stringify(id) : id;
}

/**
 * Both lists in one, each in its own order: an item that only the object has stands before the first named one that came
 * after it in the object.
 */
function interleave(
  named: readonly unknown[],
  others: readonly unknown[],
  current: readonly unknown[],
  rule: MergeRule,
): unknown[] {
  const before = new Map(current.map((item, index) => [idOf(item, rule), index]));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const place = before.get(idOf(item, rule));
    while (place !== undefined && next < others.length && (before.get(idOf(others[next], rule)) ?? place) < place) {
      result.push(others[next]);
      next += 1;
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}
