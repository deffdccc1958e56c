import type { JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, stringAt } from '../../core/json.ts';
import { pacificTime } from '../../core/timestamps.ts';
import { inUse, invalidValue, notFound, notReady, requiredField } from '../../http/api-error.ts';
import type { CatalogImage } from '../catalog/images.ts';
import { findImage, imageKey } from '../catalog/images.ts';
import { keyOf, linkOf } from '../links.ts';
import type { Prepared, Target } from '../resource-type.ts';
import { scopePath } from '../scope.ts';
import { labelFields } from './labels.ts';

const MIN_DISK_GB = 10;
const BLANK_DISK_GB = 500;
const DISK_TYPES = ['pd-standard', 'pd-balanced', 'pd-ssd', 'pd-extreme', 'hyperdisk-balanced'];

/** The disks of a new instance: what its body says of them, and those that have to be made. */
export interface PreparedDisks {
  readonly attached: readonly JsonObject[];
  readonly companions: NonNullable<Prepared['companions']>;
}

export function prepareDisks(target: Target, body: JsonObject): PreparedDisks {
  const wanted = objectsAt(body, 'disks');
  if (wanted[0] === undefined) throw invalidValue('resource.disks', '', 'At least one disk is required.');
  if (wanted[0]['boot'] !== true)
    throw invalidValue('resource.disks[0].boot', false, 'The first disk must be a boot disk.');
  const disks = wanted.map((disk, index) => prepareDisk(target, disk, index));
  return { attached: disks.map((disk) => disk.attached), companions: disks.flatMap((disk) => disk.made ?? []) };
}

interface PreparedDisk {
  readonly attached: JsonObject;
  readonly made?: { readonly key: string; readonly type: string; readonly body: JsonObject };
}

function prepareDisk(target: Target, disk: JsonObject, index: number): PreparedDisk {
  const at = `resource.disks[${index}]`;
  const source = stringAt(disk, 'source');
  if (source !== undefined) {
    const key = keyOf(source, { project: target.project });
    if (key === undefined) throw invalidValue(`${at}.source`, source, 'The URL is malformed.');
    return { attached: attachedDisk(disk, index, key, existingDisk(target, key)) };
  }
  const params = objectAt(disk, 'initializeParams');
  const diskName = stringAt(params, 'diskName');
  const name = diskName ?? (index === 0 ? target.name : `${target.name}-${index}`);
  const key = `projects/${target.project}/${scopePath(target.scope)}/disks/${name}`;
  // Google's trap: without a name of its own, a disk that happens to bear the instance's name is taken as it is.
  const isThere = diskName === undefined && target.world.database.get('resource', key) !== undefined;
  if (isThere) return { attached: attachedDisk(disk, index, key, existingDisk(target, key)) };
  const made = newDisk(target, name, params, disk, at, index);
  return { attached: attachedDisk(disk, index, key, made), made: { key, type: 'disks', body: made } };
}

function existingDisk(target: Target, key: string): JsonObject {
  const { database, indexes } = target.world;
  const row = database.get('resource', key);
  if (row === undefined || row.type !== 'disks') throw notFound(key);
  if (row.phase !== 'ready') throw notReady(key);
  const [user] = indexes.users(key);
  if (user !== undefined) throw inUse('disk', key, user);
  return row.body;
}

function newDisk(
  target: Target,
  name: string,
  params: JsonObject,
  disk: JsonObject,
  at: string,
  index: number,
): JsonObject {
  const image = sourceImage(target, stringAt(params, 'sourceImage'), `${at}.initializeParams.sourceImage`, index === 0);
  const minimumGb = Math.max(MIN_DISK_GB, image?.diskSizeGb ?? MIN_DISK_GB);
  const defaultGb = image === undefined ? BLANK_DISK_GB : minimumGb;
  const sizeGb = numberAt(params, 'diskSizeGb') ?? numberAt(disk, 'diskSizeGb') ?? defaultGb;
  if (sizeGb < minimumGb) {
    throw invalidValue(
      `${at}.initializeParams.diskSizeGb`,
      `${sizeGb}`,
      `Requested disk size cannot be smaller than ${minimumGb} GB.`,
    );
  }
  const description = stringAt(params, 'description');
  return {
    name,
    ...(description === undefined ? {} : { description }),
    sizeGb: `${sizeGb}`,
    type: diskTypeLink(target, stringAt(params, 'diskType') ?? 'pd-standard', `${at}.initializeParams.diskType`),
    physicalBlockSizeBytes: '4096',
    enableConfidentialCompute: false,
    lastAttachTimestamp: pacificTime(target.world.clock.now()),
    ...labelFields(objectAt(params, 'labels')),
    ...(image === undefined ? {} : imageFields(image)),
  };
}

function sourceImage(
  target: Target,
  reference: string | undefined,
  field: string,
  isBoot: boolean,
): CatalogImage | undefined {
  if (reference === undefined) {
    if (isBoot) throw requiredField(field);
    return undefined;
  }
  const key = keyOf(reference, { project: target.project });
  if (key === undefined || !key.includes('/global/images/'))
    throw invalidValue(field, reference, 'The URL is malformed.');
  const image = findImage(key);
  if (image === undefined) {
    throw invalidValue(field, reference, 'The referenced image resource cannot be found.');
  }
  return image;
}

function diskTypeLink(target: Target, reference: string, field: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  if (!DISK_TYPES.includes(name)) {
    throw invalidValue(field, reference, 'The referenced diskType resource cannot be found.');
  }
  return linkOf(`projects/${target.project}/${scopePath(target.scope)}/diskTypes/${name}`);
}

function imageFields(image: CatalogImage): JsonObject {
  return {
    sourceImage: linkOf(imageKey(image)),
    licenses: [linkOf(`projects/${image.project}/global/licenses/${image.license}`)],
    guestOsFeatures: GUEST_OS_FEATURES,
    architecture: image.architecture,
  };
}

export const GUEST_OS_FEATURES = [
  { type: 'VIRTIO_SCSI_MULTIQUEUE' },
  { type: 'SEV_CAPABLE' },
  { type: 'UEFI_COMPATIBLE' },
  { type: 'GVNIC' },
];

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
