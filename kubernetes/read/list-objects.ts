import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { groupVersion } from '../served/served.ts';

/** GET of a collection. */
export async function listObjects(_call: Call, target: Target): Promise<Answer> {
  const { served, store, context, namespace } = target;
  const found = await store.list(context, served.stored?.id ?? '', namespace === '' ? {} : { namespace });
  const metadata = { resourceVersion: String(found.revision) };
  const list = { kind: served.listKind, apiVersion: groupVersion(served), metadata, items: found.items };
  return { status: 200, body: JSON.stringify(list) };
}
