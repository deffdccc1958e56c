/** What can go wrong, and how a program tells. */
import { ConflictError, DatumError, NotFoundError, ValidationError } from '@datum/sdk';
import { datum } from './connect.ts';

const key = { namespace: 'default', name: 'wrong' } as const;

async function explain(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ValidationError) {
      for (const { field, message, reason } of error.problems) console.log(`${field}: ${message} (${reason})`);
    } else if (error instanceof ConflictError) {
      console.log(error.code, 'the object is at version', error.currentResourceVersion);
    } else if (error instanceof NotFoundError) {
      console.log('there is no', error.object.kind, error.object.name);
    } else if (error instanceof DatumError) {
      console.log(error.code, error.message, error.retryable ? 'may help to try again' : '', error.requestId);
    } else throw error;
  }
}

await explain(datum.networks.create({ metadata: key, spec: { ipam: { mode: 'Auto' }, mtu: 5 } }));
await explain(datum.networks.get(key));
await datum.configMaps.apply({ metadata: key });
await explain(datum.configMaps.update(key, { data: { a: 'b' } }, { ifMatch: '1' }));
await datum.configMaps.delete(key);
