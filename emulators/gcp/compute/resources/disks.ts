import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, stringAt } from '../../core/json.ts';
import { invalidValue, notFound, requiredField } from '../../http/api-error.ts';
import { splitKey } from '../../core/collection.ts';
import { fields } from '../fields.ts';
import { linkOf } from '../links.ts';
import { keyTo } from '../references.ts';
import type { ComputeType, Mutation, Prepared, Target } from '../resource-type.ts';
import { diskUsage } from '../usage-of.ts';
import { setLabelsOf } from '../set-labels.ts';
import { withDiskSize } from './instance-disk-size.ts';
import { imageOf, newDisk } from './new-disk.ts';

const resize: Mutation = {
  httpMethod: 'POST',
  verb: 'resize',
  operationType: 'resize',
  permission: 'resize',
  request: { message: 'DisksResizeRequest', writable: ['sizeGb'] },
  latencyMs: [2_000, 8_000],
  apply(_target, { body }, sent) {
    const [before, after] = [numberAt(body, 'sizeGb') ?? 0, numberAt(sent, 'sizeGb')];
    if (after === undefined) throw requiredField('resource.sizeGb');
    if (after < before) {
      throw invalidValue(
        'resource.sizeGb',
        `${after}`,
        `New disk size '${after}' must be larger than existing size '${before}'.`,
      );
    }
    return { ...body, sizeGb: `${after}` };
  },
  done(target, row) {
    for (const user of target.world.indexes.users(target.key)) {
      withDiskSize(target.world, user, linkOf(target.key), stringAt(row.body, 'sizeGb') ?? '');
    }
  },
};

/** Persistent disks: those that come with an instance, and those made by themselves. */
export const disks: ComputeType = {
  collection: 'disks',
  kind: 'compute#disk',
  message: 'Disk',
  noun: 'disk',
  scopes: ['zone'],
  aggregated: true,
  visibleWhileCreating: true,
  latencyMs: { insert: [3_000, 10_000], delete: [2_000, 8_000] },
  outputOnly: fields('status users zone labelFingerprint lastAttachTimestamp lastDetachTimestamp'),
  indexedFields: [],
  references: () => [],
  addresses: () => [],
  counted: { fields: ['sizeGb'], usage: diskUsage },
  insert: {
    writable: fields('name description sizeGb type sourceImage sourceDisk labels physicalBlockSizeBytes'),
    parameters: ['sourceImage'],
    prepare,
  },
  mutations: [resize, setLabelsOf('disk', 'ZoneSetLabelsRequest', { latencyMs: [1_000, 4_000] })],
  delete: { inUse: 'at-call' },
  view(world, key, row) {
    const users = [...world.indexes.users(key)].filter((user) => splitKey(user).collection.endsWith('/instances'));
    return {
      ...row.body,
      status: row.phase === 'ready' ? 'READY' : row.phase === 'creating' ? 'CREATING' : 'DELETING',
      ...(users.length === 0 ? {} : { users: users.toSorted().map(linkOf) }),
    };
  },
};

function prepare(target: Target, body: JsonObject): Prepared {
  const block = stringAt(body, 'physicalBlockSizeBytes') ?? '4096';
  if (block !== '4096') {
    throw invalidValue('resource.physicalBlockSizeBytes', block, 'The GCP emulator has blocks of 4096 bytes.');
  }
  const image = stringAt(body, 'sourceImage') ?? stringAt(body, '?sourceImage');
  const source = stringAt(body, 'sourceDisk');
  if (image !== undefined && source !== undefined) {
    throw invalidValue('resource.sourceDisk', source, 'A disk has one source at most.');
  }
  const made = newDisk(target, {
    name: target.name,
    sizeGb: numberAt(body, 'sizeGb'),
    sizeField: 'resource.sizeGb',
    type: stringAt(body, 'type'),
    typeField: 'resource.type',
    image: image === undefined ? undefined : imageOf(target, image, 'resource.sourceImage'),
    ...(source === undefined ? {} : { source: copied(target, source).body }),
    labels: objectAt(body, 'labels'),
    description: stringAt(body, 'description'),
  });
  return { body: made.body, ...(made.warnings.length === 0 ? {} : { warnings: made.warnings }) };
}

function copied(target: Target, reference: string): ResourceRow {
  const key = keyTo(target, reference, 'resource.sourceDisk', 'disks');
  const row = target.world.database.get('resource', key);
  if (row === undefined) throw notFound(key);
  return row;
}
