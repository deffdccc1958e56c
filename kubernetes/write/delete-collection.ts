import { keyOf, type Resource } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import type { DeleteOptions } from '../../store/types.ts';
import { readDeleteOptions } from '../body/options.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderList } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { listOptions } from '../read/list-options.ts';
import { selectionOf } from '../read/selection.ts';
import { fromStore } from '../status/from-store.ts';
import { shown } from './shown.ts';
import { kindId } from './write-context.ts';

/** DELETE of a collection: each object that the selectors choose, as if deleted alone; answers the list of them. */
export async function deleteCollection(call: Call, target: Target): Promise<Answer> {
  const { served, namespace, store, context } = target;
  const options = readDeleteOptions({
    query: call.query,
    bytes: await call.body(),
    contentType: call.headers['content-type'],
  });
  const form = formOf(call, served);
  const { limit } = listOptions(call.query);
  const write = { served, namespace, name: '', verb: 'delete' } as const;
  const selection = { ...selectionOf(call.query, target), ...(limit === undefined ? {} : { limit }) };
  try {
    const { items, revision } = await store.list(context, kindId(target), selection);
    const deleted = await deleteAll(target, items, options);
    const shownItems = deleted.map((object) => shown(served, object));
    const body = renderList(form, served, shownItems, { resourceVersion: String(revision) });
    return { status: 200, type: contentType(form), body };
  } catch (error) {
    throw fromStore(error, write);
  }
}

/** One after the other, as Kubernetes does: watchers see them go in the order of their names. */
async function deleteAll(target: Target, items: readonly Resource[], options: DeleteOptions): Promise<Resource[]> {
  const { store, context } = target;
  const deleted: Resource[] = [];
  for (const item of items) {
    try {
      deleted.push((await store.delete(context, kindId(target), keyOf(item), options)).object);
    } catch (error) {
      // Somebody else was faster, which is as good.
      if (!isStoreError(error, 'NotFound')) throw error;
    }
  }
  return deleted;
}
