import type { IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import { apiError } from './api-error.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** The JSON object in the body, empty when there is no body. Throws an ApiError: 400 or 413. */
export async function readJsonBody(message: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<JsonObject> {
  if (message.headers['content-length'] === undefined && message.headers['transfer-encoding'] === undefined) return {};
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw apiError(413, 'uploadTooLarge', `Request bodies are at most ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  if (sizeBytes === 0) return {};
  const text = Buffer.concat(chunks).toString();
  // OAuth clients send forms.
  if (message.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const body = parse(text);
  if (!isObject(body)) throw apiError(400, 'parseError', 'Parse Error: the body must be a JSON object.');
  return body;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw apiError(400, 'parseError', 'Parse Error');
  }
}
