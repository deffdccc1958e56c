import type { Guard } from '../../access/guard.ts';
import { usedKinds } from '../../access/used-kinds.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Resource } from '../../kinds/object.ts';

/** A value of the type ViewerCan: what the caller may do to an object. */
export function viewerCan(guard: Guard, kind: Kind, { metadata: { namespace, name } }: Resource): object {
  const may = (verb: string, subresource?: string): boolean => guard.may(kind, verb, { namespace, name, subresource });
  return {
    get: may('get'),
    update: may('update'),
    patch: may('patch'),
    delete: may('delete'),
    use: usedKinds.has(kind.id) ? may('use') : null,
    subresources: () =>
      [...(kind.hasScale ? ['scale'] : []), ...(kind.hasStatus ? ['status'] : [])].map((part) => ({
        name: part,
        get: may('get', part),
        update: may('update', part),
        patch: may('patch', part),
      })),
  };
}
