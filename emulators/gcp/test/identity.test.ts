import { compute_v1 } from 'googleapis/build/src/apis/compute/v1.js';
import { auth } from 'googleapis/build/src/apis/sts/index.js';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';
import type { TestEmulator } from './harness.ts';

const project = PROJECT;
const parent = `projects/${project}`;
const POOL = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/own';

/** A client that shows a token. */
function clientWith(emulator: TestEmulator, token: string): compute_v1.Compute {
  const client = new compute_v1.Compute({ rootUrl: `${emulator.origin}/`, retry: false });
  client.context._options.headers = { authorization: `Bearer ${token}` };
  return client;
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part(claims)}.x`;
}

test('where callers are asked for, each call needs its permission, which the refusal names', async () => {
  const emulator = await startForTest();
  const { control } = emulator;
  await makeSubnet(emulator);
  await control('PUT', '/_emu/iam', { mode: 'enforce' });
  expect((await failureOf(emulator.compute.networks.list({ project }))).status).toBe(401);
  const permissions = ['compute.networks.list', 'compute.instances.create', 'compute.disks.create'];
  await control('PUT', '/_emu/principals', { name: 'me@example.com', token: 'mine', permissions });
  const mine = clientWith(emulator, 'mine');
  await mine.networks.list({ project });
  expect(await failureOf(mine.networks.get({ project, network: 'net' }))).toMatchObject({
    status: 403,
    reason: 'forbidden',
    message: `Required 'compute.networks.get' permission for 'projects/${project}/global/networks/net'`,
  });
  const insert = () => mine.instances.insert({ project, zone: ZONE, requestBody: instanceBody('vm') });
  expect((await failureOf(insert())).message).toContain("'compute.subnetworks.use'");
  await control('PUT', '/_emu/principals', {
    name: 'me@example.com',
    permissions: [...permissions, 'compute.subnetworks.*'],
  });
  const { data: operation } = await insert();
  expect(operation).toMatchObject({ status: 'DONE', user: 'me@example.com' });
  await control('PUT', '/_emu/principals', { name: 'me@example.com', permissions: ['*'], projects: ['elsewhere'] });
  expect((await failureOf(mine.networks.list({ project }))).status).toBe(403);
});

test('roles are given by the policies of projects and of accounts, and count only after a while', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { iam, control } = emulator;
  await iam.projects.serviceAccounts.create({ name: parent, requestBody: { accountId: 'worker' } });
  const email = `worker@${project}.iam.gserviceaccount.com`;
  await control('PUT', '/_emu/consistency', { grantDelayMs: 120_000 });
  await control('PUT', '/_emu/iam', { mode: 'enforce' });
  await control('PUT', '/_emu/principals', { name: 'me@example.com', token: 'mine' });
  const mine = clientWith(emulator, 'mine');
  await control('PUT', '/_emu/roles', {
    name: `projects/${project}/roles/reader`,
    permissions: ['compute.networks.list'],
  });
  const bindings = [{ role: `projects/${project}/roles/reader`, members: ['user:me@example.com'] }];
  await control('PUT', '/_emu/projects', { project, policy: { bindings } });
  const look = () => mine.networks.list({ project });
  expect((await failureOf(look())).status).toBe(403);
  await control('POST', '/_emu/time/advance', { ms: 120_000 });
  await look();
  const token = { scope: ['https://www.googleapis.com/auth/cloud-platform'] };
  const call = `${emulator.origin}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`;
  const generate = () =>
    fetch(call, { method: 'POST', headers: { authorization: 'Bearer mine' }, body: JSON.stringify(token) });
  const refused = await generate();
  expect(await refused.json()).toMatchObject({
    error: {
      status: 'PERMISSION_DENIED',
      details: [{ reason: 'IAM_PERMISSION_DENIED', metadata: { permission: 'iam.serviceAccounts.getAccessToken' } }],
    },
  });
  await control('PUT', '/_emu/iam', { mode: 'open' });
  const policy = { bindings: [{ role: 'roles/iam.serviceAccountTokenCreator', members: ['user:me@example.com'] }] };
  await iam.projects.serviceAccounts.setIamPolicy({
    resource: `${parent}/serviceAccounts/${email}`,
    requestBody: { policy },
  });
  await control('PUT', '/_emu/iam', { mode: 'enforce' });
  await control('POST', '/_emu/time/advance', { ms: 120_000 });
  expect((await generate()).status).toBe(200);
});

test('an account is used by who may act as it, and by no one else', async () => {
  const emulator = await startForTest();
  const { iam, control } = emulator;
  await makeSubnet(emulator);
  await iam.projects.serviceAccounts.create({ name: parent, requestBody: { accountId: 'worker' } });
  const email = `worker@${project}.iam.gserviceaccount.com`;
  await control('PUT', '/_emu/iam', { mode: 'enforce' });
  await control('PUT', '/_emu/principals', { name: 'me@example.com', token: 'mine', permissions: ['compute.*'] });
  const mine = clientWith(emulator, 'mine');
  const insert = (name: string) =>
    mine.instances.insert({
      project,
      zone: ZONE,
      requestBody: { ...instanceBody(name), serviceAccounts: [{ email, scopes: [] }] },
    });
  const { data: refused } = await insert('a');
  expect(refused.error?.errors?.[0]).toMatchObject({
    code: 'SERVICE_ACCOUNT_ACCESS_DENIED',
    message: expect.stringContaining(`does not have access to service account '${email}'`),
  });
  await control('PUT', '/_emu/principals', {
    name: 'me@example.com',
    permissions: ['compute.*', 'iam.serviceAccounts.actAs'],
  });
  expect((await insert('b')).data.error).toBeUndefined();
});

test('an identity from elsewhere becomes an account, with the client that production uses', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { iam, control } = emulator;
  await iam.projects.serviceAccounts.create({ name: parent, requestBody: { accountId: 'worker' } });
  const email = `worker@${project}.iam.gserviceaccount.com`;
  const member =
    'principal://iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/subject/datum';
  const policy = { bindings: [{ role: 'roles/iam.workloadIdentityUser', members: [member] }] };
  await iam.projects.serviceAccounts.setIamPolicy({
    resource: `${parent}/serviceAccounts/${email}`,
    requestBody: { policy },
  });
  await control('PUT', '/_emu/providers', { audience: POOL, issuer: 'https://issuer.example' });
  await control('PUT', '/_emu/principals', { name: email, permissions: ['compute.networks.list'] });
  await control('PUT', '/_emu/iam', { mode: 'enforce' });
  const { nowMs } = await control('GET', '/_emu/time');
  const file = join(mkdtempSync(join(tmpdir(), 'gcp-emulator-')), 'token');
  const claims = { sub: 'datum', iss: 'https://issuer.example', aud: POOL, exp: Math.floor(nowMs / 1_000) + 600 };
  writeFileSync(file, jwt(claims));
  const external = auth.fromJSON({
    type: 'external_account',
    audience: POOL,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${emulator.origin}/v1/token`,
    service_account_impersonation_url: `${emulator.origin}/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
    credential_source: { file },
  });
  const { token } = await external.getAccessToken();
  expect((await clientWith(emulator, token ?? '').networks.list({ project })).status).toBe(200);
  const { counters } = await control('GET', '/_emu/requests');
  expect(counters.byRoute['POST /v1/token']).toBe(1);
  const exchange = (changed: object) =>
    fetch(`${emulator.origin}/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        audience: POOL,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        subject_token: jwt({ ...claims, ...changed }),
      }),
    }).then((response) => response.json());
  expect(await exchange({ exp: 1 })).toMatchObject({ error: 'invalid_grant' });
  expect(await exchange({ iss: 'https://other.example' })).toMatchObject({ error: 'invalid_grant' });
  expect(await exchange({ aud: 'other' })).toMatchObject({ error: 'invalid_grant' });
  await control('POST', '/_emu/time/advance', { ms: 3_600_000 });
  expect((await failureOf(clientWith(emulator, token ?? '').networks.list({ project }))).status).toBe(401);
});

