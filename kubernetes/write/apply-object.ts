import { readWriteOptions } from '../body/options.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { readApplyBody } from '../patch/apply-body.ts';
import type { Resource } from '../../kinds/object.ts';
import { answerObject } from './answer-object.ts';
import { taken } from './shown.ts';
import { kindId, writeContext } from './write-context.ts';
import { warningsOf, written } from './written.ts';

/** Whether a patch is a configuration to apply. */
export function isApply({ headers }: Call): boolean {
  return /^\s*application\/apply-patch\+yaml\s*(;|$)/i.test(headers['content-type'] ?? '');
}

/** PATCH with a configuration: the fields that it names become the manager's. */
export async function applyObject(call: Call, target: Target): Promise<Answer> {
  const { served, namespace, name = '', store, subresource } = target;
  const { headers } = call;
  const options = readWriteOptions(call.query, headers['user-agent'], 'ApplyOptions');
  const write = { served, namespace, name, verb: 'patch', subresource: subresource?.name } as const;
  const { fieldValidation: validation } = options;
  const { value, findings } = readApplyBody(await call.body(), target, validation);
  const applied = taken(served, value as unknown as Resource);
  const context = writeContext(target, options.fieldManager);
  const result = await written(
    write,
    () => ({ validation, findings }),
    () =>
      store.apply(context, kindId(target), { namespace, name }, applied as unknown as Record<string, unknown>, {
        ...options,
        ...(subresource?.name === 'status' ? { subresource: 'status' as const } : {}),
      }),
  );
  const warnings = warningsOf(validation, findings, result.warnings);
  return answerObject(call, served, result.object, { status: result.created ? 201 : 200, warnings, text: result.text });
}
