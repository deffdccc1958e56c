import { GraphQLError } from 'graphql';
import { TooMany } from '../../access/limits/too-many.ts';
import { isStoreError, type StoreErrorCode } from '../../store/errors.ts';

/** Codes of top-level errors, and whether the same request may succeed later. */
const codes = {
  NotFound: ['NOT_FOUND', false],
  AlreadyExists: ['ALREADY_EXISTS', false],
  Conflict: ['CONFLICT', false],
  ApplyConflict: ['CONFLICT', false],
  Invalid: ['BAD_USER_INPUT', false],
  Forbidden: ['FORBIDDEN', false],
  QuotaExceeded: ['QUOTA_EXCEEDED', false],
  NamespaceTerminating: ['NAMESPACE_TERMINATING', false],
  BadRequest: ['BAD_USER_INPUT', false],
  TooLarge: ['TOO_LARGE', false],
  Expired: ['EXPIRED', false],
  InvalidToken: ['INVALID_CURSOR', false],
  IdempotencyMismatch: ['IDEMPOTENCY_MISMATCH', false],
  Unavailable: ['UNAVAILABLE', true],
} as const satisfies Record<StoreErrorCode, readonly [string, boolean]>;

/** Refusal of an argument. `field` is its path. */
export function badInput(message: string, field: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', retryable: false, field } });
}

/** Refusal with a code of its own. */
export function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryable: false } });
}

/**
 * An execution error as a caller may see it: refusals keep their message and get a code; anything else is a fault of ours,
 * which `report` logs and the caller sees masked.
 */
export function publicError(error: GraphQLError, report: (cause: unknown) => void): GraphQLError {
  const cause = error.originalError;
  if (isStoreError(cause)) {
    const [code, retryable] = codes[cause.code];
    if (cause.code === 'Unavailable') report(cause);
    return copy(error, cause.message, { code, retryable });
  }
  if (cause instanceof TooMany) {
    const { message, retryAfterSecs } = cause;
    return copy(error, message, { code: 'RATE_LIMITED', retryable: true, retryAfterSeconds: retryAfterSecs });
  }
  if (cause === undefined || cause === null || cause instanceof GraphQLError) {
    return error.extensions['code'] === undefined
      ? copy(error, error.message, { code: 'BAD_USER_INPUT', retryable: false })
      : error;
  }
  report(cause);
  return copy(error, 'Internal error', { code: 'INTERNAL', retryable: false });
}

interface Refusal {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
}

function copy(error: GraphQLError, message: string, extensions: Refusal): GraphQLError {
  const { nodes, source, positions, path } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    extensions: { ...extensions },
  });
}
