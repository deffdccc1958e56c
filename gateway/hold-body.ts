import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../access/identity.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import { tokensOf } from '../access/limits/work.ts';

/** A body up to this size is there with its headers. */
const smallBytes = 64 * 1024;

/** Counts a large body, before it is read, until its request is answered, and has it paid for. Throws TooMany. */
export function holdBody(
  limits: RequestLimits,
  identity: Identity,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const bytes = Number(request.headers['content-length'] ?? 0);
  if (bytes <= smallBytes) return;
  // It has to be parsed, whatever comes of it.
  limits.spend(identity, 'read', tokensOf(bytes, 'worked'));
  response.once('close', limits.holdBytes(identity, bytes));
}
