import type { Kind } from '../../kinds/kind.ts';
import { keyOf, type Resource } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import type { DeleteOptions, RequestContext, Selection, Store } from '../../store/types.ts';
import { settleAll } from './settle-all.ts';

/** What of a kind is left where everything is to go. */
export interface Remaining {
  readonly kind: Pick<Kind, 'plural' | 'group'>;
  readonly objects: number;
  /** Finalizers that hold them. */
  readonly finalizers: readonly string[];
}

/** Objects of a kind that are deleted at the same time. */
const pageObjects = 100;

/** Asks for the deletion of all objects of one kind that are selected; answers what of them is still there. */
export async function purge(
  store: Store,
  context: RequestContext,
  kind: Kind,
  { atEndOfProject, ...selection }: Selection & Pick<DeleteOptions, 'atEndOfProject'>,
): Promise<Remaining> {
  const finalizers = new Set<string>();
  let objects = 0;
  const removed = async ({ metadata, ...object }: Resource): Promise<boolean> => {
    if (metadata.deletionTimestamp !== undefined) return false;
    try {
      const options = { uid: metadata.uid, ...(atEndOfProject === undefined ? {} : { atEndOfProject }) };
      return (await store.delete(context, kind.id, keyOf({ ...object, metadata }), options)).deleted;
    } catch (error) {
      if (isStoreError(error, 'NotFound')) return true;
      throw error;
    }
  };
  for (let after: string | undefined, more = true; more;) {
    const page = await store.list(context, kind.id, {
      ...selection,
      limit: pageObjects,
      ...(after === undefined ? {} : { after }),
    });
    const items: readonly Resource[] = page.items;
    const gone = await settleAll(items.map(removed));
    for (const [index, { metadata }] of items.entries()) {
      if (gone[index]) continue;
      objects += 1;
      for (const finalizer of metadata.finalizers ?? []) finalizers.add(finalizer);
    }
    after = page.cursors.at(-1);
    more = page.hasMore;
  }
  return { kind, objects, finalizers: [...finalizers] };
}

/** What is left, for people: by kind, and what holds it. */
export function remainingText(left: readonly Remaining[]): string {
  const counts = left.map(({ kind, objects }) => `${kind.plural}${kind.group && `.${kind.group}`} has ${objects}`);
  const finalizers = [...new Set(left.flatMap((one) => one.finalizers))].toSorted();
  const held = finalizers.length === 0 ? '' : `; held by finalizers ${finalizers.join(', ')}`;
  return `Objects remain: ${counts.toSorted().join(', ')}${held}`;
}
