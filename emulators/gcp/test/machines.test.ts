import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { expect, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';
import type { TestEmulator } from './harness.ts';

const project = PROJECT;
const zone = ZONE;
const vm = { project, zone, instance: 'vm' };
const key = `projects/${project}/zones/${zone}/instances/vm`;

async function withMachine(body: compute_v1.Schema$Instance = {}): Promise<TestEmulator> {
  const emulator = await startForTest();
  await makeSubnet(emulator);
  await emulator.compute.instances.insert({ project, zone, requestBody: { ...instanceBody('vm'), ...body } });
  return emulator;
}

async function read({ compute }: TestEmulator) {
  return (await compute.instances.get(vm)).data;
}

test('data disks are made, attached, grown, detached and deleted', async () => {
  const emulator = await withMachine();
  const { compute } = emulator;
  await compute.disks.insert({
    project,
    zone,
    requestBody: { name: 'data', sizeGb: '50', type: `zones/${zone}/diskTypes/pd-ssd`, labels: { a: 'b' } },
  });
  const attach = () =>
    compute.instances.attachDisk({ ...vm, requestBody: { source: `zones/${zone}/disks/data`, deviceName: 'data' } });
  await attach();
  expect((await failureOf(attach())).reason).toBe('resourceInUseByAnotherResource');
  const { data: disk } = await compute.disks.get({ project, zone, disk: 'data' });
  expect(disk).toMatchObject({ sizeGb: '50', status: 'READY', users: [expect.stringMatching(/\/instances\/vm$/)] });
  expect((await failureOf(compute.disks.delete({ project, zone, disk: 'data' }))).reason).toBe(
    'resourceInUseByAnotherResource',
  );
  const resize = (sizeGb: string) => compute.disks.resize({ project, zone, disk: 'data', requestBody: { sizeGb } });
  expect((await failureOf(resize('20'))).message).toContain('must be larger');
  await resize('80');
  expect((await read(emulator)).disks).toMatchObject([
    { boot: true },
    { deviceName: 'data', index: 1, diskSizeGb: '80' },
  ]);
  await compute.instances.detachDisk({ ...vm, deviceName: 'data' });
  expect((await read(emulator)).disks).toHaveLength(1);
  expect((await failureOf(compute.instances.detachDisk({ ...vm, deviceName: 'data' }))).reason).toBe('invalid');
  await compute.disks.delete({ project, zone, disk: 'data' });
  const blank = await compute.disks.insert({ project, zone, requestBody: { name: 'blank' } });
  expect(blank.data.warnings).toBeUndefined();
  expect((await compute.disks.get({ project, zone, disk: 'blank' })).data.sizeGb).toBe('500');
});

test('a disk larger than its image is a warning of the operation, not an error', async () => {
  const { compute } = await startForTest();
  const sourceImage = 'projects/debian-cloud/global/images/family/debian-12';
  const { data } = await compute.disks.insert({
    project,
    zone,
    requestBody: { name: 'big', sizeGb: '200', sourceImage },
  });
  expect(data).toMatchObject({ status: 'DONE', warnings: [{ code: 'DISK_SIZE_LARGER_THAN_IMAGE_SIZE' }] });
  expect(data.error).toBeUndefined();
});

test('a disk may be read by several machines and written by one', async () => {
  const emulator = await withMachine();
  const { compute } = emulator;
  await compute.disks.insert({ project, zone, requestBody: { name: 'shared', sizeGb: '10' } });
  await compute.instances.insert({ project, zone, requestBody: instanceBody('vm2') });
  const source = `zones/${zone}/disks/shared`;
  await compute.instances.attachDisk({ ...vm, requestBody: { source, mode: 'READ_ONLY' } });
  await compute.instances.attachDisk({ ...vm, instance: 'vm2', requestBody: { source, mode: 'READ_ONLY' } });
  await compute.instances.insert({ project, zone, requestBody: instanceBody('vm3') });
  const write = compute.instances.attachDisk({ ...vm, instance: 'vm3', requestBody: { source } });
  expect((await failureOf(write)).reason).toBe('resourceInUseByAnotherResource');
});

test('some things change only while the machine is stopped', async () => {
  const emulator = await withMachine();
  const { compute } = emulator;
  const machineType = `zones/${zone}/machineTypes/n2-standard-8`;
  const grow = () => compute.instances.setMachineType({ ...vm, requestBody: { machineType } });
  expect((await failureOf(grow())).message).toContain('stopped');
  await compute.instances.stop(vm);
  await grow();
  await compute.instances.setServiceAccount({ ...vm, requestBody: {} });
  await compute.instances.start(vm);
  expect(await read(emulator)).toMatchObject({
    status: 'RUNNING',
    machineType: expect.stringMatching(/n2-standard-8$/),
  });
});

test('suspended machines keep their internal address and resume', async () => {
  const emulator = await withMachine();
  const { compute } = emulator;
  const before = await read(emulator);
  await compute.instances.suspend(vm);
  const suspended = await read(emulator);
  expect(suspended.status).toBe('SUSPENDED');
  expect(suspended.networkInterfaces?.[0]?.networkIP).toBe(before.networkInterfaces?.[0]?.networkIP);
  expect((await failureOf(compute.instances.start(vm))).reason).toBe('resourceNotReady');
  await compute.instances.resume(vm);
  expect((await read(emulator)).status).toBe('RUNNING');
});

test('an access config is added, with a reserved address that stays over a stop, and removed', async () => {
  const emulator = await withMachine({ networkInterfaces: [{ subnetwork: `regions/${REGION}/subnetworks/sub` }] });
  const { compute } = emulator;
  await compute.addresses.insert({ project, region: REGION, requestBody: { name: 'ip' } });
  const { data: reserved } = await compute.addresses.get({ project, region: REGION, address: 'ip' });
  expect(reserved.status).toBe('RESERVED');
  const natIP = reserved.address ?? '';
  const config = { ...vm, networkInterface: 'nic0', requestBody: { name: 'nat', type: 'ONE_TO_ONE_NAT', natIP } };
  await compute.instances.addAccessConfig(config);
  expect((await failureOf(compute.instances.addAccessConfig(config))).message).toContain('At most one');
  const status = async () => (await compute.addresses.get({ project, region: REGION, address: 'ip' })).data.status;
  expect(await status()).toBe('IN_USE');
  expect((await failureOf(compute.addresses.delete({ project, region: REGION, address: 'ip' }))).reason).toBe(
    'resourceInUseByAnotherResource',
  );
  await compute.instances.stop(vm);
  expect((await read(emulator)).networkInterfaces?.[0]?.accessConfigs?.[0]?.natIP).toBe(natIP);
  await compute.instances.start(vm);
  await compute.instances.deleteAccessConfig({ ...vm, accessConfig: 'nat', networkInterface: 'nic0' });
  expect(await status()).toBe('RESERVED');
  expect((await read(emulator)).networkInterfaces?.[0]?.accessConfigs).toBeUndefined();
  const unknown = { ...config, requestBody: { natIP: '198.18.200.1' } };
  expect((await failureOf(compute.instances.addAccessConfig(unknown))).message).toContain(
    'was not found in the region',
  );
});

test('an internal address can be reserved and then used by one machine', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const subnetwork = `regions/${REGION}/subnetworks/sub`;
  const requestBody = { name: 'ip', addressType: 'INTERNAL', subnetwork, address: '10.0.0.9' };
  await compute.addresses.insert({ project, region: REGION, requestBody });
  const networkInterfaces = [{ subnetwork, networkIP: '10.0.0.9' }];
  await compute.instances.insert({ project, zone, requestBody: { ...instanceBody('vm'), networkInterfaces } });
  const { data: address } = await compute.addresses.get({ project, region: REGION, address: 'ip' });
  expect(address).toMatchObject({ status: 'IN_USE', purpose: 'GCE_ENDPOINT' });
  const { data: second } = await compute.instances.insert({
    project,
    zone,
    requestBody: { ...instanceBody('vm2'), networkInterfaces },
  });
  expect(second.error?.errors?.[0]?.code).toBe('IP_IN_USE_BY_ANOTHER_RESOURCE');
  await compute.instances.delete(vm);
  await compute.addresses.delete({ project, region: REGION, address: 'ip' });
  const { data: third } = await compute.instances.insert({
    project,
    zone,
    requestBody: { ...instanceBody('vm3'), networkInterfaces },
  });
  expect(third.error).toBeUndefined();
});

