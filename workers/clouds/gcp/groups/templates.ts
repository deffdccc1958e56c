import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import type { CloudApi, Observation } from '../cloud-object.ts';
import type { InstanceBody } from '../instances.ts';
import { type Marker, descriptionOf, markerOf } from '../marker.ts';
import { deletion, existing, progressOf } from '../operations.ts';
import { nameIn } from '../references.ts';

export type TemplateBody = compute_v1.Schema$InstanceTemplate;

/** The template of machines that are like this one, but for what each machine has of its own: name, disks' names, addresses. */
export function templateBody(name: string, machine: InstanceBody, marker: Marker): TemplateBody {
  const { name: _name, machineType, disks = [], networkInterfaces = [], ...common } = machine;
  return {
    name,
    description: descriptionOf(marker),
    properties: {
      ...common,
      // In a template machine types and disk types are names: it is of no zone.
      machineType: nameIn(machineType ?? ''),
      disks: disks.map(({ initializeParams: { diskName: _own, diskType, ...params } = {}, ...disk }) => ({
        ...disk,
        autoDelete: true,
        initializeParams: { ...params, ...(diskType ? { diskType: nameIn(diskType) } : {}) },
      })),
      networkInterfaces: networkInterfaces.map(({ networkIP: _address, ...nic }) => nic),
    },
  };
}

function observe(template: TemplateBody): Observation {
  return {
    targetId: template.id ?? '',
    marker: markerOf(template.description),
    projection: {},
    facts: {},
    settled: true,
  };
}

const fields = 'id,name,description';

/** Templates cannot be changed: what differs has another name. */
export const instanceTemplates: CloudApi<TemplateBody> = {
  visibleAtOnce: false,
  projection: () => ({}),
  async insert({ compute }, { account }, requestBody, requestId) {
    return progressOf((await compute.instanceTemplates.insert({ project: account, requestId, requestBody })).data);
  },
  async get({ compute }, { account, name }) {
    const found = await existing(() =>
      compute.instanceTemplates.get({ project: account, instanceTemplate: name, fields }),
    );
    return found && observe(found);
  },
  remove: ({ compute }, { account, name }, requestId) =>
    deletion(() => compute.instanceTemplates.delete({ project: account, instanceTemplate: name, requestId })),
};
