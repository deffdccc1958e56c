import type { CloudResources } from '../../store/cloud-resources.types.ts';
import { StoreError } from '../../store/errors.ts';
import type { ReadConsole } from '../../store/machine-console.ts';
import type { GcpClient } from '../clouds/gcp/client.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { serialOutput } from '../clouds/gcp/serial-port.ts';

/** Reads consoles at Google: of machines that an instance made, and of those that a group made for it. */
export function createConsoleReader(deps: {
  readonly cloudResources: Pick<CloudResources, 'ofOwners'>;
  readonly gcp: GcpClient;
}): ReadConsole {
  return async (instanceUid, startBytes) => {
    const rows = await deps.cloudResources.ofOwners([instanceUid]);
    const row = rows.find(({ type, state }) => type === 'compute.instances' && state !== 'gone');
    if (row === undefined) return { isGone: true, message: 'the instance has no machine yet' };
    try {
      return await serialOutput(deps.gcp, row, startBytes);
    } catch (error) {
      if (!isGcpError(error)) throw error;
      if (error.fault.class === 'notFound')
        return { isGone: false, message: `machine ${row.name} is not there yet, or not any more` };
      if (error.fault.code === 'resourceNotReady')
        return { isGone: false, message: `machine ${row.name} is not running; its console can be read while it runs` };
      throw new StoreError('Unavailable', `the console of machine ${row.name} cannot be read: ${error.message}`, {
        cause: error,
      });
    }
  };
}