test('dual stack: a /48 for the network, a /64 for the subnetwork, a /96 for each interface', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  const subnet = (name: string, ipCidrRange: string, more: object) =>
    compute.subnetworks.insert({
      project,
      region: REGION,
      requestBody: { name, network: 'global/networks/net', ipCidrRange, ...more },
    });
  const internal = { stackType: 'IPV4_IPV6', ipv6AccessType: 'INTERNAL' };
  expect((await failureOf(subnet('in', '10.0.0.0/24', internal))).message).toContain('no internal IPv6 range');
  await compute.networks.patch({ project, network: 'net', requestBody: { enableUlaInternalIpv6: true } });
  const { data: network } = await compute.networks.get({ project, network: 'net' });
  expect(network.internalIpv6Range).toMatch(/^fd20:.*\/48$/);
  const off = compute.networks.patch({ project, network: 'net', requestBody: { enableUlaInternalIpv6: false } });
  expect((await failureOf(off)).message).toContain('cannot be turned off');
  await subnet('in', '10.0.0.0/24', internal);
  await subnet('out', '10.0.1.0/24', {});
  const { data: out } = await compute.subnetworks.get({ project, region: REGION, subnetwork: 'out' });
  const requestBody = { stackType: 'IPV4_IPV6', ipv6AccessType: 'EXTERNAL', fingerprint: out.fingerprint ?? '' };
  await compute.subnetworks.patch({ project, region: REGION, subnetwork: 'out', requestBody });
  const { data: dual } = await compute.subnetworks.get({ project, region: REGION, subnetwork: 'out' });
  expect(dual.externalIpv6Prefix).toMatch(/^2001:db8:.*\/64$/);
  const change = { ...requestBody, ipv6AccessType: 'INTERNAL', fingerprint: dual.fingerprint ?? '' };
  expect(
    (await failureOf(compute.subnetworks.patch({ project, region: REGION, subnetwork: 'out', requestBody: change })))
      .message,
  ).toContain('cannot be changed');
  const machine = async (name: string, subnetwork: string, more: object = {}) => {
    const nic = { subnetwork: `regions/${REGION}/subnetworks/${subnetwork}`, stackType: 'IPV4_IPV6', ...more };
    await compute.instances.insert({ project, zone, requestBody: { ...instanceBody(name), networkInterfaces: [nic] } });
    return (await compute.instances.get({ ...vm, instance: name })).data.networkInterfaces?.[0];
  };
  const [a, b] = [await machine('a', 'in'), await machine('b', 'in')];
  expect(a).toMatchObject({ ipv6AccessType: 'INTERNAL', internalIpv6PrefixLength: 96 });
  expect(a?.ipv6Address).toMatch(/^fd20:/);
  expect(b?.ipv6Address).not.toBe(a?.ipv6Address);
  // An address can be asked for, as long as it is a free one of the subnetwork.
  const { ipv6Address = '' } = a ?? {};
  expect((await failureOf(machine('d', 'in', { ipv6Address }))).message).toContain('already being used');
  for (const wrong of [`${ipv6Address}1`, 'fd30::', 'no address'])
    expect((await failureOf(machine('d', 'in', { ipv6Address: wrong }))).message).toContain('first address of a /96');
  await compute.instances.delete({ ...vm, instance: 'a' });
  expect((await machine('d', 'in', { ipv6Address }))?.ipv6Address).toBe(ipv6Address);
  const outside = await machine('c', 'out');
  expect(outside?.ipv6AccessConfigs).toMatchObject([
    { type: 'DIRECT_IPV6', externalIpv6PrefixLength: 96, externalIpv6: expect.stringMatching(/^2001:db8:/) },
  ]);
});

