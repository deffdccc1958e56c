import type { Served } from '../served/served.ts';
import { qualifiedKind, qualifiedResource, type GroupVersionKind } from '../served/served.ts';
import { ApiError, type Cause, type StatusDetails } from './status.ts';

type Resource = Pick<Served, 'plural' | 'group'>;

/** 400: the request cannot be understood. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** 401: nobody knows who asks. */
export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

/** 404 of an object. */
export function objectNotFound(served: Resource, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualifiedResource(served)} ${JSON.stringify(name)} not found`, {
    details: resourceDetails(served, name),
  });
}

/** 404 of a path in the core group, or of an object that its kind does not know. */
export function pathNotFound(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', { details: {} });
}

/** 405: the path is there, but not for this. */
export function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    details: {},
  });
}

/** 406: none of the forms that the client takes is one of ours. */
export function notAcceptable(): ApiError {
  const message = 'only the following media types are accepted: application/json, application/yaml';
  return new ApiError(406, 'NotAcceptable', message);
}

/** 415: the body is in a form that is not taken here. */
export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', message);
}

/** 413 */
export function bodyTooLarge(limitBytes: number): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
}

/** 422: the object, or the options, break rules. `kind` is the Kind that details and message name. */
export function invalid(kind: GroupVersionKind, name: string, causes: readonly Cause[]): ApiError {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const { group } = kind;
  return new ApiError(422, 'Invalid', `${qualifiedKind(kind)} ${JSON.stringify(name)} is invalid: ${list}`, {
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(kind.kind === '' ? {} : { kind: kind.kind }),
      causes,
    },
  });
}

/** 422 of a query parameter; `options` is such as `CreateOptions`. */
export function invalidOptions(options: string, causes: readonly Cause[]): ApiError {
  return invalid({ group: 'meta.k8s.io', version: 'v1', kind: options }, '', causes);
}

/** Details that name an object by its plural resource. */
export function resourceDetails({ plural, group }: Resource, name?: string): StatusDetails {
  return { ...(name ? { name } : {}), ...(group === '' ? {} : { group }), kind: plural };
}
