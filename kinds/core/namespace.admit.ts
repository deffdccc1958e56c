import type { Namespace } from '../generated/types.ts';
import { isObject } from '../schema/json.ts';
import { withoutEmpty } from './without-empty.ts';

/** Finalizer in `spec` of every namespace: the control plane itself, which deletes what is inside. */
const ownFinalizer = 'kubernetes';

/** Gives a namespace the label by which selectors find it, and a new one the control plane's own finalizer. */
export function prepare(next: Namespace, previous: Namespace | undefined): Namespace {
  const { labels = {}, name } = next.metadata;
  const { finalizers = [] } = next.spec ?? {};
  // What has the wrong shape is left for the schema to refuse.
  if (!isObject(labels) || !Array.isArray(finalizers)) return next;
  const metadata = { ...next.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } };
  if (previous !== undefined)
    return { ...next, metadata, ...(next.spec && { spec: withoutEmpty(next.spec, ['finalizers']) }) };
  if (finalizers.includes(ownFinalizer)) return { ...next, metadata };
  return { ...next, metadata, spec: { ...next.spec, finalizers: [...finalizers, ownFinalizer] } };
}
