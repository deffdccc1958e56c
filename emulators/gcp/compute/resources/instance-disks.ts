import type { OperationWarning } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../../core/json.ts';
import { pacificTime } from '../../core/timestamps.ts';
import { inUse, invalidValue, notFound, notReady, requiredField } from '../../http/api-error.ts';
import { linkOf } from '../links.ts';
import { keyTo } from '../references.ts';
import type { Companion, Target } from '../resource-type.ts';
import { scopePath } from '../scope.ts';
import { imageOf, newDisk } from './new-disk.ts';

/** The disks of a new instance: what its body says of them, those that have to be made, and what to know of them. */
export interface PreparedDisks {
  readonly attached: readonly JsonObject[];
  readonly companions: readonly Companion[];
  readonly warnings: readonly OperationWarning[];
}

export function prepareDisks(target: Target, body: JsonObject): PreparedDisks {
  const wanted = objectsAt(body, 'disks');
  if (wanted[0] === undefined) throw invalidValue('resource.disks', '', 'At least one disk is required.');
  if (wanted[0]['boot'] !== true)
    throw invalidValue('resource.disks[0].boot', false, 'The first disk must be a boot disk.');
  const disks = wanted.map((disk, index) => prepareDisk(target, disk, index));
  return {
    attached: disks.map((disk) => disk.attached),
    companions: disks.flatMap((disk) => disk.made ?? []),
    warnings: disks.flatMap((disk) => disk.warnings ?? []),
  };
}

/** A disk that is there, as a machine shows it. 404 when it is not there, 400 when another machine has it. */
export function attachExisting(target: Target, disk: JsonObject, index: number, at: string): JsonObject {
  const key = keyTo(target, stringAt(disk, 'source') ?? '', `${at}.source`, 'disks');
  return attachedDisk(disk, index, key, existingDisk(target, key, disk));
}

interface PreparedDisk {
  readonly attached: JsonObject;
  readonly made?: Companion;
  readonly warnings?: readonly OperationWarning[];
}

function prepareDisk(target: Target, disk: JsonObject, index: number): PreparedDisk {
  const at = `resource.disks[${index}]`;
  if (disk['source'] !== undefined) return { attached: attachExisting(target, disk, index, at) };
  const params = objectAt(disk, 'initializeParams');
  const diskName = stringAt(params, 'diskName');
  const name = diskName ?? (index === 0 ? target.name : `${target.name}-${index}`);
  const key = `projects/${target.project}/${scopePath(target.scope)}/disks/${name}`;
  // Google's trap: without a name of its own, a disk that happens to bear the instance's name is taken as it is.
  const isThere = diskName === undefined && target.world.database.get('resource', key) !== undefined;
  if (isThere) return { attached: attachedDisk(disk, index, key, existingDisk(target, key, disk)) };
  const image = stringAt(params, 'sourceImage');
  const imageField = `${at}.initializeParams.sourceImage`;
  if (image === undefined && index === 0) throw requiredField(imageField);
  const made = newDisk(target, {
    name,
    sizeGb: numberAt(params, 'diskSizeGb') ?? numberAt(disk, 'diskSizeGb'),
    sizeField: `${at}.initializeParams.diskSizeGb`,
    type: stringAt(params, 'diskType'),
    typeField: `${at}.initializeParams.diskType`,
    image: image === undefined ? undefined : imageOf(target, image, imageField),
    labels: objectAt(params, 'labels'),
    description: stringAt(params, 'description'),
  });
  const body = { ...made.body, lastAttachTimestamp: pacificTime(target.world.clock.wall()) };
  return {
    attached: attachedDisk(disk, index, key, body),
    made: { key, type: 'disks', body },
    warnings: made.warnings,
  };
}

/** Several machines may have a disk that all of them only read. */
function existingDisk({ world }: Target, key: string, wish: JsonObject): JsonObject {
  const row = world.database.get('resource', key);
  if (row === undefined || row.type !== 'disks') throw notFound(key);
  if (row.phase !== 'ready') throw notReady(key);
  const writer = [...world.indexes.users(key)].find((user) => {
    const attached = objectsAt(world.database.get('resource', user)?.body ?? {}, 'disks');
    return (
      wish['mode'] !== 'READ_ONLY' ||
      attached.some((disk) => disk['source'] === linkOf(key) && disk['mode'] !== 'READ_ONLY')
    );
  });
  if (writer !== undefined) throw inUse('disk', key, writer);
  return row.body;
}

function attachedDisk(disk: JsonObject, index: number, key: string, body: JsonObject): JsonObject {
  const { licenses, guestOsFeatures, architecture } = body;
  return {
    kind: 'compute#attachedDisk',
    type: 'PERSISTENT',
    mode: stringAt(disk, 'mode') ?? 'READ_WRITE',
    source: linkOf(key),
    deviceName: stringAt(disk, 'deviceName') ?? `persistent-disk-${index}`,
    index,
    boot: disk['boot'] === true,
    autoDelete: disk['autoDelete'] === true,
    interface: stringAt(disk, 'interface') ?? 'SCSI',
    diskSizeGb: body['sizeGb'],
    ...(licenses === undefined ? {} : { licenses }),
    ...(guestOsFeatures === undefined ? {} : { guestOsFeatures }),
    ...(architecture === undefined ? {} : { architecture }),
  };
}