test('a network in auto mode has a subnetwork in every region and goes with them', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await compute.networks.insert({ project, requestBody: { name: 'auto', autoCreateSubnetworks: true } });
  const { data: usable } = await compute.subnetworks.listUsable({ project });
  expect(usable.items?.length).toBeGreaterThan(40);
  expect(new Set(usable.items?.map(({ ipCidrRange }) => ipCidrRange)).size).toBe(usable.items?.length);
  const one = { project, region: REGION, subnetwork: 'auto' };
  expect((await failureOf(compute.subnetworks.delete(one))).reason).toBe('invalidUsage');
  await compute.networks.switchToCustomMode({ project, network: 'auto' });
  await compute.subnetworks.delete(one);
  await compute.networks.delete({ project, network: 'auto' });
  const { counts } = await emulator.control('GET', '/_emu/state?objects=false');
  expect(counts).toMatchObject({ networks: 0, subnetworks: 0, routes: 0 });
});

test('private access and the ranges of a subnetwork change, the latter only outwards', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const one = { project, region: REGION, subnetwork: 'sub' };
  await compute.subnetworks.setPrivateIpGoogleAccess({ ...one, requestBody: { privateIpGoogleAccess: true } });
  const expand = (ipCidrRange: string) =>
    compute.subnetworks.expandIpCidrRange({ ...one, requestBody: { ipCidrRange } });
  expect((await failureOf(expand('10.0.0.0/25'))).message).toContain('larger');
  await expand('10.0.0.0/22');
  expect((await compute.subnetworks.get(one)).data).toMatchObject({
    privateIpGoogleAccess: true,
    ipCidrRange: '10.0.0.0/22',
  });
});

