import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;

test('network, subnetwork, firewall and instance come and go in order', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;

  const { data: inserted } = await compute.networks.insert({
    project,
    requestBody: { name: 'net', autoCreateSubnetworks: false, mtu: 1460 },
  });
  expect(inserted).toMatchObject({ kind: 'compute#operation', operationType: 'insert', status: 'DONE', progress: 100 });
  const { data: network } = await compute.networks.get({ project, network: 'net' });
  expect(network).toMatchObject({
    selfLink: `https://www.googleapis.com/compute/v1/projects/${project}/global/networks/net`,
    autoCreateSubnetworks: false,
    routingConfig: { routingMode: 'REGIONAL', bgpBestPathSelectionMode: 'LEGACY' },
    networkFirewallPolicyEnforcementOrder: 'AFTER_CLASSIC_FIREWALL',
  });
  expect(network.mtu).toBeUndefined();
  expect(network.id).toBe(inserted.targetId);

  const subnetBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  const { data: made } = await compute.subnetworks.insert({ project, region: REGION, requestBody: subnetBody });
  expect(made.region).toBe(`https://www.googleapis.com/compute/v1/projects/${project}/regions/${REGION}`);
  const { data: subnet } = await compute.subnetworks.get({ project, region: REGION, subnetwork: 'sub' });
  expect(subnet).toMatchObject({ gatewayAddress: '10.0.0.1', network: network.selfLink, purpose: 'PRIVATE' });
  expect(subnet.state).toBeUndefined();

  await compute.firewalls.insert({
    project,
    requestBody: { name: 'fw', network: 'global/networks/net', allowed: [{ IPProtocol: 'tcp', ports: ['22'] }] },
  });
  const { data: firewall } = await compute.firewalls.get({ project, firewall: 'fw' });
  expect(firewall).toMatchObject({
    direction: 'INGRESS',
    priority: 1000,
    sourceRanges: ['0.0.0.0/0'],
    disabled: false,
  });

  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  const { data: vm } = await compute.instances.get({ project, zone: ZONE, instance: 'vm' });
  expect(vm).toMatchObject({ status: 'RUNNING', tags: { fingerprint: '42WmSpB8rSM=' } });
  expect(vm.networkInterfaces?.[0]).toMatchObject({ name: 'nic0', networkIP: '10.0.0.2', network: network.selfLink });
  expect(vm.networkInterfaces?.[0]?.accessConfigs?.[0]?.natIP).toMatch(/^198\.1[89]\./);
  expect(vm.disks?.[0]).toMatchObject({ deviceName: 'persistent-disk-0', boot: true, diskSizeGb: '10' });
  expect(vm.disks?.[0]?.initializeParams).toBeUndefined();
  const { data: disk } = await compute.disks.get({ project, zone: ZONE, disk: 'vm-boot' });
  expect(disk).toMatchObject({ status: 'READY', users: [vm.selfLink], sizeGb: '10' });
  const { data: byId } = await compute.instances.get({ project, zone: ZONE, instance: vm.id ?? '' });
  expect(byId.name).toBe('vm');

  await compute.instances.delete({ project, zone: ZONE, instance: 'vm' });
  await compute.firewalls.delete({ project, firewall: 'fw' });
  await compute.subnetworks.delete({ project, region: REGION, subnetwork: 'sub' });
  const { data: removed } = await compute.networks.delete({ project, network: 'net' });
  expect(removed.error).toBeUndefined();
  const { counts } = await emulator.control('GET', '/_emu/state');
  expect(Object.values(counts)).toEqual(Object.values(counts).map(() => 0));
  const { violations } = await emulator.control('GET', '/_emu/schema-violations');
  expect(violations).toEqual([]);
});

test('power: stop releases the external address, start gives another, setters need the fingerprint', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  await compute.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  const get = async () => (await compute.instances.get({ project, zone: ZONE, instance: 'vm' })).data;
  const natOf = async () => (await get()).networkInterfaces?.[0]?.accessConfigs?.[0]?.natIP;
  const before = await natOf();
  await compute.instances.stop({ project, zone: ZONE, instance: 'vm' });
  expect((await get()).status).toBe('TERMINATED');
  expect(await natOf()).toBeUndefined();
  await compute.instances.start({ project, zone: ZONE, instance: 'vm' });
  expect((await get()).status).toBe('RUNNING');
  expect(await natOf()).not.toBe(before);
  await compute.instances.reset({ project, zone: ZONE, instance: 'vm' });
});
