/** What every error of the client has. `code` is stable; `message` is for people. */
export class DatumError extends Error {
  override readonly name: string = 'DatumError';
  readonly code: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Finds the request in the server's logs. */
  readonly requestId: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = details.code;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
  }
}

export interface ErrorDetails {
  readonly code: string;
  readonly retryable?: boolean;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** The server refused an operation as a whole, or failed at it. */
export class RequestError extends DatumError {
  override readonly name = 'RequestError';
  /** HTTP status; undefined over WebSocket. */
  readonly status: number | undefined;
  /** Path of the input's field that is wrong, where the server names one: `spec.mtu`. */
  readonly field: string | undefined;
  /** When the server asks to come back, in ms from now. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: RequestErrorDetails) {
    super(message, details);
    this.status = details.status;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
  }
}

export interface RequestErrorDetails extends ErrorDetails {
  readonly status?: number | undefined;
  readonly field?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** Nobody answered, or the connection broke: whether the operation was done is not known. */
export class ConnectionError extends DatumError {
  override readonly name = 'ConnectionError';

  constructor(message: string, cause?: unknown) {
    super(message, { code: 'CONNECTION', retryable: true, cause });
  }
}

/** The server does not know the caller, also after its token was asked for anew. */
export class UnauthenticatedError extends DatumError {
  override readonly name = 'UnauthenticatedError';

  constructor(message: string, requestId?: string) {
    super(message, { code: 'UNAUTHENTICATED', requestId });
  }
}

/** A field of the input breaks a rule. */
export interface Problem {
  /** From the root of the object: `spec.placements[0].cityCodes[1]`. */
  readonly field: string;
  /** Such as FieldValueRequired. */
  readonly reason: string;
  readonly message: string;
}

/** The input breaks rules; `field` and `reason` are those of the first problem. */
export class ValidationError extends DatumError {
  override readonly name = 'ValidationError';
  readonly field: string;
  readonly reason: string;
  readonly problems: readonly Problem[];

  constructor(code: string, problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '), { code });
    this.field = problems[0]?.field ?? '';
    this.reason = problems[0]?.reason ?? '';
    this.problems = problems;
  }
}

/** Another write came first, a precondition does not hold, or the name is taken; `code` says which. */
export class ConflictError extends DatumError {
  override readonly name = 'ConflictError';
  /** Version that the object has now, if there is one. */
  readonly currentResourceVersion: string | undefined;

  constructor(message: string, code: string, currentResourceVersion?: string) {
    super(message, { code });
    this.currentResourceVersion = currentResourceVersion;
  }
}

/** Other managers own fields that an apply would change. `force` takes them over. */
export class FieldOwnershipError extends DatumError {
  override readonly name = 'FieldOwnershipError';
  readonly conflicts: readonly { readonly manager: string; readonly field: string }[];

  constructor(message: string, conflicts: readonly { readonly manager: string; readonly field: string }[]) {
    super(message, { code: 'FIELD_OWNERSHIP' });
    this.conflicts = conflicts;
  }
}

/** There is no such object. */
export class NotFoundError extends DatumError {
  override readonly name = 'NotFoundError';
  readonly object: { readonly kind: string; readonly namespace?: string | undefined; readonly name: string };

  constructor(object: NotFoundError['object']) {
    super(
      `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name} does not exist`,
      {
        code: 'NOT_FOUND',
      },
    );
    this.object = object;
  }
}

/** The caller may not do this, or not here. */
export class ForbiddenError extends DatumError {
  override readonly name = 'ForbiddenError';

  constructor(message: string, code = 'FORBIDDEN', requestId?: string) {
    super(message, { code, requestId });
  }
}
