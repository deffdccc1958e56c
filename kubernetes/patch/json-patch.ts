import { isObject, jsonEqual, setOwn } from '../../kinds/schema/json.ts';
import { DecodeError } from '../body/decode-error.ts';
import { maxResultCharacters, sizeWithin } from './bounds.ts';
import type { JsonOperation } from './json-operations.ts';
import { placeOf, pointerOf } from './json-pointer.ts';

type Container = Record<string, unknown> | unknown[];

/** The document as it becomes; containers are copied before they are first changed. */
interface Work {
  root: unknown;
  /** Containers that were made here and may be changed in place. */
  readonly own: Set<Container>;
  /** Characters that copies may still take. */
  left: number;
  /** Items that may still be moved up or down within their lists. */
  moves: number;
}

/** Ten thousand insertions at the head of a list of two thousand. */
const maxMoves = 20_000_000;

/**
 * Applies a JSON patch (RFC 6902) with two liberties of Kubernetes: `replace` of a missing member adds it, and a `test` for
 * null holds where nothing is. The document is not touched. Throws DecodeError for the first operation that fails.
 */
export function jsonPatch(document: unknown, operations: readonly JsonOperation[]): unknown {
  const work: Work = { root: document, own: new Set(), left: maxResultCharacters, moves: maxMoves };
  for (const operation of operations) run(work, operation);
  return work.root;
}

function run(work: Work, operation: JsonOperation): void {
  const path = pointer(operation.path, 'path');
  switch (operation.op) {
    case 'add':
      return put(work, path, valueOf(operation), 'insert');
    case 'replace':
      return put(work, path, valueOf(operation), 'replace');
    case 'remove':
      take(work, path);
      return;
    case 'move': {
      const from = pointer(operation.from, 'from');
      if (from.length < path.length && from.every((segment, index) => segment === path[index]))
        throw new DecodeError('a value cannot move into itself');
      return put(work, path, take(work, from), 'insert');
    }
    case 'copy': {
      const value = find(work.root, pointer(operation.from, 'from'));
      const size = sizeWithin(value, work.left);
      if (size === undefined) throw new DecodeError('copies take too much');
      work.left -= size;
      // Shared with its source: whichever of the two is changed is copied first.
      disown(work, value);
      return put(work, path, value, 'insert');
    }
    case 'test':
      return test(work, path, valueOf(operation));
    default:
      throw new DecodeError('unknown operation');
  }
}

function pointer(path: unknown, member: string): string[] {
  if (typeof path !== 'string') throw new DecodeError(`an operation needs its ${member}`);
  return pointerOf(path);
}

function valueOf(operation: JsonOperation): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new DecodeError('an operation needs its value');
  return operation.value;
}

function test({ root }: Work, path: readonly string[], expected: unknown): void {
  const parent = find(root, path.slice(0, -1));
  const key = path.at(-1);
  if (key !== undefined && (typeof parent !== 'object' || parent === null))
    throw new DecodeError('there is nothing to look into');
  const found = key === undefined ? root : memberOf(parent, key);
  if (!jsonEqual(found ?? null, expected)) throw new DecodeError('a test failed');
}

/** The value at a path. Throws DecodeError where there is none. */
function find(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const segment of path) {
    value = memberOf(value, segment);
    if (value === undefined) throw new DecodeError('nothing is there');
  }
  return value;
}

function memberOf(container: unknown, key: string): unknown {
  if (Array.isArray(container)) {
    const place = placeOf(key, container.length - 1);
    return place === undefined ? undefined : (container[place] as unknown);
  }
  return isObject(container) && Object.hasOwn(container, key) ? container[key] : undefined;
}

function put(work: Work, path: readonly string[], value: unknown, mode: 'insert' | 'replace'): void {
  const key = path.at(-1);
  if (key === undefined) {
    work.root = value;
    return;
  }
  const parent = ownContainer(work, path.slice(0, -1));
  if (!Array.isArray(parent)) {
    setOwn(parent, key, value);
    return;
  }
  if (mode === 'insert' && key === '-') {
    parent.push(value);
    return;
  }
  const place = placeOf(key, mode === 'insert' ? parent.length : parent.length - 1);
  if (place === undefined) throw new DecodeError('the list has no such place');
  if (mode === 'insert') splice(work, parent, place, [value]);
  else parent[place] = value;
}

/** Removes the value at a path and answers it. */
function take(work: Work, path: readonly string[]): unknown {
  const key = path.at(-1);
  if (key === undefined) throw new DecodeError('the whole document cannot be removed');
  const parent = ownContainer(work, path.slice(0, -1));
  const value = memberOf(parent, key);
  if (value === undefined) throw new DecodeError('nothing is there');
  if (Array.isArray(parent)) splice(work, parent, Number(key));
  else delete parent[key];
  return value;
}

/** Inserts into a list, or removes one item where nothing is given. */
function splice(work: Work, items: unknown[], place: number, inserted: readonly unknown[] = []): void {
  work.moves -= items.length - place;
  if (work.moves < 0) throw new DecodeError('lists are moved about too much');
  items.splice(place, inserted.length === 0 ? 1 : 0, ...inserted);
}

/** The container at a path, copied with all that leads to it unless that was done before. */
function ownContainer(work: Work, path: readonly string[]): Container {
  let container = owned(work, work.root);
  work.root = container;
  for (const segment of path) {
    const inner = owned(work, memberOf(container, segment));
    if (Array.isArray(container)) container[Number(segment)] = inner;
    else setOwn(container, segment, inner);
    container = inner;
  }
  return container;
}

function owned({ own }: Work, value: unknown): Container {
  if (typeof value !== 'object' || value === null) throw new DecodeError('there is nothing to hold the value');
  if (own.has(value as Container)) return value as Container;
  const copy: Container = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  own.add(copy);
  return copy;
}

function disown(work: Work, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  work.own.delete(value as Container);
  for (const inner of Object.values(value)) disown(work, inner);
}
