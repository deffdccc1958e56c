import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';
import type { TestEmulator } from './harness.ts';

const project = PROJECT;
const zone = ZONE;

/** All the pieces of a TCP load balancer in front of a group of endpoints with one machine. */
async function makeBalancer(emulator: TestEmulator) {
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone, requestBody: instanceBody('vm') });
  await compute.networkEndpointGroups.insert({
    project,
    zone,
    requestBody: {
      name: 'neg',
      networkEndpointType: 'GCE_VM_IP_PORT',
      network: 'global/networks/net',
      subnetwork: `regions/${REGION}/subnetworks/sub`,
      defaultPort: 8080,
    },
  });
  await compute.networkEndpointGroups.attachNetworkEndpoints({
    project,
    zone,
    networkEndpointGroup: 'neg',
    requestBody: { networkEndpoints: [{ instance: 'vm' }] },
  });
  await compute.globalAddresses.insert({ project, requestBody: { name: 'ip', labels: { a: 'b' } } });
  await compute.healthChecks.insert({
    project,
    requestBody: { name: 'hc', type: 'TCP', tcpHealthCheck: { portSpecification: 'USE_SERVING_PORT' } },
  });
  await compute.backendServices.insert({
    project,
    requestBody: {
      name: 'bs',
      protocol: 'TCP',
      loadBalancingScheme: 'EXTERNAL_MANAGED',
      healthChecks: ['global/healthChecks/hc'],
      backends: [
        {
          group: `zones/${zone}/networkEndpointGroups/neg`,
          balancingMode: 'CONNECTION',
          maxConnectionsPerEndpoint: 100,
        },
      ],
    },
  });
  const service = 'global/backendServices/bs';
  await compute.targetTcpProxies.insert({ project, requestBody: { name: 'proxy', service } });
  await compute.globalForwardingRules.insert({
    project,
    requestBody: {
      name: 'rule',
      IPAddress: 'global/addresses/ip',
      IPProtocol: 'TCP',
      portRange: '443',
      target: 'global/targetTcpProxies/proxy',
      loadBalancingScheme: 'EXTERNAL_MANAGED',
    },
  });
}

test('a load balancer is made of its pieces, with what Google fills in', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeBalancer(emulator);
  const { data: address } = await compute.globalAddresses.get({ project, address: 'ip' });
  expect(address).toMatchObject({
    addressType: 'EXTERNAL',
    ipVersion: 'IPV4',
    networkTier: 'PREMIUM',
    status: 'IN_USE',
    users: [expect.stringMatching(/\/global\/forwardingRules\/rule$/)],
  });
  expect(address.labels).toBeUndefined();
  const { data: rule } = await compute.globalForwardingRules.get({ project, forwardingRule: 'rule' });
  expect(rule).toMatchObject({ IPAddress: address.address, portRange: '443-443', networkTier: 'PREMIUM' });
  const { data: service } = await compute.backendServices.get({ project, backendService: 'bs' });
  expect(service).toMatchObject({
    affinityCookieTtlSec: 0,
    connectionDraining: { drainingTimeoutSec: 300 },
    enableCDN: false,
    port: 80,
    portName: 'http',
    sessionAffinity: 'NONE',
    timeoutSec: 30,
  });
  const { data: check } = await compute.healthChecks.get({ project, healthCheck: 'hc' });
  expect(check).toMatchObject({ checkIntervalSec: 5, timeoutSec: 5, healthyThreshold: 2, unhealthyThreshold: 2 });
  const { data: group } = await compute.networkEndpointGroups.get({ project, zone, networkEndpointGroup: 'neg' });
  expect(group.size).toBe(1);
});

test('health is what the probes can reach: the firewall, the machine and its guest', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeBalancer(emulator);
  const look = async () => {
    const requestBody = { group: `zones/${zone}/networkEndpointGroups/neg` };
    const { data } = await compute.backendServices.getHealth({ project, backendService: 'bs', requestBody });
    return data.healthStatus?.map(({ healthState, port }) => `${healthState} ${port}`);
  };
  expect(await look()).toEqual(['UNHEALTHY 8080']);
  await compute.firewalls.insert({
    project,
    requestBody: {
      name: 'probes',
      network: 'global/networks/net',
      sourceRanges: ['35.191.0.0/16', '130.211.0.0/22'],
      allowed: [{ IPProtocol: 'tcp', ports: ['8080'] }],
    },
  });
  expect(await look()).toEqual(['HEALTHY 8080']);
  await emulator.control('POST', '/_emu/guest', {
    instance: `projects/${project}/zones/${zone}/instances/vm`,
    healthy: false,
  });
  expect(await look()).toEqual(['UNHEALTHY 8080']);
  await compute.instances.delete({ project, zone, instance: 'vm' });
  expect(await look()).toBeUndefined();
  const { data: list } = await compute.networkEndpointGroups.listNetworkEndpoints({
    project,
    zone,
    networkEndpointGroup: 'neg',
  });
  expect(list.items).toBeUndefined();
});

