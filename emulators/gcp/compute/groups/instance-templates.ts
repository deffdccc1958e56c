import type { ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt, stringAt } from '../../core/json.ts';
import { invalidValue, requiredField } from '../../http/api-error.ts';
import { machineShape, maxInterfaces } from '../catalog/machine-shapes.ts';
import { linkOf } from '../links.ts';
import { keyTo, linkTo, referredKeys } from '../references.ts';
import { INSTANCE_WRITABLE } from '../resources/instance-fields.ts';
import { labelFields, metadataField, tagsField } from '../resources/labels.ts';
import type { ComputeType, Target } from '../resource-type.ts';
import { oneInProject } from '../usage-of.ts';

const PROPERTIES = INSTANCE_WRITABLE.filter(
  (field) => !['name', 'hostname', 'zone', 'deletionProtection'].includes(field),
);

/** What machines of a group are made of. They never change: another one takes their place. */
export const instanceTemplates: ComputeType = {
  collection: 'instanceTemplates',
  kind: 'compute#instanceTemplate',
  message: 'InstanceTemplate',
  noun: 'instance template',
  scopes: ['global', 'region'],
  aggregated: true,
  visibleWhileCreating: false,
  latencyMs: { insert: [2_000, 5_000], delete: [2_000, 5_000] },
  outputOnly: ['region'],
  indexedFields: ['properties'],
  references,
  addresses: () => [],
  counted: { fields: [], usage: oneInProject('INSTANCE_TEMPLATES') },
  insert: {
    operationType: 'compute.instanceTemplates.insert',
    writable: ['name', 'description', ...PROPERTIES.map((field) => `properties.${field}`)],
    prepare: (target, body) => ({
      body: { description: '', ...body, properties: prepared(target, objectAt(body, 'properties')) },
    }),
  },
  mutations: [],
  delete: { inUse: 'at-call' },
};

/** What to send to make a machine of the template in a zone. */
export function instanceOf(template: ResourceRow, name: string, zone: string): JsonObject {
  const properties = objectAt(template.body, 'properties');
  const { machineType, ...rest } = properties;
  return { ...rest, name, machineType: `zones/${zone}/machineTypes/${String(machineType)}` };
}

function references({ body }: ResourceRow): readonly string[] {
  const nics = objectsAt(objectAt(body, 'properties'), 'networkInterfaces');
  return [...new Set(nics.flatMap((nic) => referredKeys(nic, 'network', 'subnetwork')))];
}

/** In properties machine and disk types are names; networks become URLs. */
function prepared(target: Target, properties: JsonObject): JsonObject {
  const machineType = stringAt(properties, 'machineType');
  if (machineType === undefined) throw requiredField('resource.properties.machineType');
  const shape = machineShape(machineType);
  if (shape === undefined) {
    const why = 'Must be the name of a machine type, without zone or project.';
    throw invalidValue('resource.properties.machineType', machineType, why);
  }
  const nics = objectsAt(properties, 'networkInterfaces');
  if (nics.length === 0) throw requiredField('resource.properties.networkInterfaces');
  if (nics.length > maxInterfaces(shape)) {
    const why = `Machine type ${machineType} has at most ${maxInterfaces(shape)}.`;
    throw invalidValue('resource.properties.networkInterfaces', `${nics.length} interfaces`, why);
  }
  const metadata = metadataField(objectAt(properties, 'metadata'));
  const tags = tagsField(objectAt(properties, 'tags'));
  const { labels } = labelFields(objectAt(properties, 'labels'));
  return {
    canIpForward: false,
    ...properties,
    ...metadata,
    // A template without tags shows an empty object, without the fingerprint that an instance has.
    ...(objectAt(properties, 'tags')['items'] === undefined ? { tags: {} } : tags),
    ...(labels === undefined ? {} : { labels }),
    networkInterfaces: nics.map((nic, index) => preparedInterface(target, nic, index)),
    disks: preparedDisks(properties),
    scheduling: {
      onHostMaintenance: 'MIGRATE',
      automaticRestart: true,
      preemptible: false,
      provisioningModel: 'STANDARD',
      ...objectAt(properties, 'scheduling'),
    },
  };
}

function preparedInterface(target: Target, nic: JsonObject, index: number): JsonObject {
  const at = `resource.properties.networkInterfaces[${index}]`;
  const subnetwork = stringAt(nic, 'subnetwork');
  if (subnetwork === undefined) throw requiredField(`${at}.subnetwork`);
  const key = keyTo(target, subnetwork, `${at}.subnetwork`, 'subnetworks');
  const network = stringAt(nic, 'network');
  const own = target.world.database.get('resource', key)?.body['network'];
  const link = network === undefined ? own : linkTo(target, network, `${at}.network`, 'networks');
  if (own !== undefined && link !== own) {
    throw invalidValue(`${at}.network`, network, 'The subnetwork is not in this network.');
  }
  const accessConfigs = objectsAt(nic, 'accessConfigs').map((config) => ({
    kind: 'compute#accessConfig',
    type: 'ONE_TO_ONE_NAT',
    name: 'external-nat',
    networkTier: 'PREMIUM',
    ...config,
  }));
  return {
    kind: 'compute#networkInterface',
    name: `nic${index}`,
    ...nic,
    ...(link === undefined ? {} : { network: link }),
    subnetwork: linkOf(key),
    ...(accessConfigs.length === 0 ? {} : { accessConfigs }),
  };
}

function preparedDisks(properties: JsonObject): readonly JsonObject[] {
  const disks = objectsAt(properties, 'disks');
  if (disks[0]?.['boot'] !== true) {
    throw invalidValue(
      'resource.properties.disks[0].boot',
      disks[0]?.['boot'] ?? false,
      'The first disk must be a boot disk.',
    );
  }
  return disks.map((disk, index) => {
    const diskType = stringAt(objectAt(disk, 'initializeParams'), 'diskType');
    if (diskType?.includes('/') === true) {
      const field = `resource.properties.disks[${index}].initializeParams.diskType`;
      throw invalidValue(field, diskType, 'Must be the name of a disk type, without zone or project.');
    }
    return {
      kind: 'compute#attachedDisk',
      type: 'PERSISTENT',
      mode: 'READ_WRITE',
      deviceName: `persistent-disk-${index}`,
      index,
      boot: false,
      autoDelete: false,
      interface: 'SCSI',
      ...disk,
    };
  });
}
