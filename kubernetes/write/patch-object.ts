import type { Workload } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { readWriteOptions } from '../body/options.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { readPatch } from '../patch/apply-patch.ts';
import { scaleAnswer } from '../scale/scale-answer.ts';
import { scaleOf } from '../scale/scale.ts';
import { answerObject } from './answer-object.ts';
import { applyObject, isApply } from './apply-object.ts';
import { nextState, partOptions } from './next-state.ts';
import { shown } from './shown.ts';
import { kindId, writeContext } from './write-context.ts';
import { refuseFindings, warningsOf, written } from './written.ts';

/** PATCH: JSON patch, merge patch, strategic merge patch, or apply. */
export async function patchObject(call: Call, target: Target): Promise<Answer> {
  if (isApply(call)) return applyObject(call, target);
  const { served, namespace, name = '', store, subresource } = target;
  const options = readWriteOptions(call.query, call.headers['user-agent'], 'PatchOptions');
  const patch = readPatch({ contentType: call.headers['content-type'], bytes: await call.body(), served });
  const write = { served, namespace, name, verb: 'patch', subresource: subresource?.name } as const;
  let findings: readonly string[] = [];
  const { fieldValidation: validation } = options;
  const change = (current: Resource): Resource => {
    const before =
      subresource?.name === 'scale' ? (scaleOf(current as Workload) as unknown as Resource) : shown(served, current);
    const patched = patch.applyTo(before);
    findings = patched.findings;
    refuseFindings(write, validation, findings, patched.next);
    return nextState(target, current, patched.next);
  };
  const context = writeContext(target, options.fieldManager);
  // Patches make new objects of what they change.
  const more = { ...options, ...partOptions(target), isReadOnly: true };
  const result = await written(
    write,
    () => ({ validation, findings }),
    () => store.update(context, kindId(target), { namespace, name }, change, more),
  );
  const warnings = warningsOf(validation, findings, result.warnings);
  if (subresource?.name === 'scale') return scaleAnswer(call, served, result.object as Workload, warnings);
  return answerObject(call, served, result.object, { warnings, text: result.text });
}
