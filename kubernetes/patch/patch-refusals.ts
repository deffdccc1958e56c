import { badRequest } from '../status/refusals.ts';
import { ApiError } from '../status/status.ts';

/** 422: a JSON patch that does not apply. Kubernetes does not say why. */
export function doesNotApply(cause: unknown): ApiError {
  const message = 'the server rejected our request due to an error in our request';
  return new ApiError(422, 'Invalid', message, { details: {}, cause });
}

/** 413 */
export function tooManyOperations(allowed: number, found: number): ApiError {
  const message = `The allowed maximum operations in a JSON patch is ${allowed}, got ${found}`;
  return new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);
}

/** 400: the body is no patch of its type. */
export function brokenPatch(reason: string): ApiError {
  return badRequest(`error decoding patch: ${reason}`);
}
