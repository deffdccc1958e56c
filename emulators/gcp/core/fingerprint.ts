import { hash } from 'node:crypto';
import type { Json } from './json.ts';

/** Eight bytes in base64 that change with the content, as Compute's fingerprints do. */
export function fingerprintOf(value: Json): string {
  return Buffer.from(digestOf(JSON.stringify(value)), 'hex')
    .subarray(0, 8)
    .toString('base64');
}

/** A short digest of a text. */
export function digestOf(text: string): string {
  return hash('sha1', text, 'hex');
}

/** What Google shows for an instance without tags. */
export const EMPTY_TAGS_FINGERPRINT = '42WmSpB8rSM=';
