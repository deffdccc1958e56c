import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { ObjectMeta, Resource } from '../kinds/object.ts';
import type { SecretBox } from './encryption/secret-box.ts';
import { openFields, sealFields, type StoredAt } from './encryption/sensitive-fields.ts';
import type { Revision } from './types.ts';

/**
 * Text of an object as it is stored: kind and metadata first, the rest as the schema orders it, without the revision, which
 * the row carries, and with the values of sensitive fields sealed.
 */
export function encode(kind: Kind, object: Resource, box: SecretBox, project: string): string {
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  const stored = { apiVersion: apiVersionOf(kind), kind: kind.name, metadata: inOrder(metadata), ...rest };
  if (kind.sensitive.length > 0) {
    const at = { project, namespace: metadata.namespace ?? '', name: metadata.name };
    sealFields(kind, stored, at, box);
  }
  return JSON.stringify(stored);
}

/** Metadata in the order in which it is stored; what is undefined is not written. */
function inOrder(metadata: ObjectMeta): Record<Exclude<keyof ObjectMeta, 'resourceVersion'>, unknown> {
  return {
    name: metadata.name,
    generateName: metadata.generateName,
    namespace: metadata.namespace,
    uid: metadata.uid,
    generation: metadata.generation,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    finalizers: metadata.finalizers,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ownerReferences: metadata.ownerReferences,
    managedFields: metadata.managedFields,
  };
}

/** The object of a stored text at its revision. `at` is where it was found: what was moved there does not open. */
export function decode(kind: Kind, text: string, revision: Revision | string, box: SecretBox, at: StoredAt): Resource {
  const object = JSON.parse(text) as Resource & Record<string, unknown>;
  object.metadata.resourceVersion = String(revision);
  if (kind.sensitive.length > 0) openFields(kind, object, at, box);
  return object;
}
