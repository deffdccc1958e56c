import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addressBody, addresses, addressFact } from '../../workers/clouds/gcp/addresses.ts';
import { isGcpError } from '../../workers/clouds/gcp/errors.ts';
import { firewallBody, firewalls } from '../../workers/clouds/gcp/firewalls.ts';
import { networkBody, networks } from '../../workers/clouds/gcp/networks.ts';
import { progressOf } from '../../workers/clouds/gcp/operations.ts';
import { addSecretVersion, grantAccess, secretBody, secrets } from '../../workers/clouds/gcp/secrets.ts';
import { serviceAccountBody, serviceAccounts } from '../../workers/clouds/gcp/service-accounts.ts';
import { ipv6RangeFact, subnetworkBody, subnetworks } from '../../workers/clouds/gcp/subnetworks.ts';
import { contractTarget, type ContractTarget, isReal } from './contract-target.ts';

// What the provider relies on, told by whoever answers: the emulator always, Google with GCP_REAL=1. A fault here is one of
// the emulator, or news from Google.

const timeout = isReal ? 1_200_000 : 120_000;
const marker = { ownerKind: 'Contract', ownerUid: randomUUID() };
const ranges = ['10.0.0.0/29', '10.0.0.0/28'] as const;

/** A /48 that hardly anybody else asks for. */
const ulaRange = (): string => {
  const [, a = '', b = ''] = /^(.{3})(.{4})/.exec(randomUUID().replaceAll('-', '')) ?? [];
  return `fd20:${Number.parseInt(a, 16).toString(16)}:${Number.parseInt(b, 16).toString(16)}::/48`;
};

/** What Google said against it: class and code. */
async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (isGcpError(error)) return `${error.status} ${error.fault.class} ${error.fault.code}`;
    throw error;
  }
  return 'no fault';
}

async function network(on: ContractTarget) {
  const ref = { account: on.account, scope: 'global', name: on.name('net') };
  const body = networkBody({ name: ref.name, mtu: 1460, marker });
  on.cleanUp(async () => on.done('global', await networks.remove(on.client, ref, randomUUID())));
  expect(await on.done('global', await networks.insert(on.client, ref, body, randomUUID()))).not.toHaveProperty(
    'fault',
  );
  return { ref, body };
}

async function subnetwork(on: ContractTarget, networkName: string, name = 'sub', range: string = ranges[0]) {
  const ref = { account: on.account, scope: `regions/${on.region}`, name: on.name(name) };
  const { account, region } = on;
  const body = subnetworkBody({ account, region, name: ref.name, network: networkName, range, marker });
  on.cleanUp(async () => on.done(ref.scope, await subnetworks.remove(on.client, ref, randomUUID())));
  return { ref, body, progress: () => subnetworks.insert(on.client, ref, body, randomUUID()) };
}

test('what does not exist is not found, and deleting it is done at once', { timeout }, async () => {
  const on = await contractTarget();
  const ref = { account: on.account, scope: 'global', name: on.name('none') };
  expect(await networks.get(on.client, ref)).toBeUndefined();
  expect(await networks.remove(on.client, ref, randomUUID())).toEqual({ done: true });
  expect(await serviceAccounts.get(on.client, { ...ref, name: 'datum-contract-none' })).toBeUndefined();
  expect(await secrets.get(on.client, ref)).toBeUndefined();
});

test('a network: made once whatever is sent twice, read as it was sent, changed in place', { timeout }, async () => {
  const on = await contractTarget();
  const ref = { account: on.account, scope: 'global', name: on.name('net') };
  const body = networkBody({ name: ref.name, mtu: 1460, marker });
  on.cleanUp(async () => on.done('global', await networks.remove(on.client, ref, randomUUID())));
  const requestId = randomUUID();
  const first = await networks.insert(on.client, ref, body, requestId);
  const again = await networks.insert(on.client, ref, body, requestId);
  expect(again.targetId).toBe(first.targetId);
  await on.done('global', first);
  await on.done('global', again);
  expect(await faultOf(networks.insert(on.client, ref, body, randomUUID()))).toBe('409 alreadyExists alreadyExists');
  const found = await networks.get(on.client, ref);
  expect(found).toMatchObject({ targetId: first.targetId, marker, settled: true });
  expect(found?.projection).toEqual(networks.projection(body, on.account));
  const larger = networkBody({ name: ref.name, mtu: 1500, marker });
  await on.done('global', (await networks.patch?.(on.client, ref, larger, randomUUID())) ?? { done: true });
  expect((await networks.get(on.client, ref))?.projection).toEqual(networks.projection(larger, on.account));
  expect((await networks.list?.(on.client, on.account, 'global'))?.get(ref.name)?.targetId).toBe(first.targetId);
});

