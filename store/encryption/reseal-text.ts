import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';
import { decode, encode } from '../codec.ts';
import type { SecretBox } from './secret-box.ts';
import { isSealed, readSealed } from './sealed-value.ts';
import { sensitiveValues, type StoredAt } from './sensitive-fields.ts';

/** Whether a stored text holds a sensitive value that is not sealed with this data key: with another, or not at all. */
export function isStale(kind: Kind, text: string, keyId: string): boolean {
  const sealed = sensitiveValues(kind, JSON.parse(text) as Resource);
  return sealed.some((value) => !isSealed(value) || readSealed(value).keyId !== keyId);
}

/** The text of an object, sealed with the data key that seals now. */
export function resealText(kind: Kind, text: string, box: SecretBox, at: StoredAt): string {
  return encode(kind, decode(kind, text, '', box, at), box, at.project);
}

/** The kind, of those given, of a text that does not say more than a manifest does. */
export function kindOfText(
  kinds: readonly Kind[],
  text: string,
): { kind: Kind; at: Omit<StoredAt, 'project'> } | undefined {
  const { apiVersion, kind: name, metadata } = JSON.parse(text) as Resource;
  const kind = kinds.find((each) => each.name === name && apiVersionOf(each) === apiVersion);
  return kind && { kind, at: { namespace: metadata.namespace ?? '', name: metadata.name } };
}
