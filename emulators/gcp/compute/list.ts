import type { Json, JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import { invalidValue } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { filterPredicate } from '../listing/filter.ts';
import type { Listed, Page } from '../listing/page.ts';
import { pageRequest, takePage } from '../listing/page.ts';
import { linkOf } from './links.ts';

/** Where a list finds its items: keys in order, and a body for each (undefined: not visible). */
export interface ListSource {
  readonly keys: readonly string[];
  bodyOf(key: string): JsonObject | undefined;
  /** Whether a later creation always has a later key, as operations have. */
  readonly keysByAge?: boolean;
}

/** The page that a list call asks for: filter, order, size and place. */
export function listPage(request: ApiRequest, source: ListSource): Page<Listed> {
  const passes = filterPredicate(request.query.get('filter'));
  const newestFirst = isNewestFirst(request);
  const candidates = (after: string | undefined) => {
    if (!newestFirst) return itemsByKey(source, after);
    return source.keysByAge === true ? byDescendingKey(source, after) : byAge(source, after);
  };
  return takePage(candidates, pageRequest(request.query), passes);
}

/** The answer of a list call: no `items` when there are none. */
export function listAnswer(kind: string, key: string, page: Page<Listed>): Json {
  const items = page.items.map((item) => item.body);
  return {
    kind,
    id: key,
    ...(items.length === 0 ? {} : { items }),
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    selfLink: linkOf(key),
  };
}

/** The items whose keys come after the given one, in order. */
export function* itemsByKey(source: ListSource, after: string | undefined): Iterable<Listed> {
  const { keys } = source;
  for (let index = after === undefined ? 0 : countUpTo(keys, after); index < keys.length; index += 1) {
    yield* itemAt(source, index);
  }
}

function isNewestFirst(request: ApiRequest): boolean {
  const order = request.query.get('orderBy') ?? 'name';
  if (order === 'name') return false;
  if (order === 'creationTimestamp desc') return true;
  throw invalidValue('orderBy', order, 'Must be one of name, creationTimestamp desc.');
}

function* byDescendingKey(source: ListSource, after: string | undefined): Iterable<Listed> {
  const { keys } = source;
  const end = after === undefined ? keys.length : countBelow(keys, after);
  for (let index = end - 1; index >= 0; index -= 1) yield* itemAt(source, index);
}

function* byAge(source: ListSource, after: string | undefined): Iterable<Listed> {
  const items = [...itemsByKey(source, undefined)].map((item) => ({ ...item, position: newestFirstKey(item) }));
  for (const item of items.sort((left, right) => (left.position < right.position ? -1 : 1))) {
    if (after === undefined || item.position > after) yield item;
  }
}

function* itemAt(source: ListSource, index: number): Iterable<Listed> {
  const key = source.keys[index] ?? '';
  const body = source.bodyOf(key);
  if (body !== undefined) yield { position: key, body };
}

/** How many of the sorted keys are not greater than the given one. */
function countUpTo(keys: readonly string[], key: string): number {
  const below = countBelow(keys, key);
  return keys[below] === key ? below + 1 : below;
}

/** How many of the sorted keys are less than the given one, by halving. */
function countBelow(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function newestFirstKey({ position, body }: Listed): string {
  const atMs = Date.parse(stringAt(body, 'creationTimestamp') ?? '');
  return `${String(Number.MAX_SAFE_INTEGER - atMs).padStart(16, '0')} ${position}`;
}