test('a subnetwork: no overlap, grows and never shrinks, and keeps its network', { timeout }, async () => {
  const on = await contractTarget();
  const { ref: vpc } = await network(on);
  const { ref, body, progress } = await subnetwork(on, vpc.name);
  expect(await on.done(ref.scope, await progress())).not.toHaveProperty('fault');
  expect((await subnetworks.get(on.client, ref))?.projection).toEqual(subnetworks.projection(body, on.account));

  const other = await subnetwork(on, vpc.name, 'overlap', ranges[1]);
  // At once or by its operation: both are allowed to happen.
  const overlap = await faultOf(
    other.progress().then(async (sent) => {
      const { fault } = await on.done(ref.scope, sent);
      if (fault !== undefined) throw Object.assign(new Error(fault.code), { fault });
    }),
  ).catch((error: { fault?: { class: string } }) => `operation ${error.fault?.class}`);
  expect(['400 spec invalid', '400 dependency invalid', 'operation spec', 'operation dependency']).toContain(overlap);

  const { compute } = on.client;
  const place = { project: on.account, region: on.region, subnetwork: ref.name };
  const grow = (ipCidrRange: string) =>
    compute.subnetworks.expandIpCidrRange({ ...place, requestBody: { ipCidrRange } });
  await on.done(ref.scope, progressOf((await grow(ranges[1])).data));
  expect((await subnetworks.get(on.client, ref))?.projection).toMatchObject({ ipCidrRange: ranges[1] });
  expect(await faultOf(grow(ranges[0]))).toMatch(/^400 spec /);
  const inUse = await networks
    .remove(on.client, vpc, randomUUID())
    .then((sent) => on.done('global', sent))
    .then(
      ({ fault }) => fault?.code,
      (error: { fault: { code: string } }) => error.fault.code,
    );
  expect(inUse).toMatch(/RESOURCE_IN_USE_BY_ANOTHER_RESOURCE|resourceInUseByAnotherResource/);
});

test('a subnetwork becomes dual-stack in place, and says which range it was given', { timeout }, async () => {
  const on = await contractTarget();
  const { ref: vpc } = await network(on);
  const made = networkBody({ name: vpc.name, mtu: 1460, ulaRange: ulaRange(), marker });
  await on.done('global', (await networks.patch?.(on.client, vpc, made, randomUUID())) ?? { done: true });
  expect((await networks.get(on.client, vpc))?.projection).toEqual(networks.projection(made, on.account));
  const { ref, body, progress } = await subnetwork(on, vpc.name);
  await on.done(ref.scope, await progress());
  const dual = { ...body, stackType: 'IPV4_IPV6', ipv6AccessType: 'INTERNAL' };
  await on.done(ref.scope, (await subnetworks.patch?.(on.client, ref, dual, randomUUID())) ?? { done: true });
  const found = await subnetworks.get(on.client, ref);
  expect(found?.projection).toEqual(subnetworks.projection(dual, on.account));
  expect(found?.facts[ipv6RangeFact]).toMatch(/^fd2.*\/64$/);
});

test(
  'a reserved address: given at once and kept, read as it was sent, marked though labels are not',
  { timeout },
  async () => {
    const on = await contractTarget();
    const ref = { account: on.account, scope: `regions/${on.region}`, name: on.name('ip') };
    const body = addressBody(ref.name, marker);
    on.cleanUp(async () => on.done(ref.scope, await addresses.remove(on.client, ref, randomUUID())));
    await on.done(ref.scope, await addresses.insert(on.client, ref, body, randomUUID()));
    const found = await addresses.get(on.client, ref);
    expect(found).toMatchObject({ marker: { ownerUid: marker.ownerUid }, settled: true });
    expect(found?.projection).toEqual(addresses.projection(body, on.account));
    expect(found?.facts[addressFact]).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect((await addresses.list?.(on.client, on.account, ref.scope))?.get(ref.name)?.targetId).toBe(found?.targetId);
  },
);

test('a firewall: read as it was sent, changed in place, listed', { timeout }, async () => {
  const on = await contractTarget();
  const { ref: vpc } = await network(on);
  const ref = { account: on.account, scope: 'global', name: on.name('fw') };
  const made = (ports: readonly string[]) =>
    firewallBody({
      account: on.account,
      name: ref.name,
      network: vpc.name,
      targetTag: 'datum-contract',
      rule: {
        action: 'allow',
        direction: 'INGRESS',
        priority: 1000,
        ranges: ['198.51.100.0/24'],
        matches: [{ protocol: 'tcp', ports }],
      },
      marker,
    });
  on.cleanUp(async () => on.done('global', await firewalls.remove(on.client, ref, randomUUID())));
  await on.done('global', await firewalls.insert(on.client, ref, made(['22']), randomUUID()));
  expect((await firewalls.get(on.client, ref))?.projection).toEqual(firewalls.projection(made(['22']), on.account));
  await on.done(
    'global',
    (await firewalls.patch?.(on.client, ref, made(['23', '80-90']), randomUUID())) ?? { done: true },
  );
  const found = (await firewalls.list?.(on.client, on.account, 'global'))?.get(ref.name);
  expect(found?.projection).toEqual(firewalls.projection(made(['23', '80-90']), on.account));
});

