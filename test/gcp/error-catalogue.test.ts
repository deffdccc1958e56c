import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { describe, expect, test } from 'vitest';
import type { FaultClass } from '../../workers/clouds/gcp/errors.ts';
import { isGcpError } from '../../workers/clouds/gcp/errors.ts';
import { operationFault } from '../../workers/clouds/gcp/classify.ts';
import { emulatedCloud, type EmulatedCloud } from '../support/gcp-emulator.ts';

const project = 'acme-edge';
const region = 'us-south1';
const zone = `${region}-a`;

const network = (name: string) => ({ project, requestBody: { name, autoCreateSubnetworks: false } });
const subnetwork = (name: string, ipCidrRange: string) => ({
  project,
  region,
  requestBody: { name, network: 'global/networks/net', ipCidrRange },
});

function instance(name: string, more: object = {}) {
  const sourceImage = 'projects/debian-cloud/global/images/family/debian-12';
  const body = {
    name,
    machineType: `zones/${zone}/machineTypes/e2-small`,
    disks: [{ boot: true, autoDelete: true, initializeParams: { diskName: `${name}-boot`, sourceImage } }],
    networkInterfaces: [{ subnetwork: `regions/${region}/subnetworks/sub` }],
    ...more,
  };
  return { project, zone, requestBody: body };
}

async function withSubnet(cloud: EmulatedCloud, range = '10.0.0.0/24'): Promise<void> {
  await cloud.client.compute.networks.insert(network('net'));
  await cloud.client.compute.subnetworks.insert(subnetwork('sub', range));
}

/** A way to get an error from the cloud. It rejects with it. */
type Scenario = (cloud: EmulatedCloud) => Promise<unknown>;

const byRule =
  (error: string): Scenario =>
  async (cloud) => {
    await cloud.control('POST', '/_emu/faults', { fault: { kind: 'error', error } });
    return cloud.client.compute.networks.list({ project });
  };

const listNetworks = ({ client }: EmulatedCloud) => client.compute.networks.list({ project });

/** Every reason of an HTTP error, how it comes about, and what the product takes it for. */
const REASONS: readonly [status: number, reason: string, FaultClass, Scenario][] = [
  [400, 'invalid', 'spec', ({ client }) => client.compute.networks.insert(network('Upper'))],
  [
    400,
    'required',
    'spec',
    ({ client }) => client.compute.networks.insert({ project, requestBody: { autoCreateSubnetworks: false } }),
  ],
  [
    400,
    'badRequest',
    'spec',
    ({ client }) =>
      client.iam.projects.serviceAccounts.create({ name: `projects/${project}`, requestBody: { accountId: 'x' } }),
  ],
  [
    400,
    'resourceInUseByAnotherResource',
    'dependency',
    async (cloud) => {
      await withSubnet(cloud);
      await cloud.client.compute.instances.insert(instance('vm'));
      return cloud.client.compute.subnetworks.delete({ project, region, subnetwork: 'sub' });
    },
  ],
  [
    400,
    'resourceNotReady',
    'transient',
    async (cloud) => {
      await withSubnet(cloud);
      await cloud.control('POST', '/_emu/faults', { path: '/subnetworks/sub$', fault: { kind: 'stuck-operation' } });
      const { data } = await cloud.client.compute.subnetworks.get({ project, region, subnetwork: 'sub' });
      const requestBody = { fingerprint: data.fingerprint ?? '', privateIpGoogleAccess: true };
      await cloud.client.compute.subnetworks.patch({ project, region, subnetwork: 'sub', requestBody });
      return cloud.client.compute.instances.insert(instance('vm'));
    },
  ],
  [
    400,
    'invalidUsage',
    'spec',
    async ({ client }) => {
      await client.compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: true } });
      return client.compute.subnetworks.delete({ project, region, subnetwork: 'net' });
    },
  ],
  [
    401,
    'authError',
    'permission',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/iam', { mode: 'enforce' });
      return listNetworks(cloud);
    },
  ],
  [
    403,
    'forbidden',
    'permission',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/principals', { name: 'me@example.com', token: 'mine' });
      await cloud.control('PUT', '/_emu/iam', { mode: 'enforce' });
      const client = cloud.clientWith({ credentials: async () => ({ authorization: 'Bearer mine' }) });
      return client.compute.networks.list({ project });
    },
  ],
  [
    403,
    'accessNotConfigured',
    'configuration',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/projects', { project, disabledServices: ['compute.googleapis.com'] });
      return listNetworks(cloud);
    },
  ],
  [
    403,
    'quotaExceeded',
    'quota',
    async (cloud) => {
      await cloud.client.compute.networks.insert(network('net'));
      await cloud.control('PUT', '/_emu/quotas', { project, metric: 'FIREWALLS', limit: 0 });
      const requestBody = { name: 'fw', network: 'global/networks/net', allowed: [{ IPProtocol: 'tcp' }] };
      return cloud.client.compute.firewalls.insert({ project, requestBody });
    },
  ],
  [
    403,
    'rateLimitExceeded',
    'throttle',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/limits', { globalReads: 0 });
      return listNetworks(cloud);
    },
  ],
  [
    403,
    'rateLimitExceeded with CONCURRENT_OPERATIONS_QUOTA_EXCEEDED',
    'throttle',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/limits', { concurrentOperations: 0 });
      return cloud.client.compute.networks.insert(network('net'));
    },
  ],
  [404, 'notFound', 'notFound', ({ client }) => client.compute.networks.get({ project, network: 'none' })],
  [
    409,
    'alreadyExists',
    'alreadyExists',
    async ({ client }) => {
      await client.compute.networks.insert(network('net'));
      return client.compute.networks.insert(network('net'));
    },
  ],
  [409, 'operationInProgress', 'transient', byRule('operationInProgress')],
  [
    412,
    'conditionNotMet',
    'conflict',
    async (cloud) => {
      await withSubnet(cloud);
      const requestBody = { fingerprint: 'AAAAAAAAAAA=', privateIpGoogleAccess: true };
      return cloud.client.compute.subnetworks.patch({ project, region, subnetwork: 'sub', requestBody });
    },
  ],
  [
    413,
    'uploadTooLarge',
    'spec',
    ({ client }) => {
      const requestBody = { name: 'net', autoCreateSubnetworks: false, description: 'x'.repeat(11_000_000) };
      return client.compute.networks.insert({ project, requestBody });
    },
  ],
  [
    429,
    'rateLimitExceeded, RESOURCE_EXHAUSTED',
    'throttle',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/limits', { secretReads: 0 });
      return cloud.client.secrets.projects.secrets.list({ parent: `projects/${project}` });
    },
  ],
  [500, 'internalError', 'transient', byRule('internalError')],
  [502, 'backendError', 'transient', byRule('badGateway')],
  [503, 'backendError', 'transient', byRule('backendError')],
  [504, 'backendError', 'transient', byRule('gatewayTimeout')],
];

