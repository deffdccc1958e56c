import type { Namespace } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';

/**
 * The namespace after `PUT .../finalize`: finalizers of the spec and metadata as sent, all else as it was. The write needs no
 * resource version. Neither argument is touched.
 */
export function finalized(current: Namespace, sent: Resource): Namespace {
  const { finalizers = [] } = (sent.spec ?? {}) as { finalizers?: string[] };
  return { ...current, metadata: sent.metadata, spec: { ...current.spec, finalizers } };
}
