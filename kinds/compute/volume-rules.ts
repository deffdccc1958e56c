import type { DiskSpec, InstanceSpec, KeyToPath, Volume, VolumeAttachment } from '../generated/types.ts';
import { labelFault } from '../name-rules.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required, type Problem } from '../problem.ts';
import { quantityValue } from '../quantity.ts';
import { image, imageNames } from './images.ts';

const gib = 2n ** 30n;
const minGib = 10n;
const maxGib = 100n;
const maxPath = 1024;

/** A list of attachments, with the path where it stands. */
interface Attachments {
  readonly path: string;
  readonly list: readonly VolumeAttachment[];
}

/** What breaks the rules on volumes and on what attaches them. `path` is that of the instance's spec. */
export function volumeProblems(path: string, spec: InstanceSpec): Problem[] {
  const volumes = spec.volumes ?? [];
  const all = attachmentsOf(path, spec);
  const attached = new Set(all.flatMap(({ list }) => list.map((attachment) => attachment.name)));
  return [
    ...volumes.flatMap((volume, index) => sourceProblems(`${path}.volumes[${index}]`, volume)),
    ...volumes.flatMap(({ name }, index) =>
      attached.has(name)
        ? []
        : [invalid(`${path}.volumes[${index}].name`, name, 'must be attached by at least one of volumeAttachments')],
    ),
    ...deviceNameProblems(path, volumes),
    ...all.flatMap((attachments) => attachmentProblems(attachments, volumes)),
    ...bootProblems(path, spec, volumes),
  ];
}

/** Disks that would become smaller than they were, which no disk can. */
export function shrinkProblems(path: string, spec: InstanceSpec, previous: InstanceSpec | undefined): Problem[] {
  return (spec.volumes ?? []).flatMap(({ name, disk }, index) => {
    const before = previous?.volumes?.find((volume) => volume.name === name)?.disk;
    if (disk === undefined || before === undefined) return [];
    const [size, least] = [diskGib(disk.template.spec), diskGib(before.template.spec)];
    if (size >= least) return [];
    const at = `${path}.volumes[${index}].disk.template.spec.resources.requests.storage`;
    return [invalid(at, `${size}Gi`, `a disk cannot shrink: it has ${least}Gi`)];
  });
}

/** Size of a disk in whole GiB: what is asked for, rounded up, and what its image needs at least. */
export function diskGib({ populator, resources }: DiskSpec): number {
  const least = Number(image(populator?.image?.name ?? '')?.minDiskGib ?? minGib);
  const bytes = quantityValue(resources?.requests?.storage ?? 0) ?? 0n;
  return Math.max(least, Number((bytes + gib - 1n) / gib));
}

/** Name under which the machine sees the disk of the volume at `index`. */
export function deviceNameOf(volume: Volume, index: number): string {
  return volume.disk?.deviceName ?? `volume-${index}`;
}

function attachmentsOf(path: string, { runtime }: InstanceSpec): Attachments[] {
  const { sandbox, virtualMachine } = runtime;
  return [
    ...(sandbox?.containers ?? []).map(({ volumeAttachments: list = [] }, index) => ({
      path: `${path}.runtime.sandbox.containers[${index}].volumeAttachments`,
      list,
    })),
    ...(virtualMachine
      ? [{ path: `${path}.runtime.virtualMachine.volumeAttachments`, list: virtualMachine.volumeAttachments }]
      : []),
  ];
}

function sourceProblems(path: string, { disk, configMap, secret }: Volume): Problem[] {
  return [
    ...(configMap && !configMap.name ? [required(`${path}.configMap.name`)] : []),
    ...(secret && !secret.secretName ? [required(`${path}.secret.secretName`)] : []),
    ...itemProblems(`${path}.configMap.items`, configMap?.items),
    ...itemProblems(`${path}.secret.items`, secret?.items),
    ...(disk ? diskProblems(`${path}.disk.template.spec`, disk.template.spec) : []),
  ];
}

