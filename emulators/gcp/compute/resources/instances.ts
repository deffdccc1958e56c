import { objectsAt, stringsAt } from '../../core/json.ts';
import { apiError } from '../../http/api-error.ts';
import { fields } from '../fields.ts';
import { referredKeys } from '../references.ts';
import type { ComputeType } from '../resource-type.ts';
import { machineUsage } from '../usage-of.ts';
import { interfaceAddresses } from './interface-addresses.ts';
import { ACCESS_CALLS } from './instance-access-calls.ts';
import { DISK_CALLS } from './instance-disk-calls.ts';
import { INSTANCE_WRITABLE } from './instance-fields.ts';
import { prepareInstance } from './instance-insert.ts';
import { POWER, becomeRunning, boot } from './instance-power.ts';
import { getGuestAttributes, getSerialPortOutput } from './instance-serial.ts';
import { SETTERS } from './instance-setters.ts';
import { update } from './instance-update.ts';

/** Virtual machines. */
export const instances: ComputeType = {
  collection: 'instances',
  kind: 'compute#instance',
  message: 'Instance',
  noun: 'instance',
  scopes: ['zone'],
  aggregated: true,
  visibleWhileCreating: true,
  latencyMs: { insert: [8_000, 30_000], delete: [20_000, 60_000] },
  outputOnly: [
    ...fields(
      'status fingerprint labelFingerprint lastStartTimestamp lastStopTimestamp lastSuspendedTimestamp cpuPlatform',
    ),
    ...fields('resourceStatus satisfiesPzi startRestricted shieldedInstanceIntegrityPolicy'),
  ],
  indexedFields: ['networkInterfaces', 'disks'],
  references: ({ body, hidden = {} }) => [
    ...objectsAt(body, 'networkInterfaces').flatMap((nic) => referredKeys(nic, 'network', 'subnetwork')),
    ...objectsAt(body, 'disks').flatMap((disk) => referredKeys(disk, 'source')),
    ...stringsAt(hidden, 'addresses'),
  ],
  addresses: ({ body }) => objectsAt(body, 'networkInterfaces').flatMap(interfaceAddresses),
  counted: { fields: ['machineType', 'networkInterfaces'], usage: machineUsage },
  insert: {
    writable: INSTANCE_WRITABLE,
    parameters: ['sourceInstanceTemplate'],
    prepare: prepareInstance,
    done: boot,
    linger: { body: ({ body }) => ({ ...body, status: 'STOPPING' }), latencyMs: [1_000, 5_000] },
  },
  mutations: [...Object.values(POWER), ...SETTERS, ...DISK_CALLS, ...ACCESS_CALLS, update],
  reads: [getSerialPortOutput, getGuestAttributes],
  delete: {
    inUse: 'at-call',
    check(_target, { body }) {
      if (body['deletionProtection'] !== true) return;
      const why = "Resource cannot be deleted if it's protected against deletion.";
      throw apiError(400, 'resourceNotDeletable', `Invalid resource usage: '${why}'`);
    },
    begin: ({ body }) => ({ ...body, status: 'STOPPING' }),
    undo: ({ body }) => ({ ...body, status: 'RUNNING' }),
    done({ world }, { body }) {
      for (const disk of objectsAt(body, 'disks')) {
        for (const key of disk['autoDelete'] === true ? referredKeys(disk, 'source') : []) {
          world.database.delete('resource', key);
        }
      }
    },
  },
  events: {
    running: becomeRunning,
    // The end of a repair by Google.
    maintained(target, row, atMs) {
      if (row.body['status'] === 'REPAIRING') boot(target, row, atMs);
    },
  },
};
