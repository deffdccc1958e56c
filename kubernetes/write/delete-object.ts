import { readDeleteOptions } from '../body/options.ts';
import { renderStatus } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Target } from '../http/target.ts';
import { fromStore } from '../status/from-store.ts';
import { resourceDetails } from '../status/refusals.ts';
import { type Status } from '../status/status.ts';
import { answerObject } from './answer-object.ts';
import { kindId, writeContext } from './write-context.ts';

/** DELETE of one object: a Status when it is gone, the object while finalizers keep it. */
export async function deleteObject(call: Call, target: Target): Promise<Answer> {
  const { served, namespace, name = '', store, context } = target;
  const options = readDeleteOptions({
    query: call.query,
    bytes: await call.body(),
    contentType: call.headers['content-type'],
  });
  const write = { served, namespace, name, verb: 'delete' } as const;
  const { object, deleted } = await store
    .delete(writeContext(target, context.manager), kindId(target), { namespace, name }, options)
    .catch((error: unknown) => {
      throw fromStore(error, write);
    });
  if (!deleted) return answerObject(call, served, object);
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...resourceDetails(served, name), uid: object.metadata.uid },
  };
  const { type, body } = renderStatus(call.headers.accept, status);
  return { status: 200, type, body };
}
