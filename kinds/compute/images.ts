/** A system that a boot disk can be populated with. */
export interface Image {
  /** Smallest disk that it fits on, in GiB. */
  readonly minDiskGib: number;
  /** Image or image family by cloud. */
  readonly sources: Readonly<Record<string, string>>;
}

const images = new Map<string, Image>([
  [
    'datumcloud/ubuntu-2204-lts',
    { minDiskGib: 25, sources: { gcp: 'projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts' } },
  ],
]);

/** System under the containers of a sandbox; not for boot disks of virtual machines. */
export const sandboxImage: Image = {
  minDiskGib: 10,
  sources: { gcp: 'projects/cos-cloud/global/images/family/cos-stable' },
};

/** Adds images of an operator's own; those of the same name are replaced. */
export function addImages(more: Readonly<Record<string, Image>>): void {
  for (const [name, image] of Object.entries(more)) images.set(name, image);
}

/** The image of that name, or undefined. */
export function image(name: string): Image | undefined {
  return images.get(name);
}

/** Names of all images, sorted. */
export function imageNames(): string[] {
  return [...images.keys()].toSorted();
}
