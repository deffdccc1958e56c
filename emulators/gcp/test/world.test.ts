import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';
import type { TestEmulator } from './harness.ts';

const project = PROJECT;
const zone = ZONE;
const vmKey = (name: string) => `projects/${project}/zones/${zone}/instances/${name}`;
const network = (name: string) => ({ project, requestBody: { name, autoCreateSubnetworks: false } });

async function codeOf(call: Promise<{ data: compute_v1.Schema$Operation }>): Promise<string> {
  return (await call).data.error?.errors?.[0]?.code ?? 'none';
}

const makeVm = ({ compute }: TestEmulator, name: string, more: object = {}) =>
  compute.instances.insert({ project, zone, requestBody: { ...instanceBody(name), ...more } });

test('quotas are told at once or in the operation, as Google does for each, or as one is told to', async () => {
  const emulator = await startForTest();
  const { compute, control } = emulator;
  await control('PUT', '/_emu/quotas', { project, metric: 'NETWORKS', limit: 1 });
  await compute.networks.insert(network('one'));
  const { data: operation } = await compute.networks.insert(network('two'));
  expect(operation).toMatchObject({
    status: 'DONE',
    httpErrorStatusCode: 403,
    error: {
      errors: [
        {
          code: 'QUOTA_EXCEEDED',
          message: "Quota 'NETWORKS' exceeded.  Limit: 1.0 globally.",
          errorDetails: [{ quotaInfo: { metricName: 'compute.googleapis.com/networks', limit: 1 } }],
        },
      ],
    },
  });
  await control('PUT', '/_emu/quotas', { project, metric: 'FIREWALLS', limit: 0 });
  const requestBody = { name: 'fw', network: 'global/networks/one', allowed: [{ IPProtocol: 'tcp' }] };
  const refused = () => compute.firewalls.insert({ project, requestBody });
  expect(await failureOf(refused())).toMatchObject({ status: 403, reason: 'quotaExceeded' });
  await control('PUT', '/_emu/quotas', { project, metric: 'FIREWALLS', limit: 0, mode: 'async' });
  expect(await codeOf(refused())).toBe('QUOTA_EXCEEDED');
  await control('DELETE', '/_emu/quotas');
  expect(await codeOf(refused())).toBe('none');
});

test('processors count by region, and a region shows what is used', async () => {
  const emulator = await startForTest();
  const { compute, control } = emulator;
  await makeSubnet(emulator);
  await control('PUT', '/_emu/quotas', { project, region: REGION, metric: 'CPUS', limit: 3 });
  expect(await codeOf(makeVm(emulator, 'one'))).toBe('none');
  expect(await codeOf(makeVm(emulator, 'two'))).toBe('QUOTA_EXCEEDED');
  const { data: region } = await compute.regions.get({ project, region: REGION });
  expect(region.quotas).toContainEqual({ metric: 'CPUS', limit: 3, usage: 2 });
  await compute.instances.stop({ project, zone, instance: 'one' });
  const grow = { machineType: `zones/${zone}/machineTypes/n2-standard-4` };
  const { data: grown } = await compute.instances.setMachineType({ project, zone, instance: 'one', requestBody: grow });
  expect(grown.error?.errors?.[0]?.code).toBe('QUOTA_EXCEEDED');
  await compute.instances.delete({ project, zone, instance: 'one' });
  expect(await codeOf(makeVm(emulator, 'two'))).toBe('none');
});

