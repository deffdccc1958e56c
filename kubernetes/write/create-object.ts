import type { NewObject } from '../../store/types.ts';
import { decodeBody } from '../body/decode-body.ts';
import { checkNew } from '../body/identity.ts';
import { readWriteOptions } from '../body/options.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { answerObject } from './answer-object.ts';
import { refuseByView, taken } from './shown.ts';
import { kindId, writeContext } from './write-context.ts';
import { refuseFindings, warningsOf, written } from './written.ts';

/** POST: a new object. */
export async function createObject(call: Call, target: Target): Promise<Answer> {
  const { served, namespace, store } = target;
  const { headers } = call;
  const options = readWriteOptions(call.query, headers['user-agent'], 'CreateOptions');
  const { value, findings } = decodeBody({
    bytes: await call.body(),
    contentType: headers['content-type'],
    shape: served,
  });
  const { fieldValidation: validation } = options;
  const sent = checkNew(value, served, namespace);
  const write = { served, namespace, name: sent.metadata.name ?? '', verb: 'create' } as const;
  const object = taken(served, sent);
  refuseFindings(write, validation, findings, object);
  refuseByView(served, object);
  const context = writeContext(target, options.fieldManager);
  const result = await written(
    write,
    () => ({ validation, findings }),
    () => store.create(context, kindId(target), object as unknown as NewObject, options),
  );
  const warnings = warningsOf(validation, findings, result.warnings);
  return answerObject(call, served, result.object, { status: 201, warnings, text: result.text });
}
