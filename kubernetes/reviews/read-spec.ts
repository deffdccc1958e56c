import { isObject, ownValue, setOwn, typeOf } from '../../kinds/schema/json.ts';
import { badRequest } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';

/** A part of a review as it was sent, and how to name it in a refusal. */
export interface Part {
  readonly kind: string;
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** `spec` of a review; empty where there is none. Throws 400 where it is no object. */
export function specOf(kind: string, object: unknown): Part {
  return partOf({ kind, path: '', value: isObject(object) ? object : {} }, 'spec') ?? { kind, path: 'spec', value: {} };
}

/** An object inside; undefined where there is none. Throws 400 where it is something else. */
export function partOf(part: Part, name: string): Part | undefined {
  const value = ownValue(part.value, name) ?? undefined;
  if (value === undefined) return undefined;
  if (!isObject(value)) throw unreadable(part, name, value, 'object');
  return { kind: part.kind, path: pathOf(part, name), value };
}

/** A text inside; empty where there is none. Throws 400 where it is something else. */
export function textOf(part: Part, name: string): string {
  const value = ownValue(part.value, name) ?? '';
  if (typeof value !== 'string') throw unreadable(part, name, value, 'string');
  return value;
}

/** A list of texts inside; empty where there is none. Throws 400 where it is something else. */
export function textsOf(part: Part, name: string): string[] {
  const value = ownValue(part.value, name) ?? [];
  if (!Array.isArray(value)) throw unreadable(part, name, value, '[]string');
  return value.map((each: unknown) => {
    if (typeof each !== 'string') throw unreadable(part, name, each, 'string');
    return each;
  });
}

/** Lists of texts by any name; undefined where there are none. Throws 400 where it is something else. */
export function textListsOf(part: Part, name: string): Readonly<Record<string, readonly string[]>> | undefined {
  const lists = partOf(part, name);
  if (lists === undefined || Object.keys(lists.value).length === 0) return undefined;
  const found: Record<string, readonly string[]> = {};
  for (const key of Object.keys(lists.value)) setOwn(found, key, textsOf(lists, key));
  return found;
}

/** The texts with these names that are not empty: what Kubernetes keeps of them. */
export function textsWithNames<N extends string>(part: Part, names: readonly N[]): Partial<Record<N, string>> {
  const found = names.map((name) => [name, textOf(part, name)] as const).filter(([, text]) => text !== '');
  return Object.fromEntries(found) as Partial<Record<N, string>>;
}

function pathOf({ path }: Part, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function unreadable(part: Part, name: string, value: unknown, wanted: string): ApiError {
  const { kind } = part;
  return badRequest(
    `${kind} in version "v1" cannot be handled as a ${kind}: json: cannot unmarshal ${typeOf(value)} into Go struct field ${kind}.${pathOf(part, name)} of type ${wanted}`,
  );
}
