import type { Workload } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderObject } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Served } from '../served/served.ts';
import { scaleOf } from './scale.ts';

const asScale = new WeakMap<Served, Served>();

/** The resource as which the scale of a resource is shown: its columns are a Scale's. */
function servedAsScale(workloads: Served): Served {
  let found = asScale.get(workloads);
  if (found === undefined) {
    const { stored: _, ...served } = workloads;
    found = { ...served, group: 'autoscaling', version: 'v1', kind: 'Scale', style: 'built-in' };
    asScale.set(workloads, found);
  }
  return found;
}

/** The scale of a workload, in the form that the client takes. */
export function scaleAnswer(call: Call, served: Served, workload: Workload, warnings: readonly string[] = []): Answer {
  const form = formOf(call, served);
  const body = renderObject(form, servedAsScale(served), scaleOf(workload) as unknown as Resource);
  return { status: 200, type: contentType(form), warnings, body };
}
