import type { Instance } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Place } from '../clouds/gcp/places.ts';
import { drop } from '../gcp-objects/drop.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { release } from '../gcp-objects/release.ts';
import type { By } from '../gcp-objects/owned.ts';
import type { Stage } from '../gcp-objects/stage.ts';
import { settleAll } from '../objects/settle-all.ts';
import { type DataDisk, diskFacts, diskRows, wantedDisk } from './data-disks.ts';
import type { MachineDeps } from './machine.ts';
import type { Missing } from './plan.ts';
import { resolvedImage } from './resolved-image.ts';

/** Takes each disk of an instance one step towards being there, or says why it cannot be made. */
export async function settleDisks(
  deps: MachineDeps,
  instance: Instance,
  disks: readonly DataDisk[],
  about: { readonly place: Place; readonly rows: readonly CloudResource[]; readonly by: By },
): Promise<Stage[] | Missing> {
  const { place, rows, by } = about;
  const scope = `zones/${place.zone}`;
  const wanted = [];
  for (const disk of disks) {
    const row = diskRows(rows).find(
      (one) => one.name === disk.name && one.account === place.account && one.scope === scope,
    );
    const known = row?.facts[diskFacts.image];
    const image = disk.source === undefined ? undefined : (known ?? (await resolvedImage(deps, disk.source)));
    if (typeof image === 'object') return image;
    wanted.push({ row, wanted: wantedDisk(instance, disk, image, place, by) });
  }
  return settleAll(wanted.map((one) => ensure(deps, one.wanted, one.row)));
}

/** Deletes the disks that a machine had and no longer has; those that are to be retained stay. */
export async function dropUnwanted(
  deps: MachineDeps,
  rows: readonly CloudResource[],
  disks: readonly DataDisk[],
): Promise<Stage[]> {
  const unwanted = diskRows(rows).filter((row) => !disks.some(({ name }) => name === row.name) && !isRetained(row));
  return settleAll(unwanted.map((row) => drop(deps, row)));
}

/** Lets the disks of an instance go, once no machine has them; those that are to be retained wait for the next. */
export async function releaseDisks(
  deps: MachineDeps,
  instance: Instance,
  rows: readonly CloudResource[],
): Promise<Stage[]> {
  const leaving = diskRows(rows).filter((row) => !isRetained(row));
  return settleAll(leaving.map((row) => release(deps, instance, row)));
}

function isRetained({ facts }: CloudResource): boolean {
  return facts[diskFacts.retention] === 'Retain';
}
