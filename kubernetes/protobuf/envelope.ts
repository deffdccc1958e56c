import protobuf from 'protobufjs/light.js';
import { badRequest } from '../status/refusals.ts';
import { messagePlan } from './message-plan.ts';
import { readMessage } from './read-message.ts';
import { typeMeta } from './top-level.ts';

/** Every protobuf body of a Kubernetes API starts so. */
const magic = Buffer.from('k8s\0');

// Field numbers and wire types of the envelope's fields; two more stay empty.
const typeTag = 0x0a;
const rawTag = 0x12;
const encodingTag = 0x1a;
const contentTypeTag = 0x22;

/** A body with what it says it is. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
}

/** Takes a body out of its envelope. Throws 400, or an error of the reader, for anything else. */
export function openEnvelope(bytes: Buffer): Envelope {
  if (!bytes.subarray(0, magic.length).equals(magic))
    throw badRequest('the body of the request is not protobuf: it does not start with "k8s\\x00"');
  const reader = protobuf.Reader.create(bytes.subarray(magic.length));
  let type: Record<string, unknown> = {};
  let raw = bytes.subarray(bytes.length);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === typeTag) type = readMessage(protobuf.Reader.create(reader.bytes()), messagePlan(typeMeta), {});
    else if (tag === rawTag) raw = Buffer.from(reader.bytes());
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  const { apiVersion, kind } = type;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw badRequest("Object 'Kind' is missing in the body of the request");
  return { apiVersion, kind, raw };
}

/** Puts a message into the envelope that says what it is. */
export function closeEnvelope(type: Uint8Array, raw: Uint8Array): Buffer {
  const writer = protobuf.Writer.create();
  writer.uint32(typeTag).bytes(type).uint32(rawTag).bytes(raw);
  writer.uint32(encodingTag).string('').uint32(contentTypeTag).string('');
  return Buffer.concat([magic, writer.finish()]);
}
