import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectsAt, stringAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { machineShape, maxDisks } from '../catalog/machine-shapes.ts';
import { fields } from '../fields.ts';
import type { LatencyRange, Mutation } from '../resource-type.ts';
import { attachExisting } from './instance-disks.ts';
import { requireStopped } from './instance-setters.ts';

const LATENCY_MS: LatencyRange = [2_000, 8_000];

const attachDisk: Mutation = {
  httpMethod: 'POST',
  verb: 'attachDisk',
  operationType: 'attachDisk',
  permission: 'attachDisk',
  request: {
    message: 'AttachedDisk',
    writable: fields('source deviceName mode autoDelete boot type interface index kind'),
  },
  latencyMs: LATENCY_MS,
  apply(target, row, sent) {
    const disks = objectsAt(row.body, 'disks');
    if (sent['source'] === undefined) throw requiredField('resource.source');
    const machineType = stringAt(row.body, 'machineType') ?? '';
    const shape = machineShape(machineType.slice(machineType.lastIndexOf('/') + 1));
    if (shape !== undefined && disks.length >= maxDisks(shape)) {
      throw invalidValue('resource.disks', `${disks.length + 1} disks`, `The machine has at most ${maxDisks(shape)}.`);
    }
    const index = 1 + disks.reduce((most, disk) => Math.max(most, Number(disk['index'])), -1);
    const attached = attachExisting(target, sent, index, 'resource');
    if (disks.some((disk) => disk['deviceName'] === attached['deviceName'])) {
      const why = 'Another disk of the instance has this device name.';
      throw invalidValue('resource.deviceName', attached['deviceName'], why);
    }
    return { ...row.body, disks: [...disks, attached] };
  },
};

const detachDisk: Mutation = {
  httpMethod: 'POST',
  verb: 'detachDisk',
  operationType: 'detachDisk',
  permission: 'detachDisk',
  parameters: ['deviceName'],
  latencyMs: LATENCY_MS,
  apply(target, row, sent) {
    const disk = diskNamed(row, sent);
    if (disk['boot'] === true) requireStopped(target, row, 'The boot disk');
    return { ...row.body, disks: objectsAt(row.body, 'disks').filter((other) => other !== disk) };
  },
};

const setDiskAutoDelete: Mutation = {
  httpMethod: 'POST',
  verb: 'setDiskAutoDelete',
  operationType: 'setDiskAutoDelete',
  permission: 'update',
  parameters: ['autoDelete', 'deviceName'],
  latencyMs: LATENCY_MS,
  apply(_target, row, sent) {
    const disk = diskNamed(row, sent);
    const changed = { ...disk, autoDelete: sent['?autoDelete'] === 'true' };
    return { ...row.body, disks: objectsAt(row.body, 'disks').map((other) => (other === disk ? changed : other)) };
  },
};

export const DISK_CALLS: readonly Mutation[] = [attachDisk, detachDisk, setDiskAutoDelete];

function diskNamed(row: ResourceRow, sent: JsonObject): JsonObject {
  const name = stringAt(sent, '?deviceName');
  if (name === undefined) throw requiredField('deviceName');
  const disk = objectsAt(row.body, 'disks').find((one) => one['deviceName'] === name);
  if (disk === undefined) throw invalidValue('deviceName', name, 'No attached disk found with this device name.');
  return disk;
}
