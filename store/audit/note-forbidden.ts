import { isStoreError } from '../errors.ts';
import type { Key } from '../../kinds/object.ts';
import type { RequestContext, Store } from '../types.ts';
import type { Attempt } from './attempts.ts';
import { readOrigin } from './write-origin.ts';

/** The store, with every write that its rules forbid somebody noted as a denied attempt. */
export function noteForbidden(store: Store, note: (denial: Attempt) => void): Store {
  function noted<R>(
    context: RequestContext,
    verb: string,
    about: { readonly kind: string } & Partial<Key>,
    write: Promise<R>,
  ): Promise<R> {
    // What the product does of itself is nobody's attempt.
    if (context.rights === undefined) return write;
    return write.catch((error: unknown) => {
      if (isStoreError(error, 'Forbidden')) {
        const origin = readOrigin(context.origin?.() ?? null) ?? { door: 'internal' };
        const { project, actor: user, requestId } = context;
        note({ ...origin, project, user, verb: origin.verb ?? verb, ...about, requestId, reason: error.message });
      }
      throw error;
    });
  }
  return {
    ...store,
    create: (context, kind, object, options) => {
      const { namespace, name } = object.metadata;
      const about = {
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        ...(name === undefined ? {} : { name }),
      };
      return noted(context, 'create', about, store.create(context, kind, object, options));
    },
    update: (context, kind, key, change, options) =>
      noted(context, 'patch', { kind, ...key }, store.update(context, kind, key, change, options)),
    apply: (context, kind, key, applied, options) =>
      noted(context, 'patch', { kind, ...key }, store.apply(context, kind, key, applied, options)),
    delete: (context, kind, key, options) =>
      noted(context, 'delete', { kind, ...key }, store.delete(context, kind, key, options)),
  };
}
