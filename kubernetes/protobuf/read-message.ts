import type protobuf from 'protobufjs/light.js';
import { isObject, setOwn } from '../../kinds/schema/json.ts';
import { badRequest } from '../status/refusals.ts';
import type { FieldPlan, MessagePlan, ValueForm } from './message-plan.ts';
import { timeText } from './wire-time.ts';

const varint = 0;
const delimited = 2;

/** Nesting of embedded JSON; what managed fields need is far less. */
const maxJsonDepth = 64;

/**
 * Reads the fields of a message up to the reader's end into `into`, in the JSON form: zero values of fields that are not
 * pointers are left out. What comes twice is merged. Throws 400, or an error of the reader, when the bytes make no sense.
 */
export function readMessage(
  reader: protobuf.Reader,
  plan: MessagePlan,
  into: Record<string, unknown>,
): Record<string, unknown> {
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const field = plan[tag >>> 3];
    if (field === undefined) reader.skipType(tag & 7, 0, tag >>> 3);
    else readField(reader, field, tag & 7, into);
  }
  return into;
}

function readField(reader: protobuf.Reader, field: FieldPlan, wire: number, into: Record<string, unknown>): void {
  const { name, rule, form } = field;
  const expected = rule === 'map' ? delimited : wireOf(form);
  if (wire !== expected) throw badRequest(`field ${name} has the wrong wire type ${wire}`);
  switch (rule) {
    case 'one':
      put(into, field, readValue(reader, field, into[name]));
      return;
    case 'many':
      ((into[name] ??= []) as unknown[]).push(readValue(reader, field, undefined));
      return;
    case 'map':
      readEntry(reader, field, (into[name] ??= {}) as Record<string, unknown>);
      return;
    default:
      throw new Error(`No such rule: ${String(rule satisfies never)}`);
  }
}

function put(into: Record<string, unknown>, { name, pointer }: FieldPlan, value: unknown): void {
  if (value !== undefined && (pointer || !isZero(value))) into[name] = value;
  else if (into[name] !== undefined) delete into[name];
}

function isZero(value: unknown): boolean {
  if (typeof value !== 'object') return value === '' || value === 0 || value === false;
  for (const _ in value) return false;
  return true;
}

/** One value; `previous` is what an earlier occurrence of the same message left. */
function readValue(reader: protobuf.Reader, field: FieldPlan, previous: unknown): unknown {
  switch (field.form) {
    case 'string':
      return reader.string();
    case 'bool':
      return reader.bool();
    case 'int32':
      return reader.int32();
    case 'int64':
      return numberOf(reader.int64());
    case 'bytes':
      return Buffer.from(reader.bytes()).toString('base64');
    case 'time':
      return timeText(readInner(reader, field, undefined), 0);
    case 'microTime':
      return timeText(readInner(reader, field, undefined), 6);
    case 'json':
      return embedded(readInner(reader, field, undefined)['Raw']);
    case 'list':
      return readInner(reader, field, undefined)['items'] ?? [];
    case 'quantity':
      return readInner(reader, field, undefined)['string'] ?? '0';
    case 'message':
      return readInner(reader, field, previous);
    default:
      throw new Error(`No such form: ${String(field.form satisfies never)}`);
  }
}

function readInner(reader: protobuf.Reader, field: FieldPlan, previous: unknown): Record<string, unknown> {
  const outerEnd = enter(reader, field);
  const value = readMessage(reader, field.message ?? [], (previous ?? {}) as Record<string, unknown>);
  reader.len = outerEnd;
  return value;
}

/** Narrows the reader to the message that comes next. Answers the end to which it has to be widened again. */
function enter(reader: protobuf.Reader, { name }: FieldPlan): number {
  const outerEnd = reader.len;
  const end = reader.size() + reader.pos;
  if (end > outerEnd) throw badRequest(`field ${name} reaches beyond the end of the body`);
  reader.len = end;
  return outerEnd;
}

/** A map is a list of messages of key (1) and value (2), either of which may be left out. */
function readEntry(reader: protobuf.Reader, field: FieldPlan, map: Record<string, unknown>): void {
  const outerEnd = enter(reader, field);
  let key = '';
  let value: unknown = field.form === 'list' ? [] : '';
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === ((1 << 3) | delimited)) key = reader.string();
    else if (tag === ((2 << 3) | delimited)) value = readValue(reader, field, undefined);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outerEnd;
  setOwn(map, key, value);
}

/** Beyond 2^53 a number of JSON is not exact; no field of ours comes near. */
function numberOf(value: ReturnType<protobuf.Reader['int64']>): number {
  return typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0);
}

function wireOf(form: ValueForm): number {
  return form === 'bool' || form === 'int32' || form === 'int64' ? varint : delimited;
}

/** JSON that travels as bytes; undefined where there is none. */
function embedded(base64: unknown): unknown {
  if (typeof base64 !== 'string') return undefined;
  const value: unknown = parsed(Buffer.from(base64, 'base64').toString());
  if (!isObject(value) || deeperThan(value, maxJsonDepth)) throw badRequest('fieldsV1 is not a JSON object');
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function deeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => deeperThan(inner, limit - 1));
}
