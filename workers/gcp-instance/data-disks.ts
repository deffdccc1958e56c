import { image as imageOf } from '../../kinds/compute/images.ts';
import { deviceNameOf, diskGib } from '../../kinds/compute/volume-rules.ts';
import type { Instance } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { diskBody } from '../clouds/gcp/disks.ts';
import { specHash } from '../clouds/gcp/hash.ts';
import { dataDiskName } from '../clouds/gcp/names.ts';
import type { Place } from '../clouds/gcp/places.ts';
import type { Wanted } from '../gcp-objects/ensure.ts';
import { type By, ownedIn } from '../gcp-objects/owned.ts';
import { deploymentUidLabel, instanceIndexLabel } from '../objects/labels.ts';
import type { Missing } from './plan.ts';

/** A disk beside the boot disk, with an image or image family that is still to be resolved. */
export interface DataDisk {
  readonly volume: string;
  readonly name: string;
  readonly deviceName: string;
  readonly sizeGb: number;
  readonly type: string;
  /** Absent: nothing is on it at first. */
  readonly source?: string;
  readonly retention: 'Delete' | 'Retain';
}

/** Facts of a disk's row: what it was made from, and whether it outlives its instance. */
export const diskFacts = { image: 'image', retention: 'retention' } as const;

/**
 * Whose an instance's disks are: its place in its deployment, which the next instance in that place takes over. One that
 * somebody made by hand has no such place.
 */
export function diskOwner({ metadata }: Instance): string {
  const deployment = metadata.labels?.[deploymentUidLabel];
  return deployment === undefined ? metadata.uid : `${deployment}-${metadata.labels?.[instanceIndexLabel] ?? ''}`;
}

/** The disks that an instance's machine attaches, by volume; a reason when an image is not known for Google Cloud. */
export function dataDisksOf(instance: Instance): DataDisk[] | Missing {
  const { runtime, volumes = [] } = instance.spec;
  const boot = runtime.virtualMachine?.volumeAttachments[0]?.name;
  const deployment = instance.metadata.labels?.[deploymentUidLabel] ?? instance.metadata.uid;
  const disks: DataDisk[] = [];
  for (const [index, volume] of volumes.entries()) {
    const { disk, name } = volume;
    if (!disk || name === boot) continue;
    const { populator, type = 'pd-standard' } = disk.template.spec;
    const source = populator?.image && imageOf(populator.image.name)?.sources['gcp'];
    if (populator?.image && source === undefined)
      return {
        reason: 'InvalidConfiguration',
        message: `Image "${populator.image.name}" of volume "${name}" is not available in Google Cloud`,
      };
    disks.push({
      volume: name,
      name: dataDiskName(deployment, diskOwner(instance), name),
      deviceName: deviceNameOf(volume, index),
      sizeGb: diskGib(disk.template.spec),
      type: type ?? 'pd-standard',
      ...(source ? { source } : {}),
      retention: disk.retentionPolicy ?? 'Delete',
    });
  }
  return disks;
}

/** A disk as it shall be in the cloud. `image` is what its source was resolved to. */
export function wantedDisk(
  instance: Instance,
  disk: DataDisk,
  image: string | undefined,
  { account, zone }: Place,
  by: By,
): Wanted<'compute.disks'> {
  const ownerUid = diskOwner(instance);
  const ref = { account, scope: `zones/${zone}`, name: disk.name };
  const marker = { ownerKind: 'Instance', ownerUid };
  const body = diskBody({ ref, type: disk.type, sizeGb: disk.sizeGb, ...(image ? { image } : {}), marker });
  const facts = { [diskFacts.retention]: disk.retention, ...(image ? { [diskFacts.image]: image } : {}) };
  return {
    ...ownedIn(instance, by),
    ...ref,
    ownerUid,
    type: 'compute.disks',
    body,
    // A change of the policy is written down with the disk, so that it holds when the instance goes.
    specHash: specHash([body, disk.retention]),
    facts,
  };
}

/** The disks among rows of an instance. */
export function diskRows(rows: readonly CloudResource[]): CloudResource[] {
  return rows.filter(({ type }) => type === 'compute.disks');
}
