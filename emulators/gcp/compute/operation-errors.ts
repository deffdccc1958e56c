import type { OperationError } from '../core/database.ts';
import type { OperationFault } from '../faults/rule.ts';
import type { ApiError } from '../http/api-error.ts';

/** HTTP status that goes with the codes found in `operation.error`. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  CONDITION_NOT_MET: 412,
  EXTERNAL_RESOURCE_NOT_FOUND: 404,
  INTERNAL_ERROR: 500,
  INVALID_FIELD_VALUE: 400,
  INVALID_USAGE: 400,
  IP_IN_USE_BY_ANOTHER_RESOURCE: 400,
  IP_SPACE_EXHAUSTED: 403,
  IP_SPACE_EXHAUSTED_WITH_DETAILS: 403,
  LIMIT_EXCEEDED: 403,
  PERMISSIONS_ERROR: 403,
  QUOTA_EXCEEDED: 403,
  REGION_RESOURCE_POOL_EXHAUSTED: 503,
  RESOURCE_ALREADY_EXISTS: 409,
  RESOURCE_IN_USE_BY_ANOTHER_RESOURCE: 400,
  RESOURCE_NOT_FOUND: 404,
  RESOURCE_NOT_READY: 400,
  RESOURCE_OPERATION_RATE_EXCEEDED: 403,
  SERVICE_ACCOUNT_ACCESS_DENIED: 403,
  UNSUPPORTED_OPERATION: 400,
  VM_MIN_COUNT_NOT_REACHED: 503,
  ZONE_RESOURCE_POOL_EXHAUSTED: 503,
  ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS: 503,
};

/** The code in an operation for what would be this reason in an HTTP error. */
const CODE_BY_REASON: Readonly<Record<string, string>> = {
  alreadyExists: 'RESOURCE_ALREADY_EXISTS',
  conditionNotMet: 'CONDITION_NOT_MET',
  invalid: 'INVALID_FIELD_VALUE',
  invalidUsage: 'INVALID_USAGE',
  notFound: 'RESOURCE_NOT_FOUND',
  resourceInUseByAnotherResource: 'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE',
  resourceNotReady: 'RESOURCE_NOT_READY',
};

export function operationError(code: string, message: string): OperationError {
  return { code, message, httpStatus: STATUS_BY_CODE[code] ?? 500 };
}

export function operationErrorOf(error: ApiError): OperationError {
  return operationError(CODE_BY_REASON[error.detail.reason] ?? 'INTERNAL_ERROR', error.message);
}

/** The error that a fault rule wants, if any. */
export function operationFault(fault: OperationFault | undefined): OperationError | undefined {
  if (fault?.kind !== 'operation-error') return undefined;
  return operationError(fault.code, fault.message ?? `Injected failure: ${fault.code}.`);
}
