import type { Problem } from '../../kinds/problem.ts';
import type { Schema } from '../../kinds/schema/schema.ts';
import { isStoreError, type StoreError } from '../../store/errors.ts';
import type { GroupVersionKind, Served } from '../served/served.ts';
import { qualifiedResource } from '../served/served.ts';
import { badRequest, invalid, objectNotFound, resourceDetails } from './refusals.ts';
import { ApiError, type Cause } from './status.ts';

/** What a write was, as far as its refusal depends on it. */
export interface Write {
  readonly served: Served;
  readonly namespace: string;
  readonly name: string;
  readonly verb: 'create' | 'update' | 'patch' | 'delete' | 'read';
  readonly subresource?: string | undefined;
}

/** The refusal of the store in the words of the wire; errors of another kind are handed on. */
export function fromStore(error: unknown, write: Write): unknown {
  if (!isStoreError(error)) return error;
  const { served, name } = write;
  switch (error.code) {
    case 'NotFound':
      return error.object.kind === 'Namespace' && served.stored?.id !== 'Namespace'
        ? objectNotFound({ plural: 'namespaces', group: '' }, error.object.name ?? '')
        : objectNotFound(served, name);
    case 'AlreadyExists':
      return alreadyExists(served, error.object.name ?? name);
    case 'Conflict':
      return conflict(error, write);
    case 'ApplyConflict':
      return applyConflict(error);
    case 'Invalid':
      return invalid(storedKind(served), error.object.name ?? name, causesOf(error.problems, write));
    case 'TooLarge':
      return new ApiError(413, 'RequestEntityTooLarge', error.message);
    case 'Forbidden':
    case 'QuotaExceeded':
      return new ApiError(403, 'Forbidden', error.message, { details: resourceDetails(served, name) });
    case 'NamespaceTerminating':
      return namespaceTerminating(error, write);
    case 'BadRequest':
    case 'InvalidToken':
    case 'IdempotencyMismatch':
      return badRequest(error.message);
    case 'Expired':
      return new ApiError(410, 'Expired', error.message);
    case 'Unavailable':
      return unavailable(error);
  }
}

/** Rules are those of the stored kind, at whatever version they are broken. */
function storedKind({ stored, ...shown }: Served): GroupVersionKind {
  return stored === undefined ? shown : { group: stored.group, version: stored.version, kind: stored.name };
}

function alreadyExists(served: Served, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualifiedResource(served)} ${JSON.stringify(name)} already exists`, {
    details: resourceDetails(served, name),
  });
}

/** Preconditions of a delete name the Kind, all other conflicts the plural. */
function conflict({ message }: StoreError, { served, name, verb }: Write): ApiError {
  const details = resourceDetails(served, name);
  return new ApiError(409, 'Conflict', message, {
    details: verb === 'delete' ? { ...details, kind: served.kind } : details,
  });
}

function applyConflict({ message, conflicts }: StoreError): ApiError {
  const causes = conflicts.map(({ manager, operation, apiVersion, subresource, path }) => ({
    reason: 'FieldManagerConflict',
    message:
      `conflict with ${JSON.stringify(manager)}` +
      (subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`) +
      (operation === 'Update' ? ` using ${apiVersion}` : ''),
    field: path,
  }));
  return new ApiError(409, 'Conflict', message, { details: { causes } });
}

function namespaceTerminating({ message }: StoreError, { served, namespace, name }: Write): ApiError {
  const text = `${qualifiedResource(served)} ${JSON.stringify(name)} is forbidden: ${message}`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  return new ApiError(403, 'Forbidden', text, { details: { ...resourceDetails(served, name), causes: [cause] } });
}

function unavailable({ message }: StoreError): ApiError {
  return new ApiError(503, 'ServiceUnavailable', message, {
    details: { retryAfterSeconds: 1 },
    headers: { 'retry-after': '1' },
  });
}

/** Reasons after which Kubernetes leaves the rules of a definition unchecked, and says so. */
const structural = new Set([
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
]);

const rulesNotChecked: Cause = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

function causesOf(problems: readonly Problem[], { served, verb, subresource }: Write): Cause[] {
  const causes = problems.map(({ path, reason, message }) => ({
    reason,
    message:
      subresource === 'status'
        ? message.replace(`${path} in body`, `${path.replace(/^status\./, '')} in body`)
        : message,
    field: path,
  }));
  if (served.style === 'built-in') return causes;
  // Kubernetes checks the metadata of custom objects three times on updates, what changed in it twice, and tells all findings.
  const repeated =
    verb === 'update' || verb === 'patch' ? causes.filter(({ field }) => field.startsWith('metadata.')) : [];
  const again = [...repeated, ...repeated.filter(({ reason }) => reason !== 'FieldValueForbidden')];
  const unchecked =
    served.stored !== undefined &&
    hasRules(served.stored.schema) &&
    causes.some(({ reason, field }) => structural.has(reason) && !field.startsWith('metadata.'));
  return [...causes, ...again, ...(unchecked ? [rulesNotChecked] : [])];
}

const withRules = new WeakMap<Schema, boolean>();

function hasRules(schema: Schema): boolean {
  let found = withRules.get(schema);
  if (found === undefined) {
    found =
      schema['x-kubernetes-validations'] !== undefined ||
      [schema.items, schema.additionalProperties, ...Object.values(schema.properties ?? {})].some(
        (inner) => inner !== undefined && hasRules(inner),
      );
    withRules.set(schema, found);
  }
  return found;
}
