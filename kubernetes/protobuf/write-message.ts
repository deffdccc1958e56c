import type protobuf from 'protobufjs/light.js';
import { isObject } from '../../kinds/schema/json.ts';
import type { FieldPlan, MessagePlan } from './message-plan.ts';
import { wireTime } from './wire-time.ts';

const varint = 0;
const delimited = 2;

/** Writes the fields that a message has in JSON form: `readMessage` the other way round. */
export function writeMessage(
  writer: protobuf.Writer,
  plan: MessagePlan,
  value: Readonly<Record<string, unknown>>,
): protobuf.Writer {
  for (const field of plan) if (field !== undefined) writeField(writer, field, value[field.name]);
  return writer;
}

function writeField(writer: protobuf.Writer, field: FieldPlan, value: unknown): void {
  if (value === undefined || value === null) return;
  switch (field.rule) {
    case 'one':
      writeValue(writer, field, field.id, value);
      return;
    case 'many':
      if (Array.isArray(value)) for (const item of value) writeValue(writer, field, field.id, item);
      return;
    case 'map':
      for (const [key, item] of Object.entries(value)) {
        writer.uint32((field.id << 3) | delimited).fork();
        writer.uint32((1 << 3) | delimited).string(key);
        writeValue(writer, field, 2, item);
        writer.ldelim();
      }
      return;
    default:
      throw new Error(`No such rule: ${String(field.rule satisfies never)}`);
  }
}

function writeValue(writer: protobuf.Writer, field: FieldPlan, id: number, value: unknown): void {
  const tag = (id << 3) | delimited;
  switch (field.form) {
    case 'string':
      writer.uint32(tag).string(String(value));
      return;
    case 'bytes':
      writer.uint32(tag).bytes(Buffer.from(String(value), 'base64'));
      return;
    case 'bool':
      writer.uint32((id << 3) | varint).bool(value === true);
      return;
    case 'int32':
    case 'int64':
      writer.uint32((id << 3) | varint).int64(Number(value));
      return;
    case 'time':
    case 'microTime':
      writeInner(writer, field, tag, { ...wireTime(String(value)) });
      return;
    case 'json':
      writeInner(writer, field, tag, { Raw: Buffer.from(JSON.stringify(value)).toString('base64') });
      return;
    case 'list':
      writeInner(writer, field, tag, { items: value });
      return;
    case 'quantity':
      writeInner(writer, field, tag, { string: String(value) });
      return;
    case 'message':
      writeInner(writer, field, tag, isObject(value) ? value : {});
      return;
    default:
      throw new Error(`No such form: ${String(field.form satisfies never)}`);
  }
}

function writeInner(
  writer: protobuf.Writer,
  field: FieldPlan,
  tag: number,
  value: Readonly<Record<string, unknown>>,
): void {
  writer.uint32(tag).fork();
  writeMessage(writer, field.message ?? [], value);
  writer.ldelim();
}
