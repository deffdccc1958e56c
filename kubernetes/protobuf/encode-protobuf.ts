import protobuf from 'protobufjs/light.js';
import { isObject } from '../../kinds/schema/json.ts';
import { closeEnvelope } from './envelope.ts';
import { messagePlan } from './message-plan.ts';
import { messageName, typeMeta } from './top-level.ts';
import { writeMessage } from './write-message.ts';

/** The protobuf body of an object whose kind has such a form. Throws for others: callers know what they send. */
export function encodeProtobuf(object: object): Buffer {
  const { apiVersion, kind } = object as { apiVersion?: unknown; kind?: unknown };
  const name = messageName(String(apiVersion), String(kind));
  if (name === undefined || !isObject(object)) throw new Error(`${String(kind)} has no protobuf form`);
  return closeEnvelope(bytesOf(typeMeta, { apiVersion, kind }), bytesOf(name, object));
}

function bytesOf(name: string, object: Readonly<Record<string, unknown>>): Uint8Array {
  return writeMessage(protobuf.Writer.create(), messagePlan(name), object).finish();
}
