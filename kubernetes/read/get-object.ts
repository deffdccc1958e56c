import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { objectNotFound } from '../status/refusals.ts';

/** GET of one object, or of its status, which is the whole object too. */
export async function getObject(_call: Call, target: Target): Promise<Answer> {
  const { served, store, context, namespace, name = '' } = target;
  const object = await store.get(context, served.stored?.id ?? '', { namespace, name });
  if (object === undefined) throw objectNotFound(served, name);
  return { status: 200, body: JSON.stringify(served.view?.outward(object) ?? object) };
}
