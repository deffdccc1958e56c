import type { Workload } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderObject } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Served } from '../served/served.ts';
import { scaleOf } from './scale.ts';

/** The scale of a workload, in the form that the client takes. */
export function scaleAnswer(call: Call, served: Served, workload: Workload, warnings: readonly string[] = []): Answer {
  const form = formOf(call, served);
  const body = renderObject(form, served, scaleOf(workload) as unknown as Resource);
  return { status: 200, type: contentType(form), warnings, body };
}
