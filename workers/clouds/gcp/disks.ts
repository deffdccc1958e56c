import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type CloudRef, type Observation, type Projection, zoneOf } from './cloud-object.ts';
import { GcpError, mustReplace } from './errors.ts';
import { labelsOf, type Marker, markerOfLabels } from './marker.ts';
import { deletion, existing, progressOf } from './operations.ts';
import { observeAll } from './pages.ts';
import { nameIn } from './references.ts';

export type DiskBody = compute_v1.Schema$Disk;

/** A disk that is made by itself, with its image resolved; without one it is blank. */
export interface DataDisk {
  readonly ref: CloudRef;
  readonly type: string;
  readonly sizeGb: number;
  readonly image?: string;
  readonly marker: Omit<Marker, 'specHash'>;
}

/** Body of the insert. */
export function diskBody({ ref, type, sizeGb, image, marker }: DataDisk): DiskBody {
  return {
    name: ref.name,
    type: `projects/${ref.account}/${ref.scope}/diskTypes/${type}`,
    sizeGb: String(sizeGb),
    ...(image === undefined ? {} : { sourceImage: image }),
    labels: labelsOf({ ...marker, specHash: '' }),
  };
}

const fields = 'id,name,status,sizeGb,type,labels';

/** What is on the disk is nobody's business but the machine's. */
function projection({ sizeGb, type }: DiskBody): Projection {
  return { sizeGb: Number(sizeGb ?? 0), type: nameIn(type ?? '') };
}

function observe(disk: DiskBody): Observation {
  return {
    targetId: disk.id ?? '',
    marker: markerOfLabels(disk.labels),
    projection: projection(disk),
    facts: {},
    settled: true,
  };
}

/** Disks that machines attach. They can grow; anything else about them is for good. */
export const disks: CloudApi<DiskBody> = {
  visibleAtOnce: true,
  projection,
  async insert({ compute }, ref, requestBody, requestId) {
    const { data } = await compute.disks.insert({ project: ref.account, zone: zoneOf(ref), requestId, requestBody });
    return progressOf(data);
  },
  async get({ compute }, ref) {
    const found = await existing(() =>
      compute.disks.get({ project: ref.account, zone: zoneOf(ref), disk: ref.name, fields }),
    );
    return found && observe(found);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() => compute.disks.delete({ project: ref.account, zone: zoneOf(ref), disk: ref.name, requestId })),
  async patch({ compute }, ref, body, requestId) {
    const place = { project: ref.account, zone: zoneOf(ref), disk: ref.name };
    const { data } = await compute.disks.get({ ...place, fields });
    const [is, should] = [projection(data), projection(body)];
    if (is['type'] !== should['type']) throw new GcpError(mustReplace);
    if (Number(is['sizeGb']) > Number(should['sizeGb'])) throw new GcpError(cannotShrink(is, should));
    if (is['sizeGb'] === should['sizeGb']) return { done: true };
    const requestBody = { sizeGb: body.sizeGb ?? null };
    return progressOf((await compute.disks.resize({ ...place, requestId, requestBody })).data);
  },
  list: ({ compute }, account, scope) =>
    observeAll(
      (page) =>
        compute.disks.list({
          project: account,
          zone: zoneOf({ scope }),
          // Most disks are those that machines boot from; they are known by their machines.
          filter: 'name eq disk-.*',
          ...page,
          fields: `nextPageToken,items(${fields})`,
        }),
      observe,
    ),
};

function cannotShrink(is: Projection, should: Projection) {
  return {
    code: 'DiskIsLarger',
    class: 'spec',
    message: `the disk has ${is['sizeGb']} GB and cannot shrink to ${should['sizeGb']} GB: declare its size as it is`,
  } as const;
}
