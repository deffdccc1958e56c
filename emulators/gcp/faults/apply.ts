import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, statusName } from '../http/api-error.ts';
import { NAMED_ERRORS } from './named-errors.ts';
import type { Fault, OperationFault } from './rule.ts';

const DEFAULT_REASONS: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  409: 'alreadyExists',
  412: 'conditionNotMet',
  429: 'rateLimitExceeded',
  503: 'backendError',
};

/** What must happen to the answer once the request has been done. */
export type AfterFault = Extract<
  Fault,
  { kind: 'lost-answer' | 'commit-then-error' | 'truncated' | 'cut-body' | 'slow-body' }
>;

/** What is left of a fault after its first part. */
export interface StartedFault {
  /** Cut the connection and do nothing. */
  readonly drop?: true;
  /** Send this page of HTML with a 503 and do nothing. */
  readonly html?: string;
  /** Do it once before, and forget the answer. */
  readonly twice?: true;
  readonly operation?: OperationFault;
  readonly after?: AfterFault;
}

/** Does the part of a fault that comes before the request is done. Throws the ApiError of a fault that is one. */
export async function beginFault(fault: Fault, draw: number, signal: AbortSignal): Promise<StartedFault> {
  switch (fault.kind) {
    case 'http':
      throw errorOf(fault.status, fault.reason, fault.message, fault.details);
    case 'error':
      throw new ApiError(NAMED_ERRORS[fault.error]);
    case 'drop':
      return { drop: true };
    case 'html':
      return { html: '<html><head><title>503</title></head><body>Service Unavailable</body></html>' };
    case 'latency':
      await sleep(fault.ms + draw * (fault.jitterMs ?? 0), undefined, { signal }).catch(() => undefined);
      return {};
    case 'duplicate':
      return { twice: true };
    case 'operation-error':
    case 'stuck-operation':
    case 'slow-operation':
    case 'vanishing-operation':
    case 'late-visibility':
      return { operation: fault };
    case 'lost-answer':
    case 'commit-then-error':
    case 'truncated':
    case 'cut-body':
    case 'slow-body':
      return { after: fault };
  }
}

/** The error that `commit-then-error` answers with. */
export function errorAfterCommit(fault: Extract<Fault, { kind: 'commit-then-error' }>): ApiError {
  return errorOf(fault.status ?? 500, fault.reason, undefined, undefined);
}

function errorOf(
  httpStatus: number,
  reason: string | undefined,
  message: string | undefined,
  details: Extract<Fault, { kind: 'http' }>['details'],
): ApiError {
  const shownReason = reason ?? DEFAULT_REASONS[httpStatus] ?? 'backendError';
  const detail = { httpStatus, reason: shownReason, message: '' };
  return new ApiError({
    ...detail,
    message: message ?? `Injected failure: ${shownReason} (${statusName(detail)}).`,
    ...(details === undefined ? {} : { details }),
  });
}