test('a machine: made, tagged under its fingerprint, stopped, started, deleted', { timeout }, async () => {
  const on = await contractTarget();
  const { ref: vpc } = await network(on);
  const sub = await subnetwork(on, vpc.name);
  await on.done(sub.ref.scope, await sub.progress());
  const { compute } = on.client;
  const scope = `zones/${on.zone}`;
  const place = { project: on.account, zone: on.zone };
  const name = on.name('vm');
  const machine = { ...place, instance: name };
  const run = async (call: Promise<{ data: Parameters<typeof progressOf>[0] }>) =>
    on.done(scope, progressOf((await call).data));
  on.cleanUp(() => run(compute.instances.delete(machine)));
  const requestBody = {
    name,
    // The smallest there is, without an address outside, deleted within minutes: a part of a cent.
    machineType: `zones/${on.zone}/machineTypes/e2-micro`,
    labels: { 'managed-by': 'datum-contract' },
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: { sourceImage: 'projects/debian-cloud/global/images/family/debian-12', diskSizeGb: '10' },
      },
    ],
    networkInterfaces: [{ subnetwork: `projects/${on.account}/regions/${on.region}/subnetworks/${sub.ref.name}` }],
  };
  expect(await run(compute.instances.insert({ ...place, requestBody, requestId: randomUUID() }))).not.toHaveProperty(
    'fault',
  );
  const read = async () => (await compute.instances.get(machine)).data;
  // An insert may be done while the machine still starts.
  const is = (status: string) =>
    expect.poll(async () => (await read()).status, { timeout: isReal ? 120_000 : 60_000 }).toBe(status);
  await is('RUNNING');
  const made = await read();
  expect(made).toMatchObject({ labels: requestBody.labels });
  expect(made.networkInterfaces?.[0]?.accessConfigs ?? []).toEqual([]);
  expect(made.networkInterfaces?.[0]?.networkIP).toMatch(/^10\.0\.0\.[2-5]$/);

  const tag = (fingerprint: string | null | undefined) =>
    compute.instances.setTags({
      ...machine,
      requestBody: { items: ['datum-contract'], ...(fingerprint ? { fingerprint } : {}) },
    });
  expect(await faultOf(tag('AAAAAAAAAAA='))).toMatch(/^412 conflict /);
  await run(tag(made.tags?.fingerprint));
  expect((await read()).tags?.items).toEqual(['datum-contract']);
  expect(
    await faultOf(compute.subnetworks.delete({ project: on.account, region: on.region, subnetwork: sub.ref.name })),
  ).toMatch(/^400 dependency |^no fault$/);
  await run(compute.instances.stop(machine));
  await is('TERMINATED');
  await run(compute.instances.start(machine));
  await is('RUNNING');
  await run(compute.instances.delete(machine));
  expect(await faultOf(compute.instances.get(machine))).toBe('404 notFound notFound');
});

test('identity: an account, and a secret that it alone may read', { timeout }, async () => {
  const on = await contractTarget();
  const account = {
    account: on.account,
    scope: 'global',
    name: on
      .name('')
      .replace(/-$/, '')
      .slice(-30)
      .replace(/^[^a-z]+/, ''),
  };
  const accountBody = serviceAccountBody({ displayName: 'contract', marker });
  on.cleanUp(() => serviceAccounts.remove(on.client, account, ''));
  await serviceAccounts.insert(on.client, account, accountBody, '');
  expect(await faultOf(serviceAccounts.insert(on.client, account, accountBody, ''))).toMatch(/^409 alreadyExists /);
  const email = (await serviceAccounts.get(on.client, account))?.facts['email'] ?? '';
  expect(email).toBe(`${account.name}@${on.account}.iam.gserviceaccount.com`);

  const secret = { account: on.account, scope: 'global', name: on.name('secret') };
  on.cleanUp(() => secrets.remove(on.client, secret, ''));
  await secrets.insert(on.client, secret, secretBody(marker), '');
  expect((await secrets.get(on.client, secret))?.marker).toMatchObject({ ownerUid: marker.ownerUid });
  const payload = Buffer.from([0, 255, 10, 13, 128]);
  const version = await addSecretVersion(on.client, secret, payload);
  await grantAccess(on.client, secret, email);
  await grantAccess(on.client, secret, email);
  const resource = `projects/${on.account}/secrets/${secret.name}`;
  const { data: policy } = await on.client.secrets.projects.secrets.getIamPolicy({ resource });
  expect(policy.bindings).toEqual([
    { role: 'roles/secretmanager.secretAccessor', members: [`serviceAccount:${email}`] },
  ]);
  const { data: read } = await on.client.secrets.projects.secrets.versions.access({
    name: `${resource}/versions/${version}`,
  });
  expect(Buffer.from(read.payload?.data ?? '', 'base64')).toEqual(payload);
  await on.client.secrets.projects.secrets.versions.destroy({
    name: `${resource}/versions/${version}`,
    requestBody: {},
  });
  expect(
    await faultOf(on.client.secrets.projects.secrets.versions.access({ name: `${resource}/versions/${version}` })),
  ).toMatch(/^400 /);
});
