import type { Json } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import { apiError } from './api-error.ts';

/** What of an object is wanted; `undefined` for all of a member. `*` stands for every name. */
type Mask = ReadonlyMap<string, Mask | undefined>;

const KNOWN_MASKS = 256;
const masks = new Map<string, Mask>();

/**
 * The part of an answer that the query `fields` asks for: `id,items(name,status),error/errors`. An array stands for
 * each of its items. 400 when the text is out of form.
 */
export function selectFields(answer: Json, fields: string | null): Json {
  if (fields === null || fields === '' || fields === '*') return answer;
  return select(answer, maskOf(fields)) ?? {};
}

function maskOf(fields: string): Mask {
  let mask = masks.get(fields);
  if (mask === undefined) {
    mask = parse(fields);
    if (masks.size >= KNOWN_MASKS) masks.clear();
    masks.set(fields, mask);
  }
  return mask;
}

function select(value: Json, mask: Mask | undefined): Json | undefined {
  if (mask === undefined) return value;
  if (Array.isArray(value)) return value.flatMap((item: Json) => [select(item, mask) ?? []]);
  if (!isObject(value)) return undefined;
  const selected: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const key = mask.has(name) ? name : '*';
    if (member === undefined || !mask.has(key)) continue;
    const part = select(member, mask.get(key));
    if (part !== undefined) selected[name] = part;
  }
  return Object.keys(selected).length === 0 ? undefined : selected;
}

/** list = path ("," path)*; path = name ("/" name)* ["(" list ")"] */
function parse(text: string): Mask {
  let position = 0;
  const invalid = () => apiError(400, 'invalidParameter', `Invalid field selection ${text}`);

  const parseName = (): string => {
    const match = /^\s*([\w*.-]+)\s*/.exec(text.slice(position));
    if (match?.[1] === undefined) throw invalid();
    position += match[0].length;
    return match[1];
  };
  const parsePath = (into: Map<string, Mask | undefined>): void => {
    const name = parseName();
    const next = text[position];
    if (next !== '/' && next !== '(') {
      into.set(name, undefined);
      return;
    }
    position += 1;
    const known = into.get(name);
    const inner = new Map(known);
    if (next === '/') parsePath(inner);
    else parseList(inner, ')');
    if (!into.has(name) || known !== undefined) into.set(name, inner);
  };
  const parseList = (into: Map<string, Mask | undefined>, end: string | undefined): void => {
    for (;;) {
      parsePath(into);
      const next = text[position];
      position += 1;
      if (next === end) return;
      if (next !== ',') throw invalid();
    }
  };

  const mask = new Map<string, Mask | undefined>();
  parseList(mask, undefined);
  return mask;
}
