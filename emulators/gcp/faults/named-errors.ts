import type { ApiErrorDetail } from '../http/api-error.ts';
import { concurrencyError } from '../quota/rate-limits.ts';

const NUMBER = '100000000001';

function errorInfo(reason: string, domain: string, metadata: Readonly<Record<string, string>> = {}) {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}

/** Errors that a rule can name instead of spelling them out, worded as Google words them. */
export const NAMED_ERRORS = {
  authError: {
    httpStatus: 401,
    reason: 'authError',
    message: 'Request had invalid authentication credentials. Expected OAuth 2 access token.',
  },
  forbidden: {
    httpStatus: 403,
    reason: 'forbidden',
    message: "Required 'compute.instances.create' permission for 'projects/p/zones/z/instances/i'",
  },
  rateLimitExceeded: {
    httpStatus: 403,
    reason: 'rateLimitExceeded',
    domain: 'usageLimits',
    message:
      "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service " +
      `'compute.googleapis.com' for consumer 'project_number:${NUMBER}'.`,
    details: [
      errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', { quota_metric: 'compute.googleapis.com/read_requests' }),
    ],
  },
  concurrentOperations: concurrencyError(NUMBER, 'global', 'insert').detail,
  quotaExceeded: {
    httpStatus: 403,
    reason: 'quotaExceeded',
    message: "Quota 'FIREWALLS' exceeded.  Limit: 100.0 globally.",
  },
  accessNotConfigured: {
    httpStatus: 403,
    reason: 'accessNotConfigured',
    domain: 'usageLimits',
    message: `Compute Engine API has not been used in project ${NUMBER} before or it is disabled.`,
    details: [errorInfo('SERVICE_DISABLED', 'googleapis.com', { service: 'compute.googleapis.com' })],
  },
  notFound: {
    httpStatus: 404,
    reason: 'notFound',
    message: "The resource 'projects/p/global/networks/n' was not found",
  },
  alreadyExists: {
    httpStatus: 409,
    reason: 'alreadyExists',
    message: "The resource 'projects/p/global/networks/n' already exists",
  },
  operationInProgress: {
    httpStatus: 409,
    reason: 'operationInProgress',
    message: 'There was a conflicting operation in progress.',
  },
  conditionNotMet: { httpStatus: 412, reason: 'conditionNotMet', message: 'Invalid fingerprint.' },
  uploadTooLarge: { httpStatus: 413, reason: 'uploadTooLarge', message: 'The request is too large.' },
  resourceExhausted: {
    httpStatus: 429,
    reason: 'rateLimitExceeded',
    message: "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute'.",
  },
  internalError: { httpStatus: 500, reason: 'internalError', message: 'Internal error.' },
  backendError: { httpStatus: 503, reason: 'backendError', message: 'Backend Error' },
  badGateway: { httpStatus: 502, reason: 'backendError', message: 'Bad Gateway' },
  gatewayTimeout: { httpStatus: 504, reason: 'backendError', message: 'Deadline exceeded' },
} satisfies Readonly<Record<string, ApiErrorDetail>>;

export type NamedError = keyof typeof NAMED_ERRORS;

export function isNamedError(name: unknown): name is NamedError {
  return typeof name === 'string' && Object.hasOwn(NAMED_ERRORS, name);
}
