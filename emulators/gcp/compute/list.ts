import type { Json, JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import { invalidValue } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { filterPredicate } from '../listing/filter.ts';
import type { Listed, Page } from '../listing/page.ts';
import { pageRequest, takePage } from '../listing/page.ts';
import { linkOf } from './links.ts';

export interface ListedBody extends Listed {
  readonly name: string;
  body(): JsonObject;
}

/** Where a list finds its items: names in order, and a body for each (undefined: not visible). */
export interface ListSource {
  readonly names: readonly string[];
  bodyOf(name: string): JsonObject | undefined;
  /** Whether a later creation always has a later name, as operations have. */
  readonly namesByAge?: boolean;
}

/** The page that a list call asks for: filter, order, size and place. */
export function listPage(request: ApiRequest, source: ListSource): Page<ListedBody> {
  const passes = filterPredicate(request.query.get('filter'));
  return takePage(inOrder(source, orderOf(request)), pageRequest(request.query), passes);
}

/** The answer of a list call: no `items` when there are none. */
export function listAnswer(kind: string, key: string, page: Page<ListedBody>): Json {
  const items = page.items.map((item) => item.body());
  return {
    kind,
    id: key,
    ...(items.length === 0 ? {} : { items }),
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    selfLink: linkOf(key),
  };
}

function orderOf(request: ApiRequest): 'name' | 'newest' {
  const order = request.query.get('orderBy') ?? 'name';
  if (order === 'name') return 'name';
  if (order === 'creationTimestamp desc') return 'newest';
  throw invalidValue('orderBy', order, 'Must be one of name, creationTimestamp desc.');
}

function* inOrder(source: ListSource, order: 'name' | 'newest'): Iterable<ListedBody> {
  if (order === 'name') return yield* byName(source);
  if (source.namesByAge === true) return yield* byDescendingName(source);
  const entries = [...byName(source)].map((entry) => ({ ...entry, sortKey: newestFirstKey(entry) }));
  return yield* entries.sort((left, right) => (left.sortKey < right.sortKey ? -1 : 1));
}

function* byName(source: ListSource): Iterable<ListedBody> {
  for (const name of source.names) {
    const body = source.bodyOf(name);
    if (body !== undefined) yield { name, sortKey: name, body: () => body };
  }
}

function* byDescendingName(source: ListSource): Iterable<ListedBody> {
  for (let index = source.names.length - 1; index >= 0; index -= 1) {
    const name = source.names[index] ?? '';
    const body = source.bodyOf(name);
    if (body !== undefined) yield { name, sortKey: inverted(name), body: () => body };
  }
}

function newestFirstKey(entry: ListedBody): string {
  const atMs = Date.parse(stringAt(entry.body(), 'creationTimestamp') ?? '');
  return `${String(Number.MAX_SAFE_INTEGER - atMs).padStart(16, '0')} ${entry.name}`;
}

/** A text that sorts the other way round among texts of the same length. */
function inverted(text: string): string {
  return text.replaceAll(/[0-9a-z]/g, (character) => (35 - Number.parseInt(character, 36)).toString(36));
}