test('calls are counted by the minute, all buckets being full again at the same moment', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, iam, secrets, control } = emulator;
  const toMinute = async () =>
    control('POST', '/_emu/time/advance', { ms: 60_000 - ((await control('GET', '/_emu/time')).nowMs % 60_000) });
  await control('PUT', '/_emu/limits', { globalReads: 2, iamReads: 1, secretChangesPerSecond: 1 });
  await toMinute();
  const look = () => compute.networks.list({ project });
  await look();
  await look();
  const throttled = await look().catch(
    (error: { response: { status: number; data: { error: { errors: object[]; details: object[] } } } }) =>
      error.response,
  );
  expect(throttled).toMatchObject({
    status: 403,
    data: {
      error: {
        errors: [{ reason: 'rateLimitExceeded', domain: 'usageLimits' }],
        details: [{ reason: 'RATE_LIMIT_EXCEEDED' }],
      },
    },
  });
  await compute.instances.list({ project, zone });
  await iam.projects.serviceAccounts.list({ name: `projects/${project}` });
  expect((await failureOf(iam.projects.serviceAccounts.list({ name: `projects/${project}` }))).status).toBe(429);
  await toMinute();
  await look();
  const parent = `projects/${project}`;
  await secrets.projects.secrets.create({ parent, secretId: 's', requestBody: { replication: { automatic: {} } } });
  const add = () =>
    secrets.projects.secrets.addVersion({ parent: `${parent}/secrets/s`, requestBody: { payload: { data: 'YQ==' } } });
  await add();
  expect((await failureOf(add())).status).toBe(429);
  await control('POST', '/_emu/time/advance', { ms: 1_000 });
  await add();
});

test('only so many operations run at the same time', async () => {
  const emulator = await startForTest({ clock: 'manual', latency: 'short' });
  const { compute, control } = emulator;
  await control('PUT', '/_emu/limits', { concurrentOperations: 2 });
  await compute.networks.insert(network('a'));
  await compute.networks.insert(network('b'));
  const refused = await compute.networks
    .insert(network('c'))
    .catch((error: { response: { status: number; data: object } }) => error.response);
  expect(refused).toMatchObject({
    status: 403,
    data: {
      error: {
        errors: [{ reason: 'rateLimitExceeded' }],
        details: [{ reason: 'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED' }],
      },
    },
  });
  await control('POST', '/_emu/time/advance', { ms: 1_000 });
  await compute.networks.insert(network('c'));
});

test('a zone without machines of a type, for a while', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, control } = emulator;
  await makeSubnet(emulator);
  await makeVm(emulator, 'early');
  await compute.instances.stop({ project, zone, instance: 'early' });
  await control('POST', '/_emu/stockouts', { zone, machineTypes: ['n2-standard-2'], forMs: 60_000 });
  expect(await codeOf(makeVm(emulator, 'vm'))).toBe('ZONE_RESOURCE_POOL_EXHAUSTED');
  expect(await codeOf(compute.instances.start({ project, zone, instance: 'early' }))).toBe(
    'ZONE_RESOURCE_POOL_EXHAUSTED',
  );
  expect(await codeOf(makeVm(emulator, 'other', { machineType: `zones/${zone}/machineTypes/e2-small` }))).toBe('none');
  await control('POST', '/_emu/time/advance', { ms: 60_000 });
  expect(await codeOf(makeVm(emulator, 'vm'))).toBe('none');
});

test('a subnetwork without addresses, until told otherwise', async () => {
  const emulator = await startForTest();
  await makeSubnet(emulator);
  const subnetwork = `projects/${project}/regions/${REGION}/subnetworks/sub`;
  await emulator.control('POST', '/_emu/exhausted', { subnetwork });
  expect(await codeOf(makeVm(emulator, 'vm'))).toBe('IP_SPACE_EXHAUSTED_WITH_DETAILS');
  await emulator.control('DELETE', '/_emu/exhausted');
  expect(await codeOf(makeVm(emulator, 'vm'))).toBe('none');
});

test('APIs that are off, projects without billing and deleted projects say so', async () => {
  const emulator = await startForTest();
  const { compute, iam, services, projects, control } = emulator;
  const look = () => compute.networks.list({ project });
  const detailsOf = async (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (error: {
        response: { status: number; data: { error: { errors?: { reason: string }[]; details: { reason: string }[] } } };
      }) =>
        `${error.response.status} ${error.response.data.error.errors?.[0]?.reason} ${error.response.data.error.details[0]?.reason}`,
    );
  await control('PUT', '/_emu/projects', { project, disabledServices: ['compute.googleapis.com'] });
  expect(await detailsOf(look())).toBe('403 accessNotConfigured SERVICE_DISABLED');
  expect(await detailsOf(iam.projects.serviceAccounts.list({ name: `projects/${project}` }))).toBe('ok');
  const names = ['compute', 'iam', 'secretmanager'].map(
    (name) => `projects/${project}/services/${name}.googleapis.com`,
  );
  const { data } = await services.services.batchGet({ parent: `projects/${project}`, names });
  expect(data.services?.map(({ state }) => state)).toEqual(['DISABLED', 'ENABLED', 'ENABLED']);
  await control('PUT', '/_emu/projects', { project, billing: false });
  expect(await detailsOf(look())).toBe('403 accessNotConfigured BILLING_DISABLED');
  await control('PUT', '/_emu/projects', { project, state: 'DELETE_REQUESTED' });
  expect(await detailsOf(look())).toBe('403 forbidden CONSUMER_INVALID');
  expect((await projects.projects.get({ name: `projects/${project}` })).data.state).toBe('DELETE_REQUESTED');
  expect(await detailsOf(compute.networks.list({ project: 'another' }))).toBe('ok');
});