test('an interface moves to another subnetwork while its machine is stopped', async () => {
  const emulator = await withMachine();
  const { compute } = emulator;
  const requestBody = { name: 'sub2', network: 'global/networks/net', ipCidrRange: '10.0.8.0/24' };
  await compute.subnetworks.insert({ project, region: REGION, requestBody });
  const move = async (fingerprint: string) => {
    const change = { fingerprint, subnetwork: `regions/${REGION}/subnetworks/sub2` };
    return compute.instances.updateNetworkInterface({ ...vm, networkInterface: 'nic0', requestBody: change });
  };
  const fingerprint = (await read(emulator)).networkInterfaces?.[0]?.fingerprint ?? '';
  expect((await failureOf(move(''))).reason).toBe('required');
  expect((await failureOf(move('AAAA'))).reason).toBe('conditionNotMet');
  expect((await failureOf(move(fingerprint))).message).toContain('stopped');
  await compute.instances.stop(vm);
  await move((await read(emulator)).networkInterfaces?.[0]?.fingerprint ?? '');
  expect((await read(emulator)).networkInterfaces?.[0]).toMatchObject({ networkIP: '10.0.8.2', name: 'nic0' });
});

test('a whole instance is updated, restarting only when allowed', async () => {
  const emulator = await withMachine({ labels: { a: '1' } });
  const { compute } = emulator;
  const before = await read(emulator);
  const update = (requestBody: compute_v1.Schema$Instance, mostDisruptiveAllowedAction?: string) =>
    compute.instances.update({
      ...vm,
      requestBody,
      ...(mostDisruptiveAllowedAction === undefined ? {} : { mostDisruptiveAllowedAction }),
    });
  await update({ ...before, labels: { a: '2' } }, 'REFRESH');
  const labelled = await read(emulator);
  expect(labelled).toMatchObject({ labels: { a: '2' }, lastStartTimestamp: before.lastStartTimestamp });
  const machineType = `zones/${zone}/machineTypes/n2-standard-4`;
  expect((await failureOf(update({ ...labelled, machineType }, 'REFRESH'))).message).toContain('RESTART');
  await update({ ...labelled, machineType });
  expect(await read(emulator)).toMatchObject({
    status: 'RUNNING',
    machineType: expect.stringMatching(/n2-standard-4$/),
  });
  expect((await failureOf(update({ ...(await read(emulator)), hostname: 'a.b.c' }))).message).toContain(
    'cannot be changed',
  );
});

