import { apiVersionOf, type Kind } from '../kinds/kind.ts';
import type { ObjectMeta, Resource } from '../kinds/object.ts';
import type { SecretBox } from './secret-box.ts';
import type { Revision } from './types.ts';

type Fields = Record<string, unknown>;

/**
 * Text of an object as it is stored: kind and metadata first, the rest as the schema orders it, without the revision, which
 * the row carries, and with the values of sensitive fields sealed.
 */
export function encode(kind: Kind, object: Resource, box: SecretBox): string {
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  return JSON.stringify({
    apiVersion: apiVersionOf(kind),
    kind: kind.name,
    metadata: inOrder(metadata),
    ...mapSensitive(kind, rest, metadata, box.seal),
  });
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

/** The object of a stored text at its revision. */
export function decode(kind: Kind, text: string, revision: Revision | string, box: SecretBox): Resource {
  const object = JSON.parse(text) as Resource & Fields;
  object.metadata.resourceVersion = String(revision);
  return kind.sensitive.length === 0
    ? object
    : (mapSensitive(kind, object, object.metadata, box.open) as unknown as Resource);
}

/** Applies `change` to each value of the sensitive fields, which are maps of strings. */
function mapSensitive(
  kind: Kind,
  object: Fields,
  metadata: ObjectMeta,
  change: (value: string, boundTo: string) => string,
): Fields {
  if (kind.sensitive.length === 0) return object;
  const result: Fields = { ...object };
  for (const field of kind.sensitive) {
    const values = object[field];
    if (values === undefined || values === null) continue;
    result[field] = Object.fromEntries(
      Object.entries(values as Record<string, string>).map(([key, value]) => [
        key,
        change(value, `${metadata.uid}/${field}/${key}`),
      ]),
    );
  }
  return result;
}
