import { expect, test } from 'vitest';
import { PROJECT, REGION, failureOf, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;

test('a firewall is patched by merging and updated by replacing', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const name = 'fw';
  const network = 'global/networks/net';
  await compute.firewalls.insert({
    project,
    requestBody: {
      name,
      network,
      allowed: [{ IPProtocol: 'tcp', ports: ['22', '80-90'] }],
      sourceRanges: ['10.0.0.0/8'],
      targetTags: ['a'],
    },
  });
  const get = async () => (await compute.firewalls.get({ project, firewall: name })).data;
  const { id } = await get();

  const { data: patched } = await compute.firewalls.patch({
    project,
    firewall: name,
    requestBody: { priority: 7, disabled: true },
  });
  expect(patched.operationType).toBe('patch');
  expect(await get()).toMatchObject({ priority: 7, disabled: true, targetTags: ['a'], sourceRanges: ['10.0.0.0/8'] });

  const denied = [{ IPProtocol: 'all' }];
  await compute.firewalls.update({ project, firewall: name, requestBody: { name, network, denied } });
  const updated = await get();
  expect(updated).toMatchObject({ id, priority: 1000, disabled: false, denied, sourceRanges: ['0.0.0.0/0'] });
  expect(updated.allowed).toBeUndefined();
  expect(updated.targetTags).toBeUndefined();
  // What GET gives can be sent back.
  await compute.firewalls.update({ project, firewall: name, requestBody: updated });
  expect(await get()).toEqual(updated);
});

test('a network can change its routing and mtu, and shows its subnetworks', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const requestBody = { mtu: 1500, routingConfig: { routingMode: 'GLOBAL' } };
  const { data: operation } = await compute.networks.patch({ project, network: 'net', requestBody });
  expect(operation.operationType).toBe('updateNetwork');
  const { data: network } = await compute.networks.get({ project, network: 'net' });
  expect(network).toMatchObject({
    mtu: 1500,
    routingConfig: { routingMode: 'GLOBAL', bgpBestPathSelectionMode: 'LEGACY' },
    subnetworks: [`https://www.googleapis.com/compute/v1/projects/${project}/regions/${REGION}/subnetworks/sub`],
    selfLinkWithId: `https://www.googleapis.com/compute/v1/projects/${project}/global/networks/${network.id}`,
  });
});

test('references may be written in every form that Google takes', async () => {
  const { compute } = await startForTest();
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  const key = `projects/${project}/global/networks/net`;
  const forms = [
    'global/networks/net',
    key,
    `https://www.googleapis.com/compute/v1/${key}`,
    `https://compute.googleapis.com/compute/beta/${key}`,
  ];
  for (const [index, network] of forms.entries()) {
    const requestBody = { name: `fw-${index}`, network, allowed: [{ IPProtocol: 'icmp' }] };
    await compute.firewalls.insert({ project, requestBody });
    const { data } = await compute.firewalls.get({ project, firewall: `fw-${index}` });
    expect(data.network).toBe(`https://www.googleapis.com/compute/v1/${key}`);
  }
  const bad = { name: 'bad', network: 'ftp://elsewhere/net', allowed: [{ IPProtocol: 'icmp' }] };
  expect((await failureOf(compute.firewalls.insert({ project, requestBody: bad }))).status).toBe(400);
});

test('a subnetwork is not touched while its network is being changed', async () => {
  const emulator = await startForTest({ latency: 'short', clock: 'manual' });
  const { compute } = emulator;
  const advance = () => emulator.control('POST', '/_emu/time/advance', { ms: 500 });
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  await advance();
  const requestBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
  await advance();
  await compute.networks.patch({ project, network: 'net', requestBody: { mtu: 1500 } });
  const remove = () => compute.subnetworks.delete({ project, region: REGION, subnetwork: 'sub' });
  expect(await failureOf(remove())).toMatchObject({ status: 400, reason: 'resourceNotReady' });
  await advance();
  await remove();
});

test('projects, zones and services do not mix', async () => {
  const { compute } = await startForTest();
  for (const one of [project, 'another', 'example.com:scoped']) {
    await compute.networks.insert({ project: one, requestBody: { name: 'net', autoCreateSubnetworks: false } });
    expect((await compute.networks.list({ project: one })).data.items).toHaveLength(1);
  }
});
