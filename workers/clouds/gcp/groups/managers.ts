import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type Observation, type Projection, zoneOf } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { observeAll } from '../pages.ts';
import { nameIn } from '../references.ts';

export type ManagerBody = compute_v1.Schema$InstanceGroupManager;

/** Fact of how many machines a group is to have. */
export const targetSizeFact = 'targetSize';

/** A group, with everything that was resolved for it. */
export interface Group {
  readonly account: string;
  readonly name: string;
  /** What its machines' names begin with, at most 58 characters. */
  readonly baseInstanceName: string;
  /** Machines when it is made; later the number has calls of its own. */
  readonly size: number;
  readonly template: string;
  /** So many of the machines keep another template. */
  readonly kept?: { readonly template: string; readonly count: number } | undefined;
  /** Whether machines change their template by themselves, and how many at a time. */
  readonly update: { readonly proactive: boolean; readonly maxSurge: number; readonly maxUnavailable: number };
  readonly namedPorts: readonly { readonly name: string; readonly port: number }[];
  readonly marker: Omit<Marker, 'specHash'>;
}

/** Body of the insert, and of a patch but for the size. */
export function managerBody(group: Group): ManagerBody {
  const { account, name, baseInstanceName, size, template, kept, update, namedPorts, marker } = group;
  const reference = (one: string): string => `projects/${account}/global/instanceTemplates/${one}`;
  const others = kept === undefined || kept.count === 0 ? [] : [kept];
  const body = {
    name,
    baseInstanceName,
    versions: [
      ...others.map((one) => ({ instanceTemplate: reference(one.template), targetSize: { fixed: one.count } })),
      { instanceTemplate: reference(template) },
    ],
    updatePolicy: {
      type: update.proactive ? 'PROACTIVE' : 'OPPORTUNISTIC',
      // A template that differs at all makes another machine: another image or network could not be taken over.
      minimalAction: 'REPLACE',
      mostDisruptiveAllowedAction: 'REPLACE',
      replacementMethod: 'SUBSTITUTE',
      maxSurge: { fixed: update.maxSurge },
      maxUnavailable: { fixed: update.maxUnavailable },
    },
    namedPorts: namedPorts.map((port) => ({ ...port })),
  };
  return { ...body, targetSize: size, description: descriptionOf({ ...marker, specHash: specHash(body) }) };
}

/** All but the size, which others change too: by calls of its own, or Google by its autoscaler. */
function projection({ versions, updatePolicy, namedPorts }: ManagerBody): Projection {
  const amount = (value: { fixed?: number | null; percent?: number | null } | undefined): unknown =>
    value?.percent ? `${value.percent}%` : (value?.fixed ?? 0);
  return {
    versions: versions?.map(({ instanceTemplate, targetSize }) => [
      nameIn(instanceTemplate ?? ''),
      targetSize ? amount(targetSize) : 'rest',
    ]),
    type: updatePolicy?.type,
    minimalAction: updatePolicy?.minimalAction,
    mostDisruptiveAllowedAction: updatePolicy?.mostDisruptiveAllowedAction,
    replacementMethod: updatePolicy?.replacementMethod,
    maxSurge: amount(updatePolicy?.maxSurge),
    maxUnavailable: amount(updatePolicy?.maxUnavailable),
    namedPorts: (namedPorts ?? []).map(({ name, port }) => `${name}:${port}`).toSorted(),
  };
}

function observe(manager: ManagerBody): Observation {
  return {
    targetId: manager.id ?? '',
    marker: markerOf(manager.description),
    projection: projection(manager),
    facts: { [targetSizeFact]: String(manager.targetSize ?? 0) },
    settled: true,
  };
}

const fields = 'id,name,description,targetSize,versions,updatePolicy,namedPorts';

/** Groups are done when their operation is, though their machines come later; see members.ts. */
export const instanceGroupManagers: CloudApi<ManagerBody> = {
  visibleAtOnce: true,
  projection,
  async insert({ compute }, ref, requestBody, requestId) {
    const call = { project: ref.account, zone: zoneOf(ref), requestId, requestBody };
    return progressOf((await compute.instanceGroupManagers.insert(call)).data);
  },
  async get({ compute }, ref) {
    const found = await existing(() =>
      compute.instanceGroupManagers.get({
        project: ref.account,
        zone: zoneOf(ref),
        instanceGroupManager: ref.name,
        fields,
      }),
    );
    return found && observe(found);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() =>
      compute.instanceGroupManagers.delete({
        project: ref.account,
        zone: zoneOf(ref),
        instanceGroupManager: ref.name,
        requestId,
      }),
    ),
  async patch({ compute }, ref, body, requestId) {
    const place = { project: ref.account, zone: zoneOf(ref), instanceGroupManager: ref.name };
    const { data } = await compute.instanceGroupManagers.get({ ...place, fields: 'fingerprint' });
    const { name: _name, baseInstanceName: _base, targetSize: _size, ...changed } = body;
    const requestBody = { ...changed, fingerprint: data.fingerprint ?? null };
    return progressOf((await compute.instanceGroupManagers.patch({ ...place, requestId, requestBody })).data);
  },
  list: ({ compute }, account, scope) =>
    observeAll(
      (page) =>
        compute.instanceGroupManagers.list({
          project: account,
          zone: zoneOf({ scope }),
          ...page,
          fields: `nextPageToken,items(${fields})`,
        }),
      observe,
    ),
};