test('lists show what was there a moment ago, gets what is there', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, control } = emulator;
  const names = async () => (await compute.networks.list({ project })).data.items?.map(({ name }) => name) ?? [];
  await compute.networks.insert(network('old'));
  await control('PUT', '/_emu/consistency', { listLagMs: 5_000 });
  await compute.networks.insert(network('new'));
  await compute.networks.delete({ project, network: 'old' });
  expect(await names()).toEqual(['old']);
  expect((await compute.networks.get({ project, network: 'new' })).data.name).toBe('new');
  expect((await failureOf(compute.networks.get({ project, network: 'old' }))).status).toBe(404);
  await control('POST', '/_emu/time/advance', { ms: 5_001 });
  expect(await names()).toEqual(['new']);
});

test('machines are taken away, fail with their host, and come back', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, control } = emulator;
  await makeSubnet(emulator);
  await makeVm(emulator, 'vm');
  const look = async () => (await compute.instances.get({ project, zone, instance: 'vm' })).data.status;
  const act = (action: string, more: object = {}) =>
    control('POST', '/_emu/drift', { resource: vmKey('vm'), action, ...more });
  await act('preempt');
  expect(await look()).toBe('TERMINATED');
  await act('start');
  expect(await look()).toBe('RUNNING');
  await act('maintain', { ms: 10_000 });
  expect(await look()).toBe('REPAIRING');
  await control('POST', '/_emu/time/advance', { ms: 10_000 });
  expect(await look()).toBe('RUNNING');
});

test('somebody opens a firewall behind our back', async () => {
  const emulator = await startForTest({ latency: 'real', clock: 'manual' });
  const { compute, control } = emulator;
  await control('POST', '/_emu/drift', {
    resource: `projects/${project}/global/networks/net`,
    action: 'insert',
    body: { autoCreateSubnetworks: false },
  });
  const body = { network: 'global/networks/net', allowed: [{ IPProtocol: 'all' }] };
  await control('POST', '/_emu/drift', {
    resource: `projects/${project}/global/firewalls/open`,
    action: 'insert',
    body,
  });
  expect((await compute.firewalls.get({ project, firewall: 'open' })).data.sourceRanges).toEqual(['0.0.0.0/0']);
});

test('a snapshot brings everything back, time and addresses included', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { compute, control } = emulator;
  await makeSubnet(emulator);
  await makeVm(emulator, 'vm');
  const before = await control('GET', '/_emu/state');
  const snapshot = await control('GET', '/_emu/snapshot');
  await compute.instances.delete({ project, zone, instance: 'vm' });
  await makeVm(emulator, 'other');
  await control('POST', '/_emu/time/advance', { ms: 3_600_000 });
  await control('PUT', '/_emu/snapshot', snapshot);
  expect(await control('GET', '/_emu/state')).toEqual(before);
  expect((await control('GET', '/_emu/time')).nowMs).toBe(snapshot.atMs);
  await makeVm(emulator, 'third');
  const { data } = await compute.instances.get({ project, zone, instance: 'third' });
  expect(data.networkInterfaces?.[0]?.networkIP).toBe('10.0.0.3');
  await expect(control('PUT', '/_emu/snapshot', { format: 'x' })).rejects.toThrow('not a snapshot');
});

