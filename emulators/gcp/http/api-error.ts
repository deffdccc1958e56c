import type { Json } from '../core/json.ts';

/** The names that Google gives to HTTP codes in the `status` member of an error. */
const STATUS_BY_CODE: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

export interface ApiErrorDetail {
  readonly httpStatus: number;
  /** `errors[0].reason`, as in `notFound`. */
  readonly reason: string;
  readonly message: string;
  /** `status`, as in `NOT_FOUND`; follows from the HTTP status when absent. */
  readonly status?: string;
  /** `errors[0].domain`; `global` when absent. */
  readonly domain?: string;
  /** `errors[0].extendedHelp`, a URL. */
  readonly help?: string;
  /** `details[]`, such as an ErrorInfo. */
  readonly details?: readonly Json[];
}

/** An answer other than 200. Thrown anywhere in a handler; all writes of the request are then taken back. */
export class ApiError extends Error {
  readonly detail: ApiErrorDetail;

  constructor(detail: ApiErrorDetail) {
    super(detail.message);
    this.detail = detail;
  }
}

export function apiError(httpStatus: number, reason: string, message: string, status?: string): ApiError {
  return new ApiError({ httpStatus, reason, message, ...(status === undefined ? {} : { status }) });
}

/** 400 for a value of the body, path or query; `field` is its path as Google writes it (`resource.name`). */
export function invalidValue(field: string, value: Json | undefined, why: string): ApiError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return apiError(400, 'invalid', `Invalid value for field '${field}': '${shown ?? ''}'. ${why}`);
}

export function requiredField(field: string): ApiError {
  return apiError(400, 'required', `Required field '${field}' not specified`);
}

export function notFound(key: string): ApiError {
  return apiError(404, 'notFound', `The resource '${key}' was not found`);
}

export function alreadyExists(key: string): ApiError {
  return apiError(409, 'alreadyExists', `The resource '${key}' already exists`);
}

export function notReady(key: string): ApiError {
  return apiError(400, 'resourceNotReady', `The resource '${key}' is not ready`);
}

export function inUse(noun: string, key: string, userKey: string): ApiError {
  const message = `The ${noun} resource '${key}' is already being used by '${userKey}'`;
  return apiError(400, 'resourceInUseByAnotherResource', message);
}

/** 501: Google has it, the emulator does not. Never a 404, which a client would take for an answer. */
export function notImplemented(what: string): ApiError {
  return apiError(501, 'notImplemented', `The GCP emulator does not implement ${what}`);
}

export function statusName(detail: ApiErrorDetail): string {
  return detail.status ?? STATUS_BY_CODE[detail.httpStatus] ?? 'UNKNOWN';
}
