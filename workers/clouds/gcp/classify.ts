import type { Fault, FaultClass } from './errors.ts';

/** Classes of everything that Google calls an error by name: HTTP reasons, ErrorInfo reasons, statuses, operation codes. */
const classes: Readonly<Record<string, FaultClass>> = {
  // Reasons of HTTP errors.
  invalid: 'spec',
  required: 'spec',
  badRequest: 'spec',
  invalidUsage: 'spec',
  uploadTooLarge: 'spec',
  resourceInUseByAnotherResource: 'dependency',
  resourceNotReady: 'transient',
  authError: 'permission',
  forbidden: 'permission',
  accessNotConfigured: 'configuration',
  billingDisabled: 'configuration',
  quotaExceeded: 'quota',
  rateLimitExceeded: 'throttle',
  userRateLimitExceeded: 'throttle',
  notFound: 'notFound',
  alreadyExists: 'alreadyExists',
  operationInProgress: 'transient',
  conditionNotMet: 'conflict',
  backendError: 'transient',
  internalError: 'transient',
  // Reasons of google.rpc.ErrorInfo.
  SERVICE_DISABLED: 'configuration',
  BILLING_DISABLED: 'configuration',
  CONSUMER_INVALID: 'configuration',
  RATE_LIMIT_EXCEEDED: 'throttle',
  CONCURRENT_OPERATIONS_QUOTA_EXCEEDED: 'throttle',
  IAM_PERMISSION_DENIED: 'permission',
  // Statuses of IAM and Secret Manager.
  INVALID_ARGUMENT: 'spec',
  FAILED_PRECONDITION: 'conflict',
  OUT_OF_RANGE: 'spec',
  UNAUTHENTICATED: 'permission',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'notFound',
  ALREADY_EXISTS: 'alreadyExists',
  ABORTED: 'conflict',
  RESOURCE_EXHAUSTED: 'throttle',
  CANCELLED: 'transient',
  UNKNOWN: 'transient',
  INTERNAL: 'transient',
  UNAVAILABLE: 'transient',
  DEADLINE_EXCEEDED: 'transient',
  UNIMPLEMENTED: 'configuration',
  // Codes of operations.
  ZONE_RESOURCE_POOL_EXHAUSTED: 'stockout',
  ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS: 'stockout',
  REGION_RESOURCE_POOL_EXHAUSTED: 'stockout',
  VM_MIN_COUNT_NOT_REACHED: 'stockout',
  IP_SPACE_EXHAUSTED: 'stockout',
  IP_SPACE_EXHAUSTED_WITH_DETAILS: 'stockout',
  QUOTA_EXCEEDED: 'quota',
  LIMIT_EXCEEDED: 'quota',
  RESOURCE_NOT_FOUND: 'dependency',
  EXTERNAL_RESOURCE_NOT_FOUND: 'dependency',
  RESOURCE_IN_USE_BY_ANOTHER_RESOURCE: 'dependency',
  RESOURCE_NOT_READY: 'transient',
  RESOURCE_ALREADY_EXISTS: 'alreadyExists',
  SERVICE_ACCOUNT_ACCESS_DENIED: 'permission',
  PERMISSIONS_ERROR: 'permission',
  INVALID_USAGE: 'spec',
  INVALID_FIELD_VALUE: 'spec',
  UNSUPPORTED_OPERATION: 'spec',
  CONDITION_NOT_MET: 'conflict',
  INTERNAL_ERROR: 'transient',
  RESOURCE_OPERATION_RATE_EXCEEDED: 'throttle',
};

/** Every code that has a class of its own. */
export const knownCodes: readonly string[] = Object.keys(classes);

/** An error that an operation ended with. */
export function operationFault(error: { readonly code?: string | null; readonly message?: string | null }): Fault {
  const code = error.code ?? 'UNKNOWN';
  return refine({ code, class: classes[code] ?? 'transient', message: error.message ?? code });
}

/** Error bodies of the three APIs: Compute has no `status`, Secret Manager no `errors`, IAM both. */
interface ErrorBody {
  readonly error?: {
    readonly message?: string;
    readonly status?: string;
    readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
    readonly details?: readonly { readonly reason?: string }[];
  };
}

/** An answer that is no success. Judged by ErrorInfo, then the reason, then the status, then the number. */
export function httpFault(status: number, body: unknown): Fault {
  const error = isErrorBody(body) ? body.error : undefined;
  const names = [error?.details?.find(({ reason }) => reason)?.reason, error?.errors?.[0]?.reason, error?.status];
  const known = names.find((name) => name !== undefined && name in classes);
  const code = known ?? names.find((name) => name !== undefined) ?? `HTTP ${status}`;
  const message = error?.message ?? `Google answered with HTTP ${status}`;
  return refine({ code, class: (known === undefined ? undefined : classes[known]) ?? byStatus(status), message });
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object';
}

function byStatus(status: number): FaultClass {
  if (status === 401 || status === 403) return 'permission';
  if (status === 404) return 'notFound';
  if (status === 409) return 'alreadyExists';
  if (status === 412) return 'conflict';
  if (status === 429) return 'throttle';
  return status >= 500 || status === 408 || status < 400 ? 'transient' : 'spec';
}

/** Some codes mean several things that only the text tells apart. */
function refine(fault: Fault): Fault {
  const missingAccount = /service ?account\b.*(does not exist|was not found|not found)/is.test(fault.message);
  if (missingAccount && (fault.class === 'spec' || fault.class === 'dependency'))
    return { ...fault, class: 'propagation' };
  // A subnetwork that grows is not larger yet.
  if (fault.class === 'spec' && /networkIP.*outside the (network|subnetwork)/is.test(fault.message))
    return { ...fault, class: 'dependency' };
  if (fault.class === 'throttle' && /maximum number of/i.test(fault.message)) return { ...fault, class: 'quota' };
  return fault;
}

/** No answer at all: the call may or may not have been done. `message` must not hold anything of the request. */
export function transportFault(code: string, message: string): Fault {
  return { code, class: 'transient', message };
}
