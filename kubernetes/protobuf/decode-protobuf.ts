import protobuf from 'protobufjs/light.js';
import { badRequest } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';
import { openEnvelope } from './envelope.ts';
import { messagePlan } from './message-plan.ts';
import { readMessage } from './read-message.ts';
import { messageName } from './top-level.ts';

/**
 * The object, or the options, in a protobuf body, as JSON with `apiVersion` and `kind`. Zero values that say nothing are
 * left out. Throws 400 for bytes that make no sense and for kinds that have no protobuf form.
 */
export function decodeProtobuf(bytes: Buffer): Record<string, unknown> {
  try {
    const { apiVersion, kind, raw } = openEnvelope(bytes);
    const name = messageName(apiVersion, kind);
    if (name === undefined)
      throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
    return readMessage(protobuf.Reader.create(raw), messagePlan(name), { apiVersion, kind });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badRequest(`the body of the request is malformed protobuf: ${error instanceof Error ? error.message : ''}`);
  }
}