describe('every reason of an HTTP error', () => {
  test.each(REASONS)('%i %s is %s', async (status, reason, expected, scenario) => {
    const cloud = await emulatedCloud();
    const error: unknown = await scenario(cloud).then(
      () => new Error('the call succeeded'),
      (failure: unknown) => failure,
    );
    if (!isGcpError(error)) throw error;
    expect({ status: error.status, class: error.fault.class }).toEqual({ status, class: expected });
    const { requests } = (await cloud.control('GET', '/_emu/requests')) as {
      requests: { status: number; reason?: string }[];
    };
    const names = [requests.at(-1)?.reason, error.fault.code];
    expect(names.some((name) => name !== undefined && reason.includes(name))).toBe(true);
  });
});

/** Starts something whose operation fails; answers that operation, as far as it shows its error. */
type FailingCall = (cloud: EmulatedCloud) => Promise<{ data: compute_v1.Schema$Operation }>;

const inOperation =
  (code: string): FailingCall =>
  async (cloud) => {
    await cloud.control('POST', '/_emu/faults', { fault: { kind: 'operation-error', code } });
    return cloud.client.compute.networks.insert(network('net'));
  };

const withStockout =
  (code: string): FailingCall =>
  async (cloud) => {
    await withSubnet(cloud);
    await cloud.control('POST', '/_emu/stockouts', { zone, code });
    return cloud.client.compute.instances.insert(instance('vm'));
  };