test('a state can be made of calls', async () => {
  const emulator = await startForTest({ latency: 'real', clock: 'manual' });
  const base = `/compute/v1/projects/${project}`;
  const requests = [
    { path: `${base}/global/networks`, body: { name: 'net', autoCreateSubnetworks: false } },
    {
      path: `${base}/regions/${REGION}/subnetworks`,
      body: { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' },
    },
    { path: `${base}/zones/${zone}/instances`, body: instanceBody('vm') },
  ];
  await emulator.control('POST', '/_emu/seed', { requests });
  const { data } = await emulator.compute.instances.get({ project, zone, instance: 'vm' });
  expect(data.networkInterfaces?.[0]?.networkIP).toBe('10.0.0.2');
  await expect(emulator.control('POST', '/_emu/seed', { requests: [requests[0]] })).rejects.toThrow('already exists');
});

test('the clocks of the cloud may be wrong', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  await emulator.control('PUT', '/_emu/time', { skewMs: -3_600_000 });
  const { nowMs } = await emulator.control('GET', '/_emu/time');
  const response = await fetch(`${emulator.origin}/compute/v1/projects/${project}/global/networks`);
  expect(Date.parse(response.headers.get('date') ?? '')).toBe(Math.floor((nowMs - 3_600_000) / 1_000) * 1_000);
  await emulator.compute.networks.insert(network('net'));
  const { data } = await emulator.compute.networks.get({ project, network: 'net' });
  expect(Date.parse(data.creationTimestamp ?? '')).toBe(nowMs - 3_600_000);
});

test('the evaluator tells who reaches whom, and by which rule', async () => {
  const emulator = await startForTest();
  const { compute, control } = emulator;
  await makeSubnet(emulator);
  await makeVm(emulator, 'web', { tags: { items: ['web'] } });
  await makeVm(emulator, 'db', {
    tags: { items: ['db'] },
    networkInterfaces: [{ subnetwork: `regions/${REGION}/subnetworks/sub` }],
  });
  const rule = (name: string, body: object) =>
    compute.firewalls.insert({ project, requestBody: { name, network: 'global/networks/net', ...body } });
  const ask = async (src: string, dst: string, port: number) => {
    const query = new URLSearchParams({ src, dst, proto: 'tcp', port: String(port) });
    return control('GET', `/_emu/reachability?${query}`);
  };
  expect(await ask(vmKey('web'), vmKey('db'), 5432)).toMatchObject({ allowed: false, ingress: { rule: 'implied' } });
  await rule('to-db', { sourceTags: ['web'], targetTags: ['db'], allowed: [{ IPProtocol: 'tcp', ports: ['5432'] }] });
  expect(await ask(vmKey('web'), vmKey('db'), 5432)).toMatchObject({ allowed: true, ingress: { rule: 'to-db' } });
  expect((await ask(vmKey('db'), vmKey('db'), 5432)).allowed).toBe(false);
  await rule('open', { targetTags: ['web'], allowed: [{ IPProtocol: 'tcp', ports: ['80'] }] });
  expect(await ask('203.0.113.9', vmKey('web'), 80)).toMatchObject({ allowed: true, ingress: { rule: 'open' } });
  expect(await ask('203.0.113.9', vmKey('db'), 5432)).toMatchObject({
    allowed: false,
    reason: expect.stringContaining('no external address'),
  });
  await rule('shut', {
    direction: 'EGRESS',
    priority: 5,
    targetTags: ['web'],
    destinationRanges: ['10.0.0.0/8'],
    denied: [{ IPProtocol: 'all' }],
  });
  expect(await ask(vmKey('web'), vmKey('db'), 5432)).toMatchObject({ allowed: false, egress: { rule: 'shut' } });
  expect((await ask(vmKey('web'), '203.0.113.9', 443)).allowed).toBe(true);
});

test('a guest finds itself described by its metadata server', async () => {
  const emulator = await startForTest();
  await makeSubnet(emulator);
  await makeVm(emulator, 'vm', { metadata: { items: [{ key: 'a', value: 'b' }] } });
  const read = async (path: string) =>
    (await emulator.control('GET', `/_emu/metadata?${new URLSearchParams({ instance: vmKey('vm'), path })}`)).value;
  expect(await read('instance/attributes/a')).toBe('b');
  expect(await read('instance/network-interfaces/0/ip')).toBe('10.0.0.2');
  await expect(read('instance/attributes/none')).rejects.toThrow('404');
});
