import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../access/identity.ts';
import { followAnswer } from '../access/limits/follow-answer.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import { tokensOf } from '../access/limits/work.ts';

/** A body up to this size is there with its headers. */
const smallBytes = 64 * 1024;

/** Counts what a request and its answer hold in memory, and what the answer costs. Throws TooMany when too much waits. */
export function followExchange(
  limits: RequestLimits,
  identity: Identity,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const bodyBytes = Number(request.headers['content-length'] ?? 0);
  if (bodyBytes > smallBytes) {
    response.once('close', limits.holdBytes(identity, bodyBytes));
    limits.charge(identity, 'read', tokensOf(bodyBytes, 'graphql'));
  }
  const before = request.socket.bytesWritten;
  // When the last of it was handed over: it may be long until the client has it.
  response.once('prefinish', () =>
    followAnswer(limits, identity, response, { bytes: request.socket.bytesWritten - before, door: 'graphql' }),
  );
}
