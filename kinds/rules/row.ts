import type { ProblemReason } from '../problem.ts';

/** A validation rule: what is changed in a valid object, and what that is answered with. */
export interface Row {
  readonly patch: Readonly<Record<string, unknown>>;
  /** Changes of the valid object that was there before; absent on create. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly reason: ProblemReason;
  /** Start of the message. */
  readonly message: string;
}

/** A row of any reason. */
export function row(
  patch: Row['patch'],
  path: string,
  reason: ProblemReason,
  message: string,
  before?: Row['before'],
): Row {
  return { patch, path, reason, message, ...(before && { before }) };
}

/** Answered with Required value. */
export function required(patch: Row['patch'], path: string, detail = ''): Row {
  return row(patch, path, 'FieldValueRequired', `Required value${detail}`);
}

/** Answered with Invalid value. */
export function invalid(patch: Row['patch'], path: string, message: string, before?: Row['before']): Row {
  return row(patch, path, 'FieldValueInvalid', `Invalid value: ${message}`, before);
}

/** Answered with Invalid value, for a wrong type or format. */
export function typeInvalid(patch: Row['patch'], path: string, message: string): Row {
  return row(patch, path, 'FieldValueTypeInvalid', `Invalid value: ${message}`);
}

/** Answered with Forbidden. */
export function forbidden(patch: Row['patch'], path: string, message: string, before?: Row['before']): Row {
  return row(patch, path, 'FieldValueForbidden', `Forbidden: ${message}`, before);
}
