import type { Identity } from '../identity.ts';
import type { RequestLimits } from './request-limits.ts';
import { TooMany } from './too-many.ts';
import { type Price, tokensOf } from './work.ts';

/** What is looked at of a response, of either version of HTTP. */
export interface FollowedResponse {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** What waits in a socket's buffer anyway is not worth counting. */
const uncountedBytes = 64 * 1024;

/** An answer that is being sent. */
export interface SentAnswer {
  readonly bytes: number;
  /** What of it the client has not taken yet. */
  readonly waitingBytes: number;
  readonly price: Price;
}

/**
 * To be called when an answer is handed to its response: it is paid for by its size, and what the client has not taken yet is
 * counted until it does. Cuts the answer where too much waits.
 */
export function followAnswer(
  limits: RequestLimits,
  identity: Identity,
  response: FollowedResponse,
  { bytes, waitingBytes, price }: SentAnswer,
): void {
  const tokens = tokensOf(bytes, price);
  if (tokens > 0) limits.charge(identity, 'read', tokens);
  if (waitingBytes <= uncountedBytes) return;
  try {
    response.once('close', limits.holdBytes(identity, waitingBytes));
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    response.destroy();
  }
}