test('the pieces come away in one order only', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeBalancer(emulator);
  const steps: [string, () => Promise<unknown>][] = [
    ['address', () => compute.globalAddresses.delete({ project, address: 'ip' })],
    ['proxy', () => compute.targetTcpProxies.delete({ project, targetTcpProxy: 'proxy' })],
    ['service', () => compute.backendServices.delete({ project, backendService: 'bs' })],
    ['check', () => compute.healthChecks.delete({ project, healthCheck: 'hc' })],
    ['group', () => compute.networkEndpointGroups.delete({ project, zone, networkEndpointGroup: 'neg' })],
  ];
  for (const [what, remove] of steps) {
    expect((await failureOf(remove())).reason, what).toBe('resourceInUseByAnotherResource');
  }
  await compute.globalForwardingRules.delete({ project, forwardingRule: 'rule' });
  for (const [, remove] of steps) await remove();
  expect((await compute.globalAddresses.list({ project })).data.items).toBeUndefined();
});

test('backend services are patched by fingerprint, and their references must be there', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeBalancer(emulator);
  const { data: before } = await compute.backendServices.get({ project, backendService: 'bs' });
  const patch = (requestBody: compute_v1.Schema$BackendService) =>
    compute.backendServices.patch({ project, backendService: 'bs', requestBody });
  expect((await failureOf(patch({ timeoutSec: 60 }))).reason).toBe('required');
  expect((await failureOf(patch({ timeoutSec: 60, fingerprint: 'AAAA' }))).reason).toBe('conditionNotMet');
  await patch({ timeoutSec: 60, fingerprint: before.fingerprint ?? '' });
  const { data: after } = await compute.backendServices.get({ project, backendService: 'bs' });
  expect(after).toMatchObject({ timeoutSec: 60, protocol: 'TCP' });
  expect(after.fingerprint).not.toBe(before.fingerprint);
  const missing = { healthChecks: ['global/healthChecks/none'], fingerprint: after.fingerprint ?? '' };
  expect((await failureOf(patch(missing))).reason).toBe('notFound');
  const wrong = { backends: [{ group: `zones/${zone}/networkEndpointGroups/neg`, balancingMode: 'UTILIZATION' }] };
  expect(await failureOf(patch({ ...wrong, fingerprint: after.fingerprint ?? '' }))).toMatchObject({
    reason: 'invalid',
  });
});

test('labels of addresses and forwarding rules are set by calls of their own, which are done at once', async () => {
  const emulator = await startForTest({ latency: 'real', clock: 'manual' });
  const { compute } = emulator;
  await compute.globalAddresses.insert({ project, requestBody: { name: 'ip' } });
  await emulator.control('POST', '/_emu/time/advance', { ms: 60_000 });
  const { data: address } = await compute.globalAddresses.get({ project, address: 'ip' });
  const { data: operation } = await compute.globalAddresses.setLabels({
    project,
    resource: 'ip',
    requestBody: { labelFingerprint: address.labelFingerprint ?? '', labels: { owner: 'me' } },
  });
  expect(operation).toMatchObject({ status: 'DONE', progress: 100, operationType: 'setLabels' });
  expect((await compute.globalAddresses.get({ project, address: 'ip' })).data.labels).toEqual({ owner: 'me' });
});

test('groups that nobody manages have the members they are given', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone, requestBody: instanceBody('vm') });
  const group = { project, zone, instanceGroup: 'group' };
  await compute.instanceGroups.insert({ project, zone, requestBody: { name: 'group' } });
  const requestBody = { instances: [{ instance: `zones/${zone}/instances/vm` }] };
  await compute.instanceGroups.addInstances({ ...group, requestBody });
  expect((await failureOf(compute.instanceGroups.addInstances({ ...group, requestBody }))).reason).toBe(
    'memberInvalid',
  );
  const { data } = await compute.instanceGroups.get(group);
  expect(data).toMatchObject({ size: 1, network: expect.stringMatching(/\/networks\/net$/) });
  const { data: members } = await compute.instanceGroups.listInstances({ ...group, requestBody: {} });
  expect(members.items).toMatchObject([{ status: 'RUNNING' }]);
  const ports = { fingerprint: data.fingerprint ?? '', namedPorts: [{ name: 'web', port: 80 }] };
  await compute.instanceGroups.setNamedPorts({ ...group, requestBody: ports });
  expect((await failureOf(compute.instanceGroups.setNamedPorts({ ...group, requestBody: ports }))).status).toBe(412);
  await compute.instances.delete({ project, zone, instance: 'vm' });
  expect((await compute.instanceGroups.get(group)).data.size).toBe(0);
});

test('a network is kept by routes that somebody added, and not by the one that came with it', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  const { data: routes } = await compute.routes.list({ project });
  expect(routes.items).toMatchObject([{ destRange: '0.0.0.0/0', priority: 1000 }]);
  const requestBody = {
    name: 'extra',
    network: 'global/networks/net',
    destRange: '10.9.0.0/16',
    nextHopGateway: 'global/gateways/default-internet-gateway',
  };
  await compute.routes.insert({ project, requestBody });
  const { data: refused } = await compute.networks.delete({ project, network: 'net' });
  expect(refused.error?.errors?.[0]?.code).toBe('RESOURCE_IN_USE_BY_ANOTHER_RESOURCE');
  await compute.routes.delete({ project, route: 'extra' });
  await compute.networks.delete({ project, network: 'net' });
  expect((await compute.routes.list({ project })).data.items).toBeUndefined();
});
