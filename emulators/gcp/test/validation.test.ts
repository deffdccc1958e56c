import type { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { expect, test } from 'vitest';
import type { TestEmulator } from './harness.ts';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;
const zone = ZONE;

type Refusal = readonly [
  what: string,
  call: (emulator: TestEmulator) => Promise<unknown>,
  status: number,
  says: string | RegExp,
];

const network = (requestBody: object) => (emulator: TestEmulator) =>
  emulator.compute.networks.insert({
    project,
    requestBody: { name: 'other', autoCreateSubnetworks: false, ...requestBody },
  });
const subnet = (requestBody: object) => (emulator: TestEmulator) =>
  emulator.compute.subnetworks.insert({
    project,
    region: REGION,
    requestBody: { name: 'other', network: 'global/networks/net', ipCidrRange: '10.9.0.0/24', ...requestBody },
  });
const firewall = (requestBody: object) => (emulator: TestEmulator) =>
  emulator.compute.firewalls.insert({
    project,
    requestBody: { name: 'other', network: 'global/networks/net', allowed: [{ IPProtocol: 'tcp' }], ...requestBody },
  });
const instance = (change: Partial<compute_v1.Schema$Instance>) => (emulator: TestEmulator) =>
  emulator.compute.instances.insert({ project, zone, requestBody: { ...instanceBody('other'), ...change } });
const nic = (change: object) =>
  instance({ networkInterfaces: [{ subnetwork: `regions/${REGION}/subnetworks/sub`, ...change }] });
const boot = (change: object) =>
  instance({
    disks: [{ boot: true, initializeParams: { ...instanceBody('other').disks?.[0]?.initializeParams, ...change } }],
  });

const REFUSALS: readonly Refusal[] = [
  ['an unknown field', network({ colour: 'red' }), 400, 'Unknown name "colour" at \'resource\''],
  ['an unknown inner field', network({ routingConfig: { mode: 'x' } }), 400, 'Unknown name "mode"'],
  ['a wrong JSON type', network({ mtu: 'large' }), 400, "'resource.mtu'"],
  [
    'an unknown enum value',
    network({ routingConfig: { routingMode: 'LOCAL' } }),
    400,
    'Must be one of GLOBAL, REGIONAL',
  ],
  ['a bad name', network({ name: 'Upper' }), 400, "'resource.name'"],
  ['a name too long', network({ name: `a${'b'.repeat(63)}` }), 400, "'resource.name'"],
  ['no name', network({ name: undefined }), 400, "Required field 'resource.name'"],
  ['an mtu too large', network({ mtu: 9000 }), 400, "'resource.mtu'"],
  ['a legacy network', network({ autoCreateSubnetworks: undefined }), 501, 'legacy networks'],
  ['a field not emulated', network({ networkProfile: 'x' }), 501, 'resource.networkProfile'],
  ['a taken name', network({ name: 'net' }), 409, 'already exists'],

  ['a network that is not there', subnet({ network: 'global/networks/none' }), 404, /networks\/none' was not found/],
  ['no range', subnet({ ipCidrRange: undefined }), 400, "Required field 'resource.ipCidrRange'"],
  ['a range with host bits', subnet({ ipCidrRange: '10.9.0.1/24' }), 400, "'resource.ipCidrRange'"],
  ['a range too small', subnet({ ipCidrRange: '10.9.0.0/30' }), 400, 'between 4 and 29'],
  ['a reserved range', subnet({ ipCidrRange: '127.1.0.0/24' }), 400, 'reserved'],
  [
    'a secondary range in the way',
    subnet({ secondaryIpRanges: [{ rangeName: 'pods', ipCidrRange: '10.0.0.0/26' }] }),
    400,
    'conflicts with existing subnetwork',
  ],

  ['a firewall that allows and denies', firewall({ denied: [{ IPProtocol: 'udp' }] }), 400, 'Only one of'],
  ['a firewall that does nothing', firewall({ allowed: [] }), 400, "Required field 'resource.allowed'"],
  ['ports for icmp', firewall({ allowed: [{ IPProtocol: 'icmp', ports: ['1'] }] }), 400, 'not allowed for protocol'],
  ['a port out of range', firewall({ allowed: [{ IPProtocol: 'tcp', ports: ['1-70000'] }] }), 400, '0 to 65535'],
  ['an unknown protocol', firewall({ allowed: [{ IPProtocol: 'quic' }] }), 400, 'IPProtocol'],
  ['mixed IP versions', firewall({ sourceRanges: ['10.0.0.0/8', 'fd20::/20'] }), 400, 'both IPv4 and IPv6'],
  ['a priority too high', firewall({ priority: 65_536 }), 400, "'resource.priority'"],
  ['sources for egress', firewall({ direction: 'EGRESS', sourceRanges: ['10.0.0.0/8'] }), 400, 'EGRESS'],
  [
    'tags with service accounts',
    firewall({ targetTags: ['a'], sourceServiceAccounts: ['b@c.iam.gserviceaccount.com'] }),
    400,
    'cannot be used together',
  ],

  [
    'a machine type that is not there',
    instance({ machineType: `zones/${zone}/machineTypes/n9-huge` }),
    400,
    'does not exist',
  ],
  ['no machine type', instance({ machineType: null }), 400, "'resource.machineType'"],
  ['no disk', instance({ disks: [] }), 400, "'resource.disks'"],
  ['no interface', instance({ networkInterfaces: [] }), 400, "'resource.networkInterfaces'"],
  ['an image that is not there', boot({ sourceImage: 'projects/x/global/images/family/y' }), 400, 'sourceImage'],
  ['a disk too small', boot({ diskSizeGb: '5' }), 400, 'smaller than 10 GB'],
  ['a disk type that is not there', boot({ diskType: 'pd-floppy' }), 400, 'diskType'],
  [
    'a subnetwork of another region',
    nic({ subnetwork: 'regions/us-west1/subnetworks/sub' }),
    400,
    'in the region of the instance',
  ],
  ['a subnetwork that is not there', nic({ subnetwork: `regions/${REGION}/subnetworks/none` }), 404, 'was not found'],
  ['an address outside the range', nic({ networkIP: '10.1.0.5' }), 400, 'outside'],
  ['the gateway address', nic({ networkIP: '10.0.0.1' }), 400, 'reserved'],
  ['a bad hostname', instance({ hostname: 'single' }), 400, "'resource.hostname'"],
  ['a bad tag', instance({ tags: { items: ['Bad'] } }), 400, "'resource.tags.items[0]'"],
  [
    'too many tags',
    instance({ tags: { items: Array.from({ length: 65 }, (_, index) => `t${index}`) } }),
    400,
    'At most 64',
  ],
  ['a bad label', instance({ labels: { UPPER: 'x' } }), 400, "'resource.labels'"],
  ['a duplicate metadata key', instance({ metadata: { items: [{ key: 'a' }, { key: 'a' }] } }), 400, 'Duplicate'],
  [
    'metadata too large',
    instance({ metadata: { items: [{ key: 'a', value: 'x'.repeat(262_145) }] } }),
    400,
    'at most 262144 bytes',
  ],
  [
    'two service accounts',
    instance({ serviceAccounts: [{ email: 'a@b.com' }, { email: 'c@d.com' }] }),
    400,
    'At most one service account',
  ],
  [
    'three interfaces on two vCPUs',
    instance({
      networkInterfaces: Array.from({ length: 3 }, () => ({ subnetwork: `regions/${REGION}/subnetworks/sub` })),
    }),
    400,
    'at most 2',
  ],
  [
    'two interfaces in one network',
    instance({
      networkInterfaces: Array.from({ length: 2 }, () => ({ subnetwork: `regions/${REGION}/subnetworks/sub` })),
    }),
    400,
    'in a different network',
  ],
  [
    'a zone that is not there',
    ({ compute }) => compute.instances.list({ project, zone: 'us-moon1-a' }),
    400,
    'Unknown zone.',
  ],
  [
    'a region that is not there',
    ({ compute }) => compute.subnetworks.list({ project, region: 'us-moon1' }),
    400,
    'Unknown region.',
  ],
  ['a bad project', ({ compute }) => compute.networks.list({ project: 'No Project' }), 400, "'project'"],
  ['a bad filter', ({ compute }) => compute.networks.list({ project, filter: 'name =' }), 400, "'filter'"],
  ['a bad page size', ({ compute }) => compute.networks.list({ project, maxResults: 501 }), 400, "'maxResults'"],
  ['a bad page token', ({ compute }) => compute.networks.list({ project, pageToken: 'xyz' }), 400, "'pageToken'"],
  ['a bad order', ({ compute }) => compute.networks.list({ project, orderBy: 'id' }), 400, "'orderBy'"],
  [
    'a call that is not emulated',
    ({ compute }) => compute.routers.aggregatedList({ project }),
    501,
    'does not implement GET',
  ],
  [
    'a parameter that is not emulated',
    ({ compute }) =>
      compute.instances.insert({ project, zone, sourceMachineImage: 'x', requestBody: instanceBody('vm') }),
    501,
    'sourceMachineImage',
  ],
  [
    'a change of what cannot change',
    ({ compute }) => compute.networks.patch({ project, network: 'net', requestBody: { description: 'new' } }),
    400,
    'cannot be changed',
  ],
  [
    'a change of a direction',
    ({ compute }) => compute.firewalls.patch({ project, firewall: 'fw', requestBody: { direction: 'EGRESS' } }),
    400,
    'cannot be changed',
  ],
];

test('what Google refuses is refused, with the field, and leaves nothing', async () => {
  const emulator = await startForTest();
  await makeSubnet(emulator);
  await firewall({ name: 'fw' })(emulator);
  const before = await emulator.control('GET', '/_emu/state');
  for (const [what, call, status, says] of REFUSALS) {
    const failure = await failureOf(call(emulator));
    expect({ what, status: failure.status }).toEqual({ what, status });
    if (typeof says === 'string') expect(failure.message, what).toContain(says);
    else expect(failure.message, what).toMatch(says);
  }
  expect(await emulator.control('GET', '/_emu/state')).toEqual(before);
});

test('a protected instance is not deleted', async () => {
  const emulator = await startForTest();
  await makeSubnet(emulator);
  await emulator.compute.instances.insert({
    project,
    zone,
    requestBody: { ...instanceBody('vm'), deletionProtection: true },
  });
  const refused = await failureOf(emulator.compute.instances.delete({ project, zone, instance: 'vm' }));
  expect(refused).toMatchObject({ status: 400, reason: 'resourceNotDeletable' });
});

test('a service account that is not there fails the operation, also when the address is taken', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const codeOf = async (change: Partial<compute_v1.Schema$Instance>, name: string) => {
    const requestBody = { ...instanceBody(name), ...change };
    const { data } = await compute.instances.insert({ project, zone, requestBody });
    return data.error?.errors?.[0]?.code;
  };
  const email = `worker@${project}.iam.gserviceaccount.com`;
  const serviceAccounts = [{ email, scopes: ['https://www.googleapis.com/auth/cloud-platform'] }];
  expect(await codeOf({ serviceAccounts }, 'a')).toBe('EXTERNAL_RESOURCE_NOT_FOUND');
  await emulator.iam.projects.serviceAccounts.create({
    name: `projects/${project}`,
    requestBody: { accountId: 'worker' },
  });
  expect(await codeOf({ serviceAccounts }, 'a')).toBeUndefined();
  const networkInterfaces = [{ subnetwork: `regions/${REGION}/subnetworks/sub`, networkIP: '10.0.0.2' }];
  expect(await codeOf({ networkInterfaces }, 'b')).toBe('IP_IN_USE_BY_ANOTHER_RESOURCE');
  expect((await failureOf(compute.instances.get({ project, zone, instance: 'b' }))).status).toBe(404);
});

test('without a name for the boot disk, a disk of the name of the instance is taken as it is', async () => {
  const emulator = await startForTest();
  const { compute } = emulator;
  await makeSubnet(emulator);
  const sourceImage = 'projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts';
  const disks = [{ boot: true, autoDelete: false, initializeParams: { sourceImage } }];
  const insert = (change: object) =>
    compute.instances.insert({ project, zone, requestBody: { ...instanceBody('vm'), disks, ...change } });
  await insert({});
  const { data: disk } = await compute.disks.get({ project, zone, disk: 'vm' });
  await compute.instances.delete({ project, zone, instance: 'vm' });
  await insert({});
  expect((await compute.disks.get({ project, zone, disk: 'vm' })).data.id).toBe(disk.id);
  await compute.instances.delete({ project, zone, instance: 'vm' });
  const named = [{ boot: true, initializeParams: { sourceImage, diskName: 'vm' } }];
  expect(await failureOf(insert({ disks: named }))).toMatchObject({ status: 409, reason: 'alreadyExists' });
  await compute.disks.delete({ project, zone, disk: 'vm' });
});
