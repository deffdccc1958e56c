import {
  ConflictError,
  DatumError,
  FieldOwnershipError,
  ForbiddenError,
  NotFoundError,
  ValidationError,
} from './errors.ts';
import type { Kind } from './kind.ts';

/** An item of `userErrors` in a mutation's answer. */
export interface UserError {
  readonly __typename: string;
  readonly message: string;
  readonly code: string;
  readonly field?: string;
  readonly reason?: string;
  readonly currentResourceVersion?: string;
  readonly manager?: string;
  readonly name?: string;
}

/** The errors of one mutation as one to throw: of the type of the first, with all of that type. */
export function errorOf(
  errors: readonly [UserError, ...UserError[]],
  kind: Kind,
  namespace: string | undefined,
): DatumError {
  const [{ __typename, code, message, currentResourceVersion, name = '' }] = errors;
  switch (__typename) {
    case 'ValidationError':
      return new ValidationError(
        code,
        errors.map(({ field = '', reason = '', message: problem }) => ({ field, reason, message: problem })),
      );
    case 'ConflictError':
      return new ConflictError(message, code, currentResourceVersion);
    case 'FieldOwnershipError':
      return new FieldOwnershipError(
        errors.map((error) => error.message).join('; '),
        errors.map(({ manager = '', field = '' }) => ({ manager, field })),
      );
    case 'NotFoundError':
      return new NotFoundError({ kind: kind.type, namespace, name });
    case 'ForbiddenError':
      return new ForbiddenError(message, code);
    default:
      // A server newer than this client may have more types of errors.
      return new DatumError(message, { code });
  }
}
