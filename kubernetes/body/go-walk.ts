import { setOwn } from '../../kinds/schema/json.ts';
import { base64Of } from './base64.ts';
import { DecodeError } from './decode-error.ts';
import { microTimeOf, timeOf } from './go-time.ts';
import { goName, type Field, type GoType } from './go-type.ts';

/** More are not told. */
const maxUnknown = 100;

/** What Go makes of a value. */
export interface Typed<T = unknown> {
  /** Without unknown fields, nulls and zero values that say nothing; the same value where there are none. */
  readonly value: T;
  /** Paths of unknown fields, in the order of the document, the first hundred. */
  readonly unknown: readonly string[];
}

/** Decodes a value of some type; unknown fields are left out and named, or kept. Throws DecodeError in Go's words. */
export function decodeAs(type: GoType, value: unknown, unknownFields: 'named' | 'kept' = 'named'): Typed {
  const unknown: string[] = [];
  const place = { fields: [], struct: '', path: '', keepsUnknown: unknownFields === 'kept', unknown };
  return { value: walkerOf(type)(value, place), unknown };
}

/** Where a walk is. */
interface Place {
  /** Names of the fields that lead here; keys of maps and places in lists are none. */
  fields: string[];
  /** Name of the struct around, without its package. */
  struct: string;
  /** Path with keys and places, as findings name it. */
  path: string;
  readonly keepsUnknown: boolean;
  readonly unknown: string[];
}

type Walker = (value: unknown, place: Place) => unknown;

const walkers = new WeakMap<GoType, Walker>();

function walkerOf(type: GoType): Walker {
  let walker = walkers.get(type);
  if (walker === undefined) walkers.set(type, (walker = compile(type)));
  return walker;
}

function compile(type: GoType): Walker {
  switch (type.is) {
    case 'raw':
      return (value) => value;
    case 'string':
      return (value, place) => (typeof value === 'string' ? value : zeroOr('', value, type, place));
    case 'bool':
      return (value, place) => (typeof value === 'boolean' ? value : zeroOr(false, value, type, place));
    case 'int':
      return compileInteger(type.bits, type);
    case 'bytes':
      return (value, place) => (typeof value === 'string' ? base64Of(value) : zeroOr('', value, type, place));
    case 'time':
    case 'microTime': {
      const read = type.is === 'time' ? timeOf : microTimeOf;
      return (value) => {
        if (value === null) return undefined;
        // Times decode themselves, so Go does not know which field it was.
        if (typeof value !== 'string')
          throw new DecodeError(`json: cannot unmarshal ${jsonName(value)} into Go value of type string`);
        return read(value);
      };
    }
    case 'list':
      return compileList(type, walkerOf(type.item));
    case 'map':
      return compileMap(type, walkerOf(type.value));
    case 'struct':
      return compileStruct(type);
  }
}

function compileInteger(bits: 32 | 64, type: GoType): Walker {
  const limit = 2 ** (bits - 1);
  return (value, place) => {
    if (typeof value !== 'number') return zeroOr(0, value, type, place);
    if (Number.isInteger(value) && value >= -limit && value < limit) return value;
    throw mismatch(`number ${value}`, type, place);
  };
}

function compileList(type: GoType, walk: Walker): Walker {
  return (value, place) => {
    if (!Array.isArray(value)) return zeroOr([], value, type, place);
    const { path } = place;
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      place.path = `${path}[${index}]`;
      const item: unknown = value[index];
      const walked = walk(item, place);
      if (walked !== item) (copy ??= [...(value as unknown[])])[index] = walked;
    }
    place.path = path;
    return copy ?? value;
  };
}

function compileMap(type: GoType, walk: Walker): Walker {
  return (value, place) => {
    if (!isMap(value)) return zeroOr({}, value, type, place);
    const { path } = place;
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const before = value[key];
      place.path = joined(path, key);
      const walked = walk(before, place);
      if (walked !== before) setOwn((copy ??= { ...value }), key, walked);
    }
    place.path = path;
    return copy ?? value;
  };
}

interface Member {
  readonly walk: Walker;
  readonly keepsZero: boolean;
}

function compileStruct(type: Extract<GoType, { is: 'struct' }>): Walker {
  const shortName = type.name.slice(type.name.indexOf('.') + 1);
  const members = new Map(
    Object.entries(type.fields).map(([name, field]): [string, Member] => [
      name,
      { walk: walkerOf(typeOfField(field)), keepsZero: 'pointerTo' in field || field.is === 'struct' },
    ]),
  );
  return (value, place) => {
    if (!isMap(value)) return zeroOr({}, value, type, place);
    const { path, struct } = place;
    let copy: Record<string, unknown> | undefined;
    place.struct = shortName;
    for (const name of Object.keys(value)) {
      const member = members.get(name);
      if (member === undefined) {
        if (place.keepsUnknown) continue;
        if (place.unknown.length < maxUnknown) place.unknown.push(joined(path, name));
        delete (copy ??= { ...value })[name];
        continue;
      }
      const before = value[name];
      place.fields.push(name);
      place.path = joined(path, name);
      const walked = before === null ? undefined : member.walk(before, place);
      place.fields.pop();
      place.struct = shortName;
      if (walked === undefined || (!member.keepsZero && isZero(walked))) delete (copy ??= { ...value })[name];
      // Names of fields are ours, so an assignment is safe.
      else if (walked !== before) (copy ??= { ...value })[name] = walked;
    }
    place.path = path;
    place.struct = struct;
    return copy ?? value;
  };
}

function typeOfField(field: Field): GoType {
  return 'pointerTo' in field ? field.pointerTo : field;
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return false;
  return true;
}

/** Null leaves the zero value of a type; anything else does not fit. */
function zeroOr(zero: unknown, value: unknown, type: GoType, place: Place): unknown {
  if (value === null) return zero;
  throw mismatch(jsonName(value), type, place);
}

function mismatch(found: string, type: GoType, { struct, fields }: Place): DecodeError {
  const into = fields.length === 0 ? 'Go value' : `Go struct field ${struct}.${fields.join('.')}`;
  return new DecodeError(`json: cannot unmarshal ${found} into ${into} of type ${goName(type)}`);
}

/** Type of a JSON value as Go's decoder names it. */
export function jsonName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
