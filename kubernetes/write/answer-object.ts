import type { Resource } from '../../kinds/object.ts';
import { contentType, plainJson } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderObject } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Served } from '../served/served.ts';
import { shown } from './shown.ts';

/** The answer of a write: the object as it is now, in the form that the client takes. `text` is the object, where it is known. */
export function answerObject(
  call: Call,
  served: Served,
  stored: Resource,
  more: { readonly status?: number; readonly warnings?: readonly string[]; readonly text?: string | undefined } = {},
): Answer {
  const form = formOf(call, served);
  const { status = 200, warnings = [], text } = more;
  if (text !== undefined && form === plainJson && served.view === undefined) return { status, warnings, body: text };
  return { status, type: contentType(form), warnings, body: renderObject(form, served, shown(served, stored)) };
}
