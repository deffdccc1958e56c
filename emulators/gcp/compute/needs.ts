import type { Json, JsonObject } from '../core/json.ts';
import { isObject, objectsAt } from '../core/json.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Need } from '../iam/authorize.ts';
import { keyOf } from './links.ts';
import type { ComputeType } from './resource-type.ts';
import type { Scope } from './scope.ts';
import { projectOf, scopeOf, scopePath } from './scope.ts';

/** Collections whose permissions have a name of their own where they are global, or regional. */
const NAMES: Readonly<Record<string, Partial<Record<Scope['kind'], string>>>> = {
  addresses: { global: 'globalAddresses' },
  forwardingRules: { global: 'globalForwardingRules' },
  backendServices: { region: 'regionBackendServices' },
  healthChecks: { region: 'regionHealthChecks' },
};

/** What the body of an insert refers to by a field, and the permission that this needs. */
type Use = readonly [path: string, permission: string];

const USES: Readonly<Record<string, readonly Use[]>> = {
  addresses: [['subnetwork', 'compute.subnetworks.use']],
  autoscalers: [['target', 'compute.instanceGroupManagers.use']],
  backendServices: [
    ['healthChecks', 'compute.healthChecks.useReadOnly'],
    ['backends.group', 'compute.instanceGroups.use'],
  ],
  firewalls: [['network', 'compute.networks.updatePolicy']],
  forwardingRules: [['target', 'compute.targetTcpProxies.use']],
  instanceGroupManagers: [
    ['instanceTemplate', 'compute.instanceTemplates.useReadOnly'],
    ['versions.instanceTemplate', 'compute.instanceTemplates.useReadOnly'],
  ],
  instances: [
    ['networkInterfaces.subnetwork', 'compute.subnetworks.use'],
    ['disks.source', 'compute.disks.use'],
  ],
  networkEndpointGroups: [
    ['network', 'compute.networks.use'],
    ['subnetwork', 'compute.subnetworks.use'],
  ],
  routes: [['network', 'compute.networks.updatePolicy']],
  subnetworks: [['network', 'compute.networks.updatePolicy']],
  targetTcpProxies: [['service', 'compute.backendServices.use']],
};

/** Parts of a new machine that need a permission of their own. */
const PARTS: readonly Use[] = [
  ['labels', 'compute.instances.setLabels'],
  ['metadata', 'compute.instances.setMetadata'],
  ['serviceAccounts', 'compute.instances.setServiceAccount'],
  ['tags', 'compute.instances.setTags'],
];

/** The permission for a call on resources of a type. */
function permissionFor(type: Pick<ComputeType, 'collection'>, scope: Scope['kind'], verb: string): string {
  return `compute.${NAMES[type.collection]?.[scope] ?? type.collection}.${verb}`;
}

/** What a call on one resource, or on the project for a list, needs. */
export function callNeeds(type: ComputeType, verb: string): (request: ApiRequest) => readonly Need[] {
  return (request) => {
    const scope = scopeOf(request);
    const collection = `projects/${projectOf(request)}/${scopePath(scope)}/${type.collection}`;
    const { resource } = request.params;
    const on = resource === undefined ? `projects/${projectOf(request)}` : `${collection}/${resource}`;
    return [{ permission: permissionFor(type, scope.kind, verb), on }];
  };
}

/** What an insert needs: to create, and to use all that the new resource refers to. */
export function insertNeeds(type: ComputeType): (request: ApiRequest) => readonly Need[] {
  return (request) => {
    const [project, scope] = [projectOf(request), scopeOf(request)];
    const on = `projects/${project}/${scopePath(scope)}/${type.collection}/${String(request.body['name'])}`;
    return [
      { permission: permissionFor(type, scope.kind, 'create'), on },
      ...(USES[type.collection] ?? []).flatMap(([path, permission]) =>
        valuesAt(request.body, path.split('.')).map((reference) => ({
          permission: actualPermission(permission, reference),
          on: keyOf(reference, { project }) ?? reference,
        })),
      ),
      ...(type.collection === 'instances' ? partNeeds(request.body, on) : []),
    ];
  };
}

/** A backend may be a group of endpoints as well. */
function actualPermission(permission: string, reference: string): string {
  return reference.includes('/networkEndpointGroups/') ? 'compute.networkEndpointGroups.use' : permission;
}

function partNeeds(body: JsonObject, on: string): readonly Need[] {
  const needs = PARTS.filter(([field]) => body[field] !== undefined).map(([, permission]) => ({ permission, on }));
  const isNew = objectsAt(body, 'disks').some((disk) => disk['initializeParams'] !== undefined);
  const nics = objectsAt(body, 'networkInterfaces');
  const isExternal = nics.some((nic) => objectsAt(nic, 'accessConfigs').length > 0);
  return [
    ...needs,
    ...(isNew ? [{ permission: 'compute.disks.create', on }] : []),
    ...(isExternal ? [{ permission: 'compute.subnetworks.useExternalIp', on }] : []),
  ];
}

/** The texts at a path, through every item of the lists on the way. */
function valuesAt(value: Json | undefined, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? [value] : [];
  return isObject(value) ? valuesAt(value[name], rest) : [];
}
