import { contentType, plainJson } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderObject } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { fromStore } from '../status/from-store.ts';
import { objectNotFound } from '../status/refusals.ts';

/** GET of one object, or of its status, which is the whole object too. */
export async function getObject(call: Call, target: Target): Promise<Answer> {
  const { served, store, context, namespace, name = '' } = target;
  const form = formOf(call, served);
  const found = await store
    .getStored(context, served.stored?.id ?? '', { namespace, name })
    .catch((error: unknown) => Promise.reject(fromStore(error, { served, namespace, name, verb: 'read' })));
  if (found === undefined) throw objectNotFound(served, name);
  if (form === plainJson && served.view === undefined) return { status: 200, body: found.text() };
  const object = served.view?.outward(found.object()) ?? found.object();
  return { status: 200, type: contentType(form), body: renderObject(form, served, object) };
}
