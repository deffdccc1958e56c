import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { type CloudApi, type CloudRef, type Observation, type Projection, zoneOf } from '../cloud-object.ts';
import { specHash } from '../hash.ts';
import { descriptionOf, type Marker, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { nameIn } from '../references.ts';

export type AutoscalerBody = compute_v1.Schema$Autoscaler;

/** Body of the autoscaler of a group that bears the group's name. `utilization` is a part of the processors, above 0 to 1. */
export function autoscalerBody(
  { account, scope, name }: CloudRef,
  policy: { readonly min: number; readonly max: number; readonly utilization: number },
  marker: Omit<Marker, 'specHash'>,
): AutoscalerBody {
  const body = {
    name,
    target: `projects/${account}/${scope}/instanceGroupManagers/${name}`,
    autoscalingPolicy: {
      minNumReplicas: policy.min,
      maxNumReplicas: policy.max,
      mode: 'ON',
      cpuUtilization: { utilizationTarget: policy.utilization },
    },
  };
  return { ...body, description: descriptionOf({ ...marker, specHash: specHash(body) }) };
}

function projection({ target, autoscalingPolicy: policy }: AutoscalerBody): Projection {
  return {
    target: nameIn(target ?? ''),
    min: policy?.minNumReplicas,
    max: policy?.maxNumReplicas,
    mode: policy?.mode,
    utilization: policy?.cpuUtilization?.utilizationTarget,
  };
}

function observe(autoscaler: AutoscalerBody): Observation {
  return {
    targetId: autoscaler.id ?? '',
    marker: markerOf(autoscaler.description),
    projection: projection(autoscaler),
    facts: {},
    settled: true,
  };
}

/** What scales a group by the use of its processors. */
export const autoscalers: CloudApi<AutoscalerBody> = {
  visibleAtOnce: false,
  projection,
  async insert({ compute }, ref, requestBody, requestId) {
    const call = { project: ref.account, zone: zoneOf(ref), requestId, requestBody };
    return progressOf((await compute.autoscalers.insert(call)).data);
  },
  async get({ compute }, ref) {
    const found = await existing(() =>
      compute.autoscalers.get({ project: ref.account, zone: zoneOf(ref), autoscaler: ref.name }),
    );
    return found && observe(found);
  },
  remove: ({ compute }, ref, requestId) =>
    deletion(() =>
      compute.autoscalers.delete({ project: ref.account, zone: zoneOf(ref), autoscaler: ref.name, requestId }),
    ),
  async patch({ compute }, ref, { name: _name, target: _target, ...requestBody }, requestId) {
    const call = { project: ref.account, zone: zoneOf(ref), autoscaler: ref.name, requestId, requestBody };
    return progressOf((await compute.autoscalers.patch(call)).data);
  },
};
