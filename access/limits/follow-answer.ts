import type { Identity } from '../identity.ts';
import type { RequestLimits } from './request-limits.ts';
import { TooMany } from './too-many.ts';
import { type Door, tokensOf } from './work.ts';

/** What is looked at of a response, of either version of HTTP. */
export interface FollowedResponse {
  readonly writableLength: number;
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** What waits in a socket's buffer anyway is not worth counting. */
const uncountedBytes = 64 * 1024;

/**
 * To be called when an answer of `bytes` was handed to its response: it is paid for by its size, and what the client has not
 * taken yet is counted until it does. Cuts the answer where too much waits.
 */
export function followAnswer(
  limits: RequestLimits,
  identity: Identity,
  response: FollowedResponse,
  { bytes, door }: { readonly bytes: number; readonly door: Door },
): void {
  const tokens = tokensOf(bytes, door);
  if (tokens > 0) limits.charge(identity, 'read', tokens);
  const { writableLength } = response;
  if (writableLength <= uncountedBytes) return;
  try {
    response.once('close', limits.holdBytes(identity, writableLength));
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    response.destroy();
  }
}
