import type { ObjectMeta, Resource } from '../../kinds/object.ts';
import { groupVersion, type GroupVersionKind, type Served, type Subresource } from '../served/served.ts';
import { badRequest, invalid } from '../status/refusals.ts';
import type { ApiError } from '../status/status.ts';
import { shapeOf } from './decode-body.ts';
import { groupOf } from './group-of.ts';
import type { Manifest } from './typed.ts';

/** Where a request goes, as far as its object must agree. */
interface Address {
  readonly served: Served;
  /** Empty for kinds of cluster scope. */
  readonly namespace: string;
  readonly name?: string;
  readonly subresource?: Subresource;
}

/**
 * An object to be created, in the namespace of the URL. Throws 400 for another namespace and for a resourceVersion, 422 for
 * another kind.
 */
export function checkNew(object: Manifest, served: Served, namespace: string): Resource {
  const placed = inNamespace(object, namespace);
  if (object.metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
  checkKind(object, served);
  return placed;
}

/**
 * An object that replaces the one of the URL, or a part of it. Throws 400 for another name or namespace and for a
 * resourceVersion that can be none, 422 for another kind.
 */
export function checkReplacement(object: Manifest, address: Address): Resource {
  const placed = inNamespace(object, address.namespace);
  checkName(object.metadata, address.name ?? '');
  checkVersion(object.metadata);
  checkKind(object, shapeOf(address));
  return placed;
}

/** Throws 400 where an object is not the one of the URL. */
export function checkName({ name = '' }: Partial<ObjectMeta>, expected: string): void {
  if (name === expected) return;
  if (name === '')
    throw badRequest(`the name of the object (${expected} based on URL) was undeterminable: name must be provided`);
  throw badRequest(`the name of the object (${name}) does not match the name on the URL (${expected})`);
}

/** Throws 400 for a resourceVersion that is no number. */
export function checkVersion({ resourceVersion = '' }: Partial<ObjectMeta>): void {
  if (!/^\d*$/.test(resourceVersion))
    throw badRequest(`Invalid value: ${JSON.stringify(resourceVersion.slice(0, 100))}: invalid resource version`);
}

/** Throws 400 where an object is in another namespace; none is fine. */
export function checkNamespace({ namespace = '' }: Partial<ObjectMeta>, expected: string): void {
  if (namespace !== '' && expected !== '' && namespace !== expected)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** 422: the kind or the version is not the one that is served. */
export function otherKind(
  { apiVersion, kind, metadata }: Manifest,
  field: 'kind' | 'apiVersion',
  expected: string,
): ApiError {
  const found = JSON.stringify(field === 'kind' ? kind : apiVersion);
  return invalid({ group: groupOf(apiVersion), version: '', kind }, metadata.name ?? '', [
    { reason: 'FieldValueInvalid', message: `Invalid value: ${found}: must be ${expected}`, field },
  ]);
}

function checkKind(object: Manifest, expected: GroupVersionKind): void {
  if (object.kind !== expected.kind) throw otherKind(object, 'kind', expected.kind);
  if (object.apiVersion !== groupVersion(expected)) throw otherKind(object, 'apiVersion', groupVersion(expected));
}

/** What the store fills in is missing still; a cluster-wide kind loses a namespace that it was sent with. */
function inNamespace(object: Manifest, namespace: string): Resource {
  checkNamespace(object.metadata, namespace);
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(namespace === '' ? {} : { namespace }) } as ObjectMeta };
}
