import { createHash } from 'node:crypto';

/** Namespace of our uuids: any fixed uuid will do, as long as it never changes. */
const namespace = Buffer.from('6f0f2a5e9f4b4c0f9d2b7c1b5a3e8d71', 'hex');

/**
 * Idempotency key of a call, a uuid of version 5: the same object, verb, generation and attempt give the same key after a
 * crash, so that a call which was sent twice is done once.
 */
export function requestIdOf(call: {
  readonly resource: string;
  readonly verb: string;
  readonly generation: number;
  readonly attempt: number;
}): string {
  const name = `${call.resource}\n${call.verb}\n${call.generation}\n${call.attempt}`;
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
