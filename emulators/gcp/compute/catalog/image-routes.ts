import type { JsonObject } from '../../core/json.ts';
import { notFound } from '../../http/api-error.ts';
import { param } from '../../http/api-request.ts';
import type { Route } from '../../http/router.ts';
import { linkOf } from '../links.ts';
import { GUEST_OS_FEATURES } from '../resources/new-disk.ts';
import { labelFingerprintOf } from '../resources/labels.ts';
import { projectOf } from '../scope.ts';
import type { Catalog } from './catalog-routes.ts';
import { catalogRoutes, stableId } from './catalog-routes.ts';
import type { CatalogImage } from './images.ts';
import { IMAGES, findImage, imageKey } from './images.ts';

const images: Catalog = {
  kind: 'compute#image',
  pattern: '/compute/v1/projects/{project}/global/images',
  parameter: 'resource',
  collectionOf: (request) => `projects/${projectOf(request)}/global/images`,
  names: (collection) =>
    IMAGES.filter((image) => imageKey(image).startsWith(`${collection}/`))
      .map((image) => image.name)
      .toSorted(),
  bodyOf(collection, name) {
    const image = findImage(`${collection}/${name}`);
    return image === undefined ? undefined : imageBody(image);
  },
};

/** get, list and getFromFamily of the public images. */
export const IMAGE_ROUTES: readonly Route[] = [
  ...catalogRoutes(images),
  {
    method: 'GET',
    pattern: `${images.pattern}/family/{family}`,
    handler(request) {
      const key = `${images.collectionOf(request)}/family/${param(request, 'family')}`;
      const image = findImage(key);
      if (image === undefined) throw notFound(key);
      return imageBody(image);
    },
  },
];

function imageBody(image: CatalogImage): JsonObject {
  const key = imageKey(image);
  const { deprecatedBy } = image;
  return {
    kind: 'compute#image',
    id: stableId(key),
    creationTimestamp: image.createdAt,
    name: image.name,
    description: image.description,
    sourceType: 'RAW',
    rawDisk: { source: '', containerType: 'TAR' },
    ...(deprecatedBy === undefined
      ? {}
      : { deprecated: { state: 'DEPRECATED', replacement: linkOf(imageKey({ ...image, name: deprecatedBy })) } }),
    status: 'READY',
    archiveSizeBytes: '1073741824',
    diskSizeGb: `${image.diskSizeGb}`,
    licenses: [linkOf(`projects/${image.project}/global/licenses/${image.license}`)],
    licenseCodes: [stableId(image.license)],
    family: image.family,
    guestOsFeatures: GUEST_OS_FEATURES,
    labelFingerprint: labelFingerprintOf({}),
    storageLocations: ['asia', 'eu', 'us'],
    architecture: image.architecture,
    selfLink: linkOf(key),
  };
}
