import { EMPTY_TAGS_FINGERPRINT, fingerprintOf } from '../../core/fingerprint.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt, stringAt, stringsAt } from '../../core/json.ts';
import { invalidValue } from '../../http/api-error.ts';
import { NAME } from '../rules.ts';

const MAX_LABELS = 64;
const MAX_TAGS = 64;
const MAX_METADATA_VALUE_BYTES = 262_144;
const MAX_METADATA_BYTES = 512 * 1024;
const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const METADATA_KEY = /^[a-zA-Z0-9-_]{1,128}$/;

/** The fields `labels` and `labelFingerprint`; 400 when a label is out of form. */
export function labelFields(labels: JsonObject): JsonObject {
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS) {
    throw invalidValue('resource.labels', `${entries.length} labels`, `At most ${MAX_LABELS} are allowed.`);
  }
  for (const [key, value] of entries) {
    if (!LABEL_KEY.test(key))
      throw invalidValue(
        'resource.labels',
        key,
        'Label keys are 1 to 63 lowercase letters, digits, _ and -, and start with a letter.',
      );
    if (typeof value !== 'string' || !LABEL_VALUE.test(value)) {
      throw invalidValue('resource.labels', value, 'Label values are at most 63 lowercase letters, digits, _ and -.');
    }
  }
  return { ...(entries.length === 0 ? {} : { labels }), labelFingerprint: labelFingerprintOf(labels) };
}

export function labelFingerprintOf(labels: JsonObject): string {
  return Object.keys(labels).length === 0 ? EMPTY_TAGS_FINGERPRINT : fingerprintOf(labels);
}

/** The field `tags`; 400 when a tag is out of form. */
export function tagsField(tags: JsonObject): JsonObject {
  const items = [...new Set(stringsAt(tags, 'items'))];
  if (items.length > MAX_TAGS) {
    throw invalidValue('resource.tags.items', `${items.length} tags`, `At most ${MAX_TAGS} are allowed.`);
  }
  for (const [index, tag] of items.entries()) {
    if (!NAME.test(tag))
      throw invalidValue(`resource.tags.items[${index}]`, tag, `Must be a match of regex '${NAME.source}'`);
  }
  if (items.length === 0) return { tags: { fingerprint: EMPTY_TAGS_FINGERPRINT } };
  return { tags: { items, fingerprint: fingerprintOf(items) } };
}

/** The field `metadata`; 400 when a key is out of form or twice there, or anything is too large. */
export function metadataField(metadata: JsonObject): JsonObject {
  const items = objectsAt(metadata, 'items');
  const keys = new Set<string>();
  let totalBytes = 0;
  for (const [index, item] of items.entries()) {
    const at = `resource.metadata.items[${index}]`;
    const [key, value] = [stringAt(item, 'key') ?? '', stringAt(item, 'value') ?? ''];
    if (!METADATA_KEY.test(key))
      throw invalidValue(`${at}.key`, key, `Must be a match of regex '${METADATA_KEY.source}'`);
    if (keys.has(key)) throw invalidValue('resource.metadata', key, 'Duplicate metadata key.');
    keys.add(key);
    const valueBytes = Buffer.byteLength(value);
    if (valueBytes > MAX_METADATA_VALUE_BYTES) {
      throw invalidValue(
        `${at}.value`,
        `${valueBytes} bytes`,
        `Metadata values are at most ${MAX_METADATA_VALUE_BYTES} bytes.`,
      );
    }
    totalBytes += key.length + valueBytes;
  }
  if (totalBytes >= MAX_METADATA_BYTES) {
    throw invalidValue(
      'resource.metadata',
      `${totalBytes} bytes`,
      `Metadata is less than ${MAX_METADATA_BYTES} bytes in all.`,
    );
  }
  const content = items.length === 0 ? {} : { items };
  return { metadata: { kind: 'compute#metadata', ...content, fingerprint: fingerprintOf(items) } };
}

/** The fingerprint inside `metadata` or `tags`. */
export function innerFingerprint(body: JsonObject, field: 'metadata' | 'tags'): string {
  return stringAt(objectAt(body, field), 'fingerprint') ?? '';
}
