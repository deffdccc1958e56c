import { createHash, timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '../encryption/secret-box.ts';

/** What the first record of a project goes on from. */
export function genesis(project: string): Buffer {
  return createHash('sha256').update('datum audit chain 1\n').update(project).digest();
}

/** Hash of a record: of the hash of the one before it, and of its text. */
export function chained(before: Buffer, text: string): Buffer {
  return createHash('sha256').update(before).update(text).digest();
}

/** The end of a chain, or where it begins since its older records were forgotten. */
export interface ChainPoint {
  readonly project: string;
  readonly sequence: bigint;
  readonly hash: Buffer;
}

/** Vouches for a point: whoever has the database alone cannot make it, and so not write a chain anew that ends in it. */
export function codeOf(
  box: Pick<SecretBox, 'hash'>,
  what: 'end' | 'floor',
  { project, sequence, hash }: ChainPoint,
): Buffer {
  return box.hash(JSON.stringify(['audit chain', what, project, String(sequence), hash.toString('hex')]));
}

/** Whether a code vouches for a point. */
export function vouches(
  box: Pick<SecretBox, 'hash'>,
  what: 'end' | 'floor',
  point: ChainPoint,
  code: Buffer | null,
): boolean {
  const right = codeOf(box, what, point);
  return code !== null && code.length === right.length && timingSafeEqual(code, right);
}
