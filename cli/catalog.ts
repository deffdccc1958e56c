import type { Config } from '../config.ts';
import { addImages } from '../kinds/compute/images.ts';
import { addInstanceTypes } from '../kinds/compute/instance-types.ts';

/** Makes the operator's instance types and images known, before anything is admitted. */
export function extendCatalog({ DATUM_CATALOG: more }: Pick<Config, 'DATUM_CATALOG'>): void {
  if (more === undefined) return;
  addInstanceTypes(more.instanceTypes);
  addImages(more.images);
}