/** Every code of an operation's error, how it comes about, and what the product takes it for. */
const CODES: readonly [code: string, FaultClass, FailingCall][] = [
  ['ZONE_RESOURCE_POOL_EXHAUSTED', 'stockout', withStockout('ZONE_RESOURCE_POOL_EXHAUSTED')],
  ['ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', 'stockout', withStockout('ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS')],
  ['REGION_RESOURCE_POOL_EXHAUSTED', 'stockout', withStockout('REGION_RESOURCE_POOL_EXHAUSTED')],
  ['VM_MIN_COUNT_NOT_REACHED', 'stockout', withStockout('VM_MIN_COUNT_NOT_REACHED')],
  [
    'QUOTA_EXCEEDED',
    'quota',
    async (cloud) => {
      await cloud.control('PUT', '/_emu/quotas', { project, metric: 'NETWORKS', limit: 0 });
      return cloud.client.compute.networks.insert(network('net'));
    },
  ],
  ['LIMIT_EXCEEDED', 'quota', inOperation('LIMIT_EXCEEDED')],
  [
    'IP_SPACE_EXHAUSTED',
    'stockout',
    async (cloud) => {
      await withSubnet(cloud, '10.0.0.0/29');
      const insert = (name: string) => {
        const requestBody = { name, addressType: 'INTERNAL', subnetwork: `regions/${region}/subnetworks/sub` };
        return cloud.client.compute.addresses.insert({ project, region, requestBody });
      };
      for (const name of ['a', 'b', 'c', 'd']) await insert(name);
      return insert('e');
    },
  ],
  [
    'IP_SPACE_EXHAUSTED_WITH_DETAILS',
    'stockout',
    async (cloud) => {
      await withSubnet(cloud);
      const key = `projects/${project}/regions/${region}/subnetworks/sub`;
      await cloud.control('POST', '/_emu/exhausted', { subnetwork: key });
      return cloud.client.compute.instances.insert(instance('vm'));
    },
  ],
  ['RESOURCE_NOT_FOUND', 'dependency', inOperation('RESOURCE_NOT_FOUND')],
  [
    'EXTERNAL_RESOURCE_NOT_FOUND',
    'propagation',
    async (cloud) => {
      await withSubnet(cloud);
      const serviceAccounts = [{ email: `w@${project}.iam.gserviceaccount.com`, scopes: [] }];
      return cloud.client.compute.instances.insert(instance('vm', { serviceAccounts }));
    },
  ],
  [
    'SERVICE_ACCOUNT_ACCESS_DENIED',
    'permission',
    async (cloud) => {
      await withSubnet(cloud);
      const name = `projects/${project}`;
      await cloud.client.iam.projects.serviceAccounts.create({ name, requestBody: { accountId: 'worker' } });
      await cloud.control('PUT', '/_emu/principals', {
        name: 'me@example.com',
        token: 'mine',
        permissions: ['compute.*'],
      });
      await cloud.control('PUT', '/_emu/iam', { mode: 'enforce' });
      const client = cloud.clientWith({ credentials: async () => ({ authorization: 'Bearer mine' }) });
      const serviceAccounts = [{ email: `worker@${project}.iam.gserviceaccount.com`, scopes: [] }];
      return client.compute.instances.insert(instance('vm', { serviceAccounts }));
    },
  ],
  [
    'RESOURCE_IN_USE_BY_ANOTHER_RESOURCE',
    'dependency',
    async (cloud) => {
      await withSubnet(cloud);
      return cloud.client.compute.networks.delete({ project, network: 'net' });
    },
  ],
  ['RESOURCE_ALREADY_EXISTS', 'alreadyExists', inOperation('RESOURCE_ALREADY_EXISTS')],
  ['RESOURCE_NOT_READY', 'transient', inOperation('RESOURCE_NOT_READY')],
  [
    'INVALID_USAGE',
    'spec',
    async (cloud) => {
      await withSubnet(cloud);
      return cloud.client.compute.subnetworks.insert(subnetwork('overlapping', '10.0.0.128/25'));
    },
  ],
  ['INVALID_FIELD_VALUE', 'spec', inOperation('INVALID_FIELD_VALUE')],
  [
    'CONDITION_NOT_MET',
    'conflict',
    async (cloud) => {
      await withSubnet(cloud);
      await cloud.client.compute.instances.insert(instance('vm'));
      // Two callers hold the same fingerprint, and both are let in: the one that is done second has lost.
      await cloud.control('POST', '/_emu/faults', { path: '/setTags$', fault: { kind: 'slow-operation', ms: 30 } });
      const vm = { project, zone, instance: 'vm' };
      const fingerprint = (await cloud.client.compute.instances.get(vm)).data.tags?.fingerprint ?? '';
      const set = (tag: string) =>
        cloud.client.compute.instances.setTags({ ...vm, requestBody: { fingerprint, items: [tag] } });
      const [, second] = [await set('a'), await set('b')];
      return cloud.client.compute.zoneOperations.wait({ project, zone, operation: second.data.name ?? '' });
    },
  ],
  ['PERMISSIONS_ERROR', 'permission', inOperation('PERMISSIONS_ERROR')],
  ['INTERNAL_ERROR', 'transient', inOperation('INTERNAL_ERROR')],
  ['RESOURCE_OPERATION_RATE_EXCEEDED', 'throttle', inOperation('RESOURCE_OPERATION_RATE_EXCEEDED')],
  ['UNSUPPORTED_OPERATION', 'spec', inOperation('UNSUPPORTED_OPERATION')],
];

describe('every code of an operation', () => {
  test.each(CODES)('%s is %s', async (code, expected, call) => {
    const { data } = await call(await emulatedCloud());
    const error = data.error?.errors?.[0];
    expect(error?.code).toBe(code);
    expect(operationFault(error ?? {}).class).toBe(expected);
  });
});
