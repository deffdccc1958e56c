import type { Resource } from '../../kinds/object.ts';
import { keyOf } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import type { RequestContext, Store } from '../../store/types.ts';

/** Asks for the deletion of an object that was read before; one that is gone or was made anew since is let be. */
export async function deleteExisting(store: Store, context: RequestContext, object: Resource): Promise<void> {
  try {
    await store.delete(context, object.kind, keyOf(object), { uid: object.metadata.uid });
  } catch (error) {
    if (!isStoreError(error, 'NotFound') && !isStoreError(error, 'Conflict')) throw error;
  }
}
