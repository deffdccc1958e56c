import type { ObjectMeta } from '../kinds/object.ts';

/** Metadata as it is stored: a copy without maps and lists that are empty. */
export function withoutEmpty(metadata: ObjectMeta): ObjectMeta {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  const own = { ...metadata };
  if (labels !== undefined && Object.keys(labels).length === 0) delete own.labels;
  if (annotations !== undefined && Object.keys(annotations).length === 0) delete own.annotations;
  if (finalizers?.length === 0) delete own.finalizers;
  if (ownerReferences?.length === 0) delete own.ownerReferences;
  return own;
}
