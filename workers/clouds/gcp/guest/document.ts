import { canonicalJson, specHash } from '../hash.ts';

/** A key as a file; the path is below the volume's folder. */
export interface FileItem {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

/** Files of a volume; without items all keys under their names. */
interface Files {
  readonly folder: string;
  /** Mode of files whose item says nothing else, such as 0o644. */
  readonly mode: number;
  readonly items?: readonly FileItem[];
}

export type ConfigMapFiles = Files &
  (
    | {
        /** Content of each key in base64. */
        readonly content: Readonly<Record<string, string>>;
      }
    | {
        /** Paths of the versions that hold the same, packed, one after the other. */
        readonly parts: readonly string[];
      }
  );

export interface SecretFiles extends Files {
  /** Path of the version to read, by number. */
  readonly version: string;
}

/** A key of a version that holds credentials of registries, as docker keeps them. */
export interface PullSecret {
  readonly version: string;
  readonly key: '.dockerconfigjson' | '.dockercfg';
}

/** A disk with a file system, by the name under which the machine sees it. */
export interface MountedDisk {
  readonly device: string;
  readonly path: string;
  /** A disk that has grown is looked at again. */
  readonly sizeGb: number;
}

/** What a machine is to be like inside. No value of a secret is in it, only where the machine finds it. */
export interface Guest {
  readonly disks: readonly MountedDisk[];
  readonly configMaps: readonly ConfigMapFiles[];
  readonly secrets: readonly SecretFiles[];
  /** Versions of secrets that variables of the pod come from. */
  readonly variableVersions: readonly string[];
  /** What images are pulled with, first come first; only for sandboxes. */
  readonly pullSecrets?: readonly PullSecret[];
  /** Symbolic links to folders, for machines; containers mount them. */
  readonly links: readonly { readonly target: string; readonly path: string }[];
  /** Manifest of the static pod that the machine's kubelet runs; only for sandboxes. */
  readonly pod?: object;
}

/** Most bytes of one metadata value. */
export const maxMetadataBytes = 262_144;

/**
 * The guest as guest.py reads it. The same guest always gives the same text, down to the byte, in whatever order it comes.
 */
export function guestDocument({
  disks,
  configMaps,
  secrets,
  variableVersions,
  pullSecrets = [],
  links,
  pod,
}: Guest): string {
  const used = [...secrets, ...pullSecrets].map(({ version }) => version);
  const versions = [...new Set([...used, ...variableVersions])].toSorted();
  const document = {
    configMaps: sorted(configMaps, ({ folder }) => folder),
    disks: sorted(disks, ({ path }) => path),
    links: sorted(links, ({ path }) => path),
    secrets: sorted(secrets, ({ folder }) => folder),
    versions,
    ...(pullSecrets.length === 0 ? {} : { pullSecrets }),
    ...(pod === undefined ? {} : { pod }),
  };
  return canonicalJson({ ...document, hash: specHash(document) });
}

function sorted<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