test('accounts are disabled, deleted and brought back; a new one of the name is another', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { iam, control } = emulator;
  const { serviceAccounts } = iam.projects;
  const create = async (accountId: string) =>
    (await serviceAccounts.create({ name: parent, requestBody: { accountId } })).data;
  const worker = await create('worker');
  const name = worker.name ?? '';
  await serviceAccounts.disable({ name });
  expect((await serviceAccounts.get({ name })).data.disabled).toBe(true);
  await serviceAccounts.enable({ name });
  expect((await serviceAccounts.get({ name })).data.disabled).toBeUndefined();
  const other = await create('another');
  const bindings = [{ role: 'roles/iam.serviceAccountUser', members: [`serviceAccount:${worker.email}`] }];
  await serviceAccounts.setIamPolicy({ resource: other.name ?? '', requestBody: { policy: { bindings } } });
  await serviceAccounts.delete({ name });
  const shown = async () =>
    (await serviceAccounts.getIamPolicy({ resource: other.name ?? '' })).data.bindings?.[0]?.members;
  expect(await shown()).toEqual([`deleted:serviceAccount:${worker.email}?uid=${worker.uniqueId}`]);
  const { data: restored } = await serviceAccounts.undelete({ name: `${parent}/serviceAccounts/${worker.uniqueId}` });
  expect(restored.restoredAccount?.uniqueId).toBe(worker.uniqueId);
  expect(await shown()).toEqual([`serviceAccount:${worker.email}`]);
  await serviceAccounts.delete({ name });
  const again = await create('worker');
  expect(again.uniqueId).not.toBe(worker.uniqueId);
  expect(await shown()).toEqual([`deleted:serviceAccount:${worker.email}?uid=${worker.uniqueId}`]);
  await control('POST', '/_emu/time/advance', { ms: 31 * 24 * 3_600_000 });
  expect(
    (await failureOf(serviceAccounts.undelete({ name: `${parent}/serviceAccounts/${worker.uniqueId}` }))).status,
  ).toBe(404);
});

