import type { AnyObject } from '../catalog/any-object.ts';

/** In which order the server lists. */
export type ListOrder = 'NAME' | 'NAME_DESC' | 'CREATED' | 'CREATED_DESC';

/** A page as it was read. */
export interface WindowPage {
  readonly items: readonly AnyObject[];
  /** Where the next page begins; absent on the last. */
  readonly next?: string;
}

/** What a watch told. */
export interface WindowEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: AnyObject;
}

/** The beginning of a list that the server holds: the rows that were read of it, kept as they are now. */
export interface ListWindow {
  /** Objects of the whole list. */
  total(): number;
  /** The rows, in order; a new array for each call. */
  rows(): AnyObject[];
  size(): number;
  /** Where the next page begins; undefined where all were read. */
  next(): string | undefined;
  /** Says that the next page is being read: what happens until it is there counts for it, too. */
  ask(): void;
  /** Puts the page behind the rows. */
  add(page: WindowPage): void;
  /** Takes in what happened. Events begin where the first page was read; none is left out, and none comes twice. */
  happen(event: WindowEvent): void;
}

/** A window with the first page of a list, which has `total` objects at that version. */
export function createListWindow(order: ListOrder, first: WindowPage, total: number): ListWindow {
  const compare = comparison(order);
  const rows: AnyObject[] = [...first.items];
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  let next = first.next;
  /** The last row of the last page, as it was read: what comes behind it was not read yet. */
  let end = first.items.at(-1);
  /** What happened since the page that is under way was asked for; undefined for what was deleted. */
  let since: Map<string, AnyObject | undefined> | undefined;

  const isRead = (object: AnyObject): boolean => next === undefined || (end !== undefined && compare(object, end) <= 0);

  /** Where an object stands, or would. */
  function placeOf(object: AnyObject): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(rows[middle]!, object) < 0) low = middle + 1; // It is between two indexes of rows.
      else high = middle;
    }
    return low;
  }

  function put(object: AnyObject): void {
    const key = keyOf(object);
    const held = byKey.get(key);
    if (held !== undefined && !isNewer(object, held)) return;
    if (held !== undefined && compare(held, object) === 0) rows[placeOf(held)] = object;
    else {
      if (held !== undefined) rows.splice(placeOf(held), 1);
      rows.splice(placeOf(object), 0, object);
    }
    byKey.set(key, object);
  }

  function remove({ metadata: { uid } }: AnyObject, key: string): void {
    const held = byKey.get(key);
    // One of the same name that a later page knew already stays.
    if (held === undefined || held.metadata.uid !== uid) return;
    rows.splice(placeOf(held), 1);
    byKey.delete(key);
  }

  return {
    total: () => total,
    rows: () => [...rows],
    size: () => rows.length,
    next: () => next,
    ask() {
      since ??= new Map();
    },
    add(page) {
      const happened = since ?? new Map<string, AnyObject | undefined>();
      since = undefined;
      end = page.items.at(-1) ?? end;
      next = page.next;
      for (const item of page.items) {
        const key = keyOf(item);
        // What was deleted meanwhile, and perhaps made anew, is not brought back by a page that is older than that.
        if (!happened.has(key) || happened.get(key)?.metadata.uid === item.metadata.uid) put(item);
      }
      for (const object of happened.values()) if (object !== undefined && isRead(object)) put(object);
    },
    happen({ type, object }) {
      const key = keyOf(object);
      if (type === 'DELETED') {
        total -= 1;
        since?.set(key, undefined);
        remove(object, key);
        return;
      }
      if (type === 'ADDED') total += 1;
      since?.set(key, object);
      if (isRead(object)) put(object);
    },
  };
}

function keyOf({ metadata: { namespace = '', name } }: AnyObject): string {
  return `${namespace}/${name}`;
}

/** Versions are numbers that rise with every write, and may be greater than what a number holds. */
function isNewer(a: AnyObject, b: AnyObject): boolean {
  return BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion);
}

/** The order of the server, which compares texts by their code points; names have no others than ASCII. */
function comparison(order: ListOrder): (a: AnyObject, b: AnyObject) => number {
  const sign = order.endsWith('_DESC') ? -1 : 1;
  const isByTime = order.startsWith('CREATED');
  return ({ metadata: a }, { metadata: b }) =>
    sign *
    ((isByTime ? compareTexts(a.creationTimestamp, b.creationTimestamp) : 0) ||
      compareTexts(a.namespace, b.namespace) ||
      compareTexts(a.name, b.name));
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