/** A file cannot leave its volume, and no two can be the same. */
function itemProblems(path: string, items: readonly KeyToPath[] = []): Problem[] {
  return items.flatMap(({ path: file }, index) => {
    const at = `${path}[${index}].path`;
    const parts = file.split('/');
    if (file.length > maxPath || parts.some((part) => part === '' || part === '.' || part === '..'))
      return [invalid(at, file, "must be a relative path without '.', '..' and empty parts")];
    return items.findIndex((item) => item.path === file) < index ? [duplicate(at, file)] : [];
  });
}

function diskProblems(path: string, { populator, resources }: DiskSpec): Problem[] {
  const name = populator?.image?.name;
  const source = name === undefined ? undefined : image(name);
  const problems =
    name !== undefined && source === undefined
      ? [notSupported(`${path}.populator.image.name`, name, imageNames())]
      : [];
  const storage = resources?.requests?.storage;
  const bytes = storage === undefined ? undefined : quantityValue(storage);
  if (bytes === undefined) return problems;
  const at = `${path}.resources.requests.storage`;
  if (bytes < minGib * gib || bytes > maxGib * gib)
    return [...problems, invalid(at, storage, `must be between ${minGib}Gi and ${maxGib}Gi`)];
  if (bytes % gib !== 0n) return [...problems, invalid(at, storage, 'must be in whole Gi')];
  const least = BigInt(source?.minDiskGib ?? 0);
  return bytes < least * gib
    ? [...problems, invalid(at, storage, `must not be less than the image needs: ${least}Gi`)]
    : problems;
}

function deviceNameProblems(path: string, volumes: readonly Volume[]): Problem[] {
  const seen = new Set<string>();
  return volumes.flatMap((volume, index) => {
    if (!volume.disk) return [];
    const at = `${path}.volumes[${index}].disk.deviceName`;
    const name = deviceNameOf(volume, index);
    const fault = labelFault(name);
    if (fault !== undefined) return [invalid(at, name, fault)];
    if (seen.has(name)) return [duplicate(at, name)];
    seen.add(name);
    return [];
  });
}

function attachmentProblems({ path, list }: Attachments, volumes: readonly Volume[]): Problem[] {
  const seen = new Set<string>();
  return list.flatMap(({ name, mountPath }, index) => {
    const volume = volumes.find((candidate) => candidate.name === name);
    const missing = volume === undefined ? [notFound(`${path}[${index}].name`, name)] : [];
    if (mountPath === undefined) return missing;
    const at = `${path}[${index}].mountPath`;
    const normal = mountPath.replace(/(?<=.)\/+$/, '');
    const repeated = seen.has(normal) ? [duplicate(at, mountPath)] : [];
    seen.add(normal);
    return [
      ...missing,
      ...(isMountPath(mountPath) ? [] : [invalid(at, mountPath, "must be an absolute path without '..' and ':'")]),
      ...repeated,
      ...(volume?.disk && !volume.disk.template.spec.populator?.filesystem
        ? [forbidden(at, 'the disk has no file system: populate it with `filesystem`')]
        : []),
    ];
  });
}

function isMountPath(path: string): boolean {
  return path.startsWith('/') && path !== '/' && !path.includes(':') && !path.split('/').includes('..');
}

/** A virtual machine boots from what it attaches first. */
function bootProblems(path: string, { runtime }: InstanceSpec, volumes: readonly Volume[]): Problem[] {
  const first = runtime.virtualMachine?.volumeAttachments[0];
  const volume = volumes.find((candidate) => candidate.name === first?.name);
  if (first === undefined || volume === undefined || volume.disk?.template.spec.populator?.image) return [];
  return [
    invalid(
      `${path}.runtime.virtualMachine.volumeAttachments[0].name`,
      first.name,
      'must be a disk populated from an image, to boot from',
    ),
  ];
}
