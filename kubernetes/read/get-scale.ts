import type { Workload } from '../../kinds/generated/types.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { scaleAnswer } from '../scale/scale-answer.ts';
import { objectNotFound } from '../status/refusals.ts';

/** GET of the scale of a workload. */
export async function getScale(call: Call, target: Target): Promise<Answer> {
  const { served, store, context, namespace, name = '' } = target;
  const workload = await store.get(context, served.stored?.id ?? '', { namespace, name });
  if (workload === undefined) throw objectNotFound(served, name);
  return scaleAnswer(call, served, workload as Workload);
}
