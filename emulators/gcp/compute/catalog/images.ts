/** A public image. */
export interface CatalogImage {
  readonly project: string;
  readonly name: string;
  readonly family: string;
  readonly description: string;
  readonly diskSizeGb: number;
  readonly license: string;
  readonly createdAt: string;
  readonly architecture: 'X86_64' | 'ARM64';
  readonly deprecatedBy?: string;
}

interface Release {
  readonly family: string;
  readonly project: string;
  readonly description: string;
  readonly diskSizeGb: number;
  readonly license: string;
  readonly architecture?: 'ARM64';
  /** Newest last; all others of the family are deprecated by it. */
  readonly versions: readonly (readonly [name: string, createdAt: string])[];
}

const RELEASES: readonly Release[] = [
  {
    project: 'ubuntu-os-cloud',
    family: 'ubuntu-2204-lts',
    description: 'Canonical, Ubuntu, 22.04 LTS, amd64 jammy image',
    diskSizeGb: 10,
    license: 'ubuntu-2204-lts',
    versions: [
      ['ubuntu-2204-jammy-v20240927', '2024-09-27T03:12:45.321-07:00'],
      ['ubuntu-2204-jammy-v20260903', '2026-09-03T04:55:01.087-07:00'],
    ],
  },
  {
    project: 'ubuntu-os-cloud',
    family: 'ubuntu-2404-lts-amd64',
    description: 'Canonical, Ubuntu, 24.04 LTS, amd64 noble image',
    diskSizeGb: 10,
    license: 'ubuntu-2404-lts',
    versions: [['ubuntu-2404-noble-amd64-v20260905', '2026-09-05T04:41:17.502-07:00']],
  },
  {
    project: 'ubuntu-os-cloud',
    family: 'ubuntu-2404-lts-arm64',
    description: 'Canonical, Ubuntu, 24.04 LTS, arm64 noble image',
    diskSizeGb: 10,
    license: 'ubuntu-2404-lts',
    architecture: 'ARM64',
    versions: [['ubuntu-2404-noble-arm64-v20260905', '2026-09-05T04:43:50.114-07:00']],
  },
  {
    project: 'debian-cloud',
    family: 'debian-12',
    description: 'Debian, Debian GNU/Linux, 12 (bookworm), amd64',
    diskSizeGb: 10,
    license: 'debian-12-bookworm',
    versions: [['debian-12-bookworm-v20260910', '2026-09-10T08:02:33.918-07:00']],
  },
  cosRelease('cos-stable', 'cos-stable-121-18867-199-88', '2026-09-08T10:14:09.660-07:00'),
  cosRelease('cos-113-lts', 'cos-113-18244-448-70', '2026-08-27T09:31:55.204-07:00'),
  cosRelease('cos-117-lts', 'cos-117-18613-339-93', '2026-09-01T09:48:12.771-07:00'),
  cosRelease('cos-121-lts', 'cos-121-18867-199-88', '2026-09-08T10:15:41.035-07:00'),
];

/** Every image, by project and name. */
export const IMAGES: readonly CatalogImage[] = RELEASES.flatMap((release) => {
  const newest = release.versions.at(-1)?.[0];
  return release.versions.map(([name, createdAt]) => ({
    project: release.project,
    name,
    family: release.family,
    description: release.description,
    diskSizeGb: release.diskSizeGb,
    license: release.license,
    createdAt,
    architecture: release.architecture ?? 'X86_64',
    ...(newest === undefined || newest === name ? {} : { deprecatedBy: newest }),
  }));
});

const BY_KEY = new Map(IMAGES.map((image) => [imageKey(image), image]));

export function imageKey({ project, name }: CatalogImage): string {
  return `projects/${project}/global/images/${name}`;
}

/** The image that a key means: by name, or the newest that is not deprecated of a family. */
export function findImage(key: string): CatalogImage | undefined {
  const family = /^projects\/([^/]+)\/global\/images\/family\/([^/]+)$/.exec(key);
  if (family === null) return BY_KEY.get(key);
  return IMAGES.findLast(
    (image) => image.project === family[1] && image.family === family[2] && image.deprecatedBy === undefined,
  );
}

function cosRelease(family: string, name: string, createdAt: string): Release {
  return {
    project: 'cos-cloud',
    family,
    description: 'Google, Container-Optimized OS',
    diskSizeGb: 10,
    license: 'cos',
    versions: [[name, createdAt]],
  };
}
