import type { Workload } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import type { NewObject } from '../../store/types.ts';
import { decodeBody, shapeOf } from '../body/decode-body.ts';
import { checkReplacement } from '../body/identity.ts';
import { readWriteOptions } from '../body/options.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { scaleAnswer } from '../scale/scale-answer.ts';
import { invalid } from '../status/refusals.ts';
import { answerObject } from './answer-object.ts';
import { nextState, partOptions } from './next-state.ts';
import { taken } from './shown.ts';
import { kindId, writeContext } from './write-context.ts';
import { refuseFindings, warningsOf, written } from './written.ts';

/** PUT: the object, or a part of it, as it is sent. */
export async function updateObject(call: Call, target: Target): Promise<Answer> {
  const { served, namespace, name = '', subresource, store } = target;
  const { headers } = call;
  const options = readWriteOptions(call.query, headers['user-agent'], 'UpdateOptions');
  const { value, findings } = decodeBody({
    bytes: await call.body(),
    contentType: headers['content-type'],
    shape: shapeOf(target),
  });
  const { fieldValidation: validation } = options;
  const sent = checkReplacement(value, target);
  const write = { served, namespace, name, verb: 'update', subresource: subresource?.name } as const;
  refuseFindings(write, validation, findings, sent);
  const context = writeContext(target, options.fieldManager);
  const { uid } = sent.metadata;
  const { object, warnings, created, text } = await written(
    write,
    () => ({ validation, findings }),
    async () => {
      const change = (current: Resource): Resource => {
        requireVersion(target, sent);
        return nextState(target, current, sent);
      };
      const more = { ...options, ...partOptions(target), ...(uid ? { uid } : {}), isReadOnly: true };
      try {
        return { ...(await store.update(context, kindId(target), { namespace, name }, change, more)), created: false };
      } catch (error) {
        if (!createsByPut(target) || !isStoreError(error, 'NotFound')) throw error;
        const made = await store.create(context, kindId(target), taken(served, sent) as unknown as NewObject, options);
        return { ...made, created: true };
      }
    },
  );
  const all = warningsOf(validation, findings, warnings);
  if (subresource?.name === 'scale') return scaleAnswer(call, served, object as Workload, all);
  return answerObject(call, served, object, { status: created ? 201 : 200, warnings: all, text });
}

/**
 * Throws 422 where a replacement must say which version it replaces and does not; 400 where that is no version. Only what is
 * there is checked: of what is not, that is the news.
 */
function requireVersion({ served, subresource, name = '' }: Target, { metadata }: Resource): void {
  const { resourceVersion = '' } = metadata;
  if (resourceVersion !== '' || subresource?.name === 'scale' || subresource?.name === 'finalize') return;
  if (served.style === 'built-in' && served.stored?.id !== 'Lease') return;
  throw invalid({ ...served, kind: served.plural }, name, [
    {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 0x0: must be specified for an update',
      field: 'metadata.resourceVersion',
    },
  ]);
}

/** Leases alone come into being by PUT: candidates for leadership rely on it. */
function createsByPut({ served, subresource }: Target): boolean {
  return served.stored?.id === 'Lease' && subresource === undefined;
}