test('a new account is unknown for a while, or known now and then', async () => {
  const emulator = await startForTest({ clock: 'manual' });
  const { iam, compute, control } = emulator;
  await makeSubnet(emulator);
  await control('PUT', '/_emu/consistency', { serviceAccountDelayMs: 10_000, serviceAccountFlaps: true });
  const { data: account } = await iam.projects.serviceAccounts.create({
    name: parent,
    requestBody: { accountId: 'worker' },
  });
  const name = account.name ?? '';
  const read = () =>
    iam.projects.serviceAccounts.get({ name }).then(
      () => 200,
      (error: { response: { status: number } }) => error.response.status,
    );
  expect([await read(), await read(), await read(), await read()]).toEqual([200, 404, 200, 404]);
  const serviceAccounts = [{ email: account.email ?? '', scopes: [] }];
  const insert = () =>
    compute.instances.insert({ project, zone: ZONE, requestBody: { ...instanceBody('vm'), serviceAccounts } });
  expect((await insert()).data.error?.errors?.[0]?.code).toBe('EXTERNAL_RESOURCE_NOT_FOUND');
  await control('POST', '/_emu/time/advance', { ms: 10_000 });
  expect([await read(), await read()]).toEqual([200, 200]);
  expect((await insert()).data.error).toBeUndefined();
});

test('permissions are tested before they are needed', async () => {
  const emulator = await startForTest();
  const { projects, control } = emulator;
  const permissions = ['compute.networks.create', 'compute.networks.delete'];
  const ask = async (token?: string) => {
    const response = await fetch(`${emulator.origin}/v3/${parent}:testIamPermissions`, {
      method: 'POST',
      body: JSON.stringify({ permissions }),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return ((await response.json()) as { permissions?: string[] }).permissions ?? [];
  };
  expect(await ask()).toEqual(permissions);
  await control('PUT', '/_emu/principals', {
    name: 'me@example.com',
    token: 'mine',
    permissions: ['compute.networks.create'],
  });
  await control('PUT', '/_emu/iam', { mode: 'enforce' });
  expect(await ask('mine')).toEqual(['compute.networks.create']);
  expect((await failureOf(projects.projects.getIamPolicy({ resource: parent, requestBody: {} }))).status).toBe(401);
});

test('more accounts than a project may have', async () => {
  const { iam, control } = await startForTest();
  await control('PUT', '/_emu/quotas', { project, metric: 'SERVICE_ACCOUNTS', limit: 1 });
  const create = (accountId: string) =>
    iam.projects.serviceAccounts.create({ name: parent, requestBody: { accountId } });
  await create('worker');
  expect(await failureOf(create('another'))).toMatchObject({
    status: 429,
    message: 'Maximum number of service accounts on project reached.',
  });
});