test('an instance is made from a template, with what the call says otherwise', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const { name: _name, machineType: _type, disks: _disks, ...rest } = instanceBody('x');
  const disks = [
    {
      boot: true,
      autoDelete: true,
      initializeParams: { sourceImage: 'projects/debian-cloud/global/images/family/debian-12' },
    },
  ];
  const properties = { ...rest, machineType: 'n2-standard-2', disks, tags: { items: ['web'] } };
  await compute.instanceTemplates.insert({ project, requestBody: { name: 't', properties } });
  await compute.instances.insert({
    project,
    zone,
    sourceInstanceTemplate: 'global/instanceTemplates/t',
    requestBody: { name: 'vm', tags: { items: ['own'] } },
  });
  expect(await read(emulator)).toMatchObject({
    tags: { items: ['own'] },
    machineType: expect.stringMatching(/n2-standard-2$/),
    disks: [{ deviceName: 'persistent-disk-0' }],
  });
});

test('the console shows the boot, in ranges, and keeps what it has shown', async () => {
  const userData = `#cloud-config
${JSON.stringify({
  write_files: [
    {
      path: '/etc/kubernetes/manifests/instance.yaml',
      content: JSON.stringify({
        kind: 'Pod',
        metadata: { name: 'instance' },
        spec: {
          containers: [
            { name: 'web', image: 'nginx:1' },
            { name: 'bad', image: 'none:1' },
          ],
        },
      }),
    },
  ],
  runcmd: [['systemctl', 'start', 'kubelet.service'], 'setup-disk'],
  wriet_files: [],
})}
`;
  const emulator = await withMachine({ metadata: { items: [{ key: 'user-data', value: userData }] } });
  const { compute } = emulator;
  await emulator.control('POST', '/_emu/guest', {
    instance: key,
    failingImages: ['none:1'],
    failingCommands: ['setup-disk'],
  });
  await compute.instances.reset(vm);
  const look = async (start?: string) =>
    (await compute.instances.getSerialPortOutput({ ...vm, ...(start === undefined ? {} : { start }) })).data;
  const first = await look();
  expect(first.start).toBe('0');
  expect(first.next).toBe(String(first.contents?.length));
  for (const line of [
    "'wriet_files' was unexpected",
    'instance/web: Started container',
    'Failed to pull image "none:1"',
    'setup-disk: exited with status 1',
  ]) {
    expect(first.contents).toContain(line);
  }
  await emulator.control('POST', '/_emu/guest', { instance: key, serial: ['panic: out of luck'] });
  const rest = await look(first.next ?? '');
  expect(rest).toMatchObject({ contents: 'panic: out of luck\r\n', start: first.next });
  const { metadata } = await read(emulator);
  await compute.instances.setMetadata({ ...vm, requestBody: { fingerprint: metadata?.fingerprint ?? '', items: [] } });
  expect((await look()).contents?.startsWith(first.contents ?? 'x')).toBe(true);
  await compute.instances.stop(vm);
  expect((await failureOf(compute.instances.getSerialPortOutput(vm))).reason).toBe('resourceNotReady');
});

test('guest attributes are read where metadata allows them', async () => {
  const emulator = await withMachine({ metadata: { items: [{ key: 'enable-guest-attributes', value: 'TRUE' }] } });
  const { compute } = emulator;
  expect((await failureOf(compute.instances.getGuestAttributes({ ...vm, queryPath: 'datum/' }))).status).toBe(404);
  await emulator.control('POST', '/_emu/guest', { instance: key, attributes: { 'datum/ready': 'yes' } });
  const { data } = await compute.instances.getGuestAttributes({ ...vm, queryPath: 'datum/' });
  expect(data.queryValue?.items).toEqual([{ namespace: 'datum', key: 'ready', value: 'yes' }]);
});
