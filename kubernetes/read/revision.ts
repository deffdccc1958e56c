import type { Revision } from '../../store/types.ts';
import { badRequest } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';

/** Greatest revision that the store can have. */
const greatest = 2n ** 63n - 1n;

/** Reads a `resourceVersion`. Throws 400 for what is no unsigned number. */
export function parseRevision(text: string): Revision {
  if (!/^\d{1,20}$/.test(text)) throw badRequest(`Invalid value: ${JSON.stringify(text)}: invalid resource version`);
  const revision = BigInt(text);
  return revision > greatest ? greatest : revision;
}

/** 504: a revision that the store has not reached; clients try again after a second. */
export function futureRevision(asked: Revision, current: Revision): ApiError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    details: { causes, retryAfterSeconds: 1 },
    headers: { 'retry-after': '1' },
  });
}
