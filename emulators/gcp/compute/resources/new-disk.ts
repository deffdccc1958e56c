import type { OperationWarning } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { invalidValue, notFound } from '../../http/api-error.ts';
import type { CatalogImage } from '../catalog/images.ts';
import { findImage, imageKey } from '../catalog/images.ts';
import { DISK_TYPE_NAMES } from '../catalog/disk-types.ts';
import { keyOf, linkOf, sharedLink } from '../links.ts';
import type { Target } from '../resource-type.ts';
import { scopePath } from '../scope.ts';
import { labelFields } from './labels.ts';

const MIN_DISK_GB = 10;
const MAX_DISK_GB = 65_536;
const BLANK_DISK_GB = 500;

/** What is wanted of a disk that does not exist yet, and where each part stands in the request. */
export interface DiskWish {
  readonly name: string;
  readonly sizeGb: number | undefined;
  readonly sizeField: string;
  /** Name or URL. */
  readonly type: string | undefined;
  readonly typeField: string;
  readonly image: CatalogImage | undefined;
  /** The body of the disk to copy. */
  readonly source?: JsonObject;
  readonly labels: JsonObject;
  readonly description: string | undefined;
}

/** The stored body of a new disk, and what its maker should know; 400 for what cannot be made. */
export function newDisk(
  target: Target,
  wish: DiskWish,
): { readonly body: JsonObject; readonly warnings: readonly OperationWarning[] } {
  const { image, source, description } = wish;
  const contentGb = image?.diskSizeGb ?? (source === undefined ? undefined : Number(source['sizeGb']));
  const minimumGb = Math.max(MIN_DISK_GB, contentGb ?? MIN_DISK_GB);
  const sizeGb = wish.sizeGb ?? (contentGb === undefined ? BLANK_DISK_GB : minimumGb);
  if (sizeGb < minimumGb || sizeGb > MAX_DISK_GB) {
    const why = `Requested disk size cannot be smaller than ${minimumGb} GB or larger than ${MAX_DISK_GB} GB.`;
    throw invalidValue(wish.sizeField, `${sizeGb}`, why);
  }
  const body = {
    name: wish.name,
    ...(description === undefined ? {} : { description }),
    sizeGb: `${sizeGb}`,
    type: diskTypeLink(target, wish.type ?? 'pd-standard', wish.typeField),
    physicalBlockSizeBytes: '4096',
    enableConfidentialCompute: false,
    ...labelFields(wish.labels),
    ...(image === undefined ? {} : imageFields(image)),
    ...(source === undefined ? {} : copiedFields(source)),
  };
  const isLarger = image !== undefined && sizeGb > image.diskSizeGb;
  return { body, warnings: isLarger ? [largerWarning(sizeGb, image.diskSizeGb)] : [] };
}

/** The public image that a reference means; 400 when there is none. */
export function imageOf({ project }: Target, reference: string, field: string): CatalogImage {
  const key = keyOf(reference, { project });
  if (key === undefined || !key.includes('/global/images/')) {
    throw invalidValue(field, reference, 'The URL is malformed.');
  }
  const image = findImage(key);
  if (image === undefined) throw invalidValue(field, reference, 'The referenced image resource cannot be found.');
  return image;
}

function largerWarning(sizeGb: number, imageGb: number): OperationWarning {
  const message =
    `Disk size: '${sizeGb} GB' is larger than image size: '${imageGb} GB'. ` +
    'You might need to resize the root repartition manually if the operating system does not support automatic resizing.';
  return { code: 'DISK_SIZE_LARGER_THAN_IMAGE_SIZE', message };
}

function diskTypeLink(target: Target, reference: string, field: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  if (!DISK_TYPE_NAMES.includes(name)) {
    throw invalidValue(field, reference, 'The referenced diskType resource cannot be found.');
  }
  return sharedLink(`projects/${target.project}/${scopePath(target.scope)}/diskTypes/${name}`);
}

const fieldsByImage = new Map<CatalogImage, JsonObject>();

/** What disks of an image have in common, and share. */
function imageFields(image: CatalogImage): JsonObject {
  let fields = fieldsByImage.get(image);
  if (fields === undefined) fieldsByImage.set(image, (fields = newImageFields(image)));
  return fields;
}

function newImageFields(image: CatalogImage): JsonObject {
  return {
    sourceImage: linkOf(imageKey(image)),
    licenses: [linkOf(`projects/${image.project}/global/licenses/${image.license}`)],
    guestOsFeatures: GUEST_OS_FEATURES,
    architecture: image.architecture,
  };
}

function copiedFields(source: JsonObject): JsonObject {
  const { selfLink, id, licenses, guestOsFeatures, architecture } = source;
  if (typeof selfLink !== 'string') throw notFound(String(source['name']));
  return { sourceDisk: selfLink, sourceDiskId: id, licenses, guestOsFeatures, architecture };
}

export const GUEST_OS_FEATURES = [
  { type: 'VIRTIO_SCSI_MULTIQUEUE' },
  { type: 'SEV_CAPABLE' },
  { type: 'UEFI_COMPATIBLE' },
  { type: 'GVNIC' },
];
