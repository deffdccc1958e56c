import { isStoreError, type StoreError } from '../../store/errors.ts';

/** A value of one of the types that implement UserError. */
export interface UserError {
  readonly __typename:
    | 'ValidationError'
    | 'ConflictError'
    | 'FieldOwnershipError'
    | 'NotFoundError'
    | 'ForbiddenError'
    | 'QuotaError';
  readonly message: string;
  readonly code: string;
  readonly [detail: string]: unknown;
}

/** What a mutation answers when the store refuses; undefined for failures that are not the caller's to mend. */
export function userErrors(error: unknown): UserError[] | undefined {
  if (!isStoreError(error)) return undefined;
  switch (error.code) {
    case 'Invalid':
      return error.problems.length > 0
        ? error.problems.map(({ path, reason, message }) => ({
            __typename: 'ValidationError',
            code: 'INVALID',
            message,
            field: path,
            reason,
          }))
        : [validation(error, 'INVALID')];
    case 'TooLarge':
      return [validation(error, 'TOO_LARGE')];
    case 'BadRequest':
      return [validation(error, 'BAD_REQUEST')];
    case 'Conflict':
      return [conflict(error, 'CONFLICT')];
    case 'ApplyConflict':
      return error.conflicts.map(({ manager, path }) => ({
        __typename: 'FieldOwnershipError',
        code: 'FIELD_OWNERSHIP',
        message: `conflict with ${JSON.stringify(manager)}: ${path}`,
        manager,
        field: path,
      }));
    case 'AlreadyExists':
      return [conflict(error, 'ALREADY_EXISTS')];
    case 'IdempotencyMismatch':
      return [conflict(error, 'IDEMPOTENCY_MISMATCH')];
    case 'NotFound':
      return [
        {
          __typename: 'NotFoundError',
          code: 'NOT_FOUND',
          message: error.message,
          kind: error.object.kind,
          name: error.object.name,
        },
      ];
    case 'Forbidden':
      return [{ __typename: 'ForbiddenError', code: 'FORBIDDEN', message: error.message }];
    case 'QuotaExceeded':
      return error.limits.map((limit) => ({
        __typename: 'QuotaError',
        code: 'QUOTA_EXCEEDED',
        message: error.message,
        ...limit,
      }));
    case 'NamespaceTerminating':
      return [{ __typename: 'ForbiddenError', code: 'NAMESPACE_TERMINATING', message: error.message }];
    case 'Expired':
    case 'InvalidToken':
    case 'Unavailable':
      return undefined;
  }
}

function validation(error: StoreError, code: string): UserError {
  return { __typename: 'ValidationError', code, message: error.message, field: '', reason: 'FieldValueInvalid' };
}

function conflict(error: StoreError, code: string): UserError {
  return { __typename: 'ConflictError', code, message: error.message, currentResourceVersion: error.object.revision };
}
