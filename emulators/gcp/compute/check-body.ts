import type { Json, JsonObject } from '../core/json.ts';
import { isObject } from '../core/json.ts';
import { notImplemented } from '../http/api-error.ts';
import { requireMessage } from '../schema/require-message.ts';
import type { Schema } from '../schema/schema.ts';
import schemaFile from '../schema/generated/compute.json' with { type: 'json' };

const schema: Schema = schemaFile;

/**
 * Checks names, JSON types and enum values by Google's schema and returns the body without output-only fields. A field
 * that Google knows and the emulator does nothing with is refused with 501: ignoring it would be a lie.
 */
export function checkBody(
  body: JsonObject,
  message: string,
  writable: readonly string[],
  outputOnly: readonly string[],
): JsonObject {
  requireMessage(schema, message, body, 'resource');
  const kept = Object.entries(body).filter(([field]) => writable.includes(field) || !outputOnly.includes(field));
  refuseUnsupported(Object.fromEntries(kept), '', writable);
  return Object.fromEntries(kept);
}

function refuseUnsupported(value: JsonObject, path: string, writable: readonly string[]): void {
  for (const [field, member] of Object.entries(value)) {
    const here = path === '' ? field : `${path}.${field}`;
    if (member === undefined || writable.includes(here)) continue;
    if (!writable.some((admitted) => admitted.startsWith(`${here}.`)))
      throw notImplemented(`the field resource.${here}`);
    for (const item of itemsOf(member)) refuseUnsupported(item, here, writable);
  }
}

function itemsOf(member: Json): readonly JsonObject[] {
  if (Array.isArray(member)) return member.filter(isObject);
  return isObject(member) ? [member] : [];
}
