import type { GcpClient } from './client.ts';
import { isGcpError } from './errors.ts';

/** APIs that the provider calls. */
const apis = [
  'compute.googleapis.com',
  'iam.googleapis.com',
  'secretmanager.googleapis.com',
  'monitoring.googleapis.com',
] as const;

const verbs = (resource: string, names: string): string[] => names.split(' ').map((verb) => `${resource}.${verb}`);

/** What each kind of work needs; nothing more is asked of a project. */
const permissionsByWork: Readonly<Record<string, readonly string[]>> = {
  places: ['compute.projects.get', 'compute.regions.get', 'compute.zones.get', 'serviceusage.services.get'],
  networks: [
    ...verbs('compute.networks', 'create get list update delete updatePolicy use'),
    ...verbs('compute.subnetworks', 'create get list update delete use useExternalIp expandIpCidrRange'),
  ],
  firewalls: verbs('compute.firewalls', 'create get list update delete'),
  machines: [
    ...verbs(
      'compute.instances',
      'create get list delete start stop reset suspend resume setMetadata setTags setLabels',
    ),
    ...verbs('compute.instances', 'setServiceAccount setMachineType attachDisk detachDisk addAccessConfig'),
    ...verbs('compute.instances', 'deleteAccessConfig updateNetworkInterface getSerialPortOutput'),
    ...verbs('compute.addresses', 'create get list delete use'),
    ...verbs('compute.disks', 'create get list delete resize use'),
    ...verbs('compute.images', 'get getFromFamily useReadOnly'),
  ],
  groups: [
    ...verbs('compute.instanceTemplates', 'create get delete useReadOnly'),
    ...verbs('compute.instanceGroupManagers', 'create get list update delete use'),
    ...verbs('compute.autoscalers', 'create get update delete'),
    'monitoring.timeSeries.list',
  ],
  gateways: [
    ...verbs('compute.globalAddresses', 'create get list delete use'),
    ...verbs('compute.healthChecks', 'create get list update delete useReadOnly'),
    ...verbs('compute.backendServices', 'create get list update delete use'),
    ...verbs('compute.networkEndpointGroups', 'create get list delete use'),
    ...verbs('compute.networkEndpointGroups', 'attachNetworkEndpoints detachNetworkEndpoints'),
    ...verbs('compute.targetTcpProxies', 'create get list update delete use'),
    ...verbs('compute.globalForwardingRules', 'create get list delete setTarget'),
    'compute.instanceGroups.use',
    'compute.instances.use',
  ],
  operations: [
    ...verbs('compute.globalOperations', 'get list'),
    ...verbs('compute.regionOperations', 'get list'),
    ...verbs('compute.zoneOperations', 'get list'),
  ],
  identities: verbs('iam.serviceAccounts', 'create get list delete getIamPolicy setIamPolicy'),
  secrets: [
    ...verbs('secretmanager.secrets', 'create get list update delete getIamPolicy setIamPolicy'),
    ...verbs('secretmanager.versions', 'add list disable destroy'),
  ],
};

/** What a project lacks. A part that may not be looked at counts as there: what lacks shows when it is needed. */
export interface Preflight {
  readonly missingApis: readonly string[];
  /** By kind of work; only those that lack something. */
  readonly missingPermissions: Readonly<Record<string, readonly string[]>>;
}

/** Looks whether the project is set up for the provider. Three calls. Throws GcpError when Google cannot tell now. */
export async function preflight(client: GcpClient, account: string): Promise<Preflight> {
  const needed = permissionsIn(client, account);
  const [missingApis, granted] = await Promise.all([
    disabledApis(client, account),
    grantedOf(client, account, Object.values(needed).flat()),
  ]);
  const missing = Object.entries(needed).flatMap(([work, permissions]) => {
    const lacking = permissions.filter((permission) => granted !== undefined && !granted.has(permission));
    return lacking.length === 0 ? [] : [[work, lacking] as const];
  });
  return { missingApis, missingPermissions: Object.fromEntries(missing) };
}

async function disabledApis({ services }: GcpClient, account: string): Promise<string[]> {
  const parent = `projects/${account}`;
  const names = apis.map((api) => `${parent}/services/${api}`);
  const answer = await unlessHidden(() => services.services.batchGet({ parent, names }));
  const off = (answer?.data.services ?? []).filter(({ state }) => state === 'DISABLED');
  return off.map(({ name }) => name?.slice(name.lastIndexOf('/') + 1) ?? '').toSorted();
}

/** Who knows its own name gives itself what it needs on each account that it makes; another needs it on all of them. */
export function permissionsIn(client: Pick<GcpClient, 'identity'>, account: string): typeof permissionsByWork {
  if (client.identity(account) !== undefined) return permissionsByWork;
  const { identities = [] } = permissionsByWork;
  return { ...permissionsByWork, identities: [...identities, 'iam.serviceAccounts.actAs'] };
}

/** Google takes so many at once. */
const maxPermissions = 100;

async function grantedOf(
  { resources }: GcpClient,
  account: string,
  permissions: readonly string[],
): Promise<Set<string> | undefined> {
  const granted = new Set<string>();
  for (let at = 0; at < permissions.length; at += maxPermissions) {
    const requestBody = { permissions: permissions.slice(at, at + maxPermissions) };
    const answer = await unlessHidden(() =>
      resources.projects.testIamPermissions({ resource: `projects/${account}`, requestBody }),
    );
    if (answer === undefined) return undefined;
    for (const permission of answer.data.permissions ?? []) granted.add(permission);
  }
  return granted;
}

async function unlessHidden<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isGcpError(error, 'permission') || isGcpError(error, 'configuration')) return undefined;
    throw error;
  }
}
