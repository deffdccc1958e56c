import { expect, test } from 'vitest';
import { PROJECT, failureOf, startForTest } from './harness.ts';

const name = `projects/${PROJECT}`;
const email = `worker@${PROJECT}.iam.gserviceaccount.com`;
const account = `${name}/serviceAccounts/${email}`;

test('a service account is made, read, changed, granted and deleted', async () => {
  const { iam } = await startForTest();
  const { serviceAccounts } = iam.projects;
  const requestBody = { accountId: 'worker', serviceAccount: { displayName: 'Worker', description: 'does work' } };
  const { data: made } = await serviceAccounts.create({ name, requestBody });
  expect(made).toMatchObject({ name: account, email, projectId: PROJECT, displayName: 'Worker' });
  expect(made.uniqueId).toMatch(/^\d{21}$/);
  expect(await failureOf(serviceAccounts.create({ name, requestBody }))).toMatchObject({
    status: 409,
    reason: 'alreadyExists',
  });

  for (const path of [account, `${name}/serviceAccounts/${made.uniqueId}`, `projects/-/serviceAccounts/${email}`]) {
    expect((await serviceAccounts.get({ name: path })).data).toEqual(made);
  }
  const missing = `nobody@${PROJECT}.iam.gserviceaccount.com`;
  expect(await failureOf(serviceAccounts.get({ name: `${name}/serviceAccounts/${missing}` }))).toEqual({
    status: 404,
    reason: 'notFound',
    message: 'Unknown service account',
  });
  expect(await failureOf(serviceAccounts.get({ name: `projects/-/serviceAccounts/${missing}` }))).toMatchObject({
    status: 403,
  });

  const change = { serviceAccount: { description: 'rests', displayName: 'ignored' }, updateMask: 'description' };
  const { data: changed } = await serviceAccounts.patch({ name: account, requestBody: change });
  expect(changed).toEqual({ name: account, description: 'rests' });
  expect((await serviceAccounts.get({ name: account })).data).toMatchObject({
    description: 'rests',
    displayName: 'Worker',
  });

  const bindings = [{ role: 'roles/iam.serviceAccountUser', members: ['user:someone@example.com'] }];
  const { data: empty } = await serviceAccounts.getIamPolicy({ resource: account });
  const grant = { resource: account, requestBody: { policy: { ...empty, bindings } } };
  const { data: policy } = await serviceAccounts.setIamPolicy(grant);
  expect(policy).toMatchObject({ version: 1, bindings });
  expect(await failureOf(serviceAccounts.setIamPolicy(grant))).toMatchObject({ status: 409 });

  await serviceAccounts.delete({ name: account });
  expect((await failureOf(serviceAccounts.delete({ name: account }))).status).toBe(404);
  const { data: again } = await serviceAccounts.create({ name, requestBody });
  expect(again.uniqueId).not.toBe(made.uniqueId);
});

test('names, texts and unknown fields are checked; lists have pages', async () => {
  const { iam } = await startForTest();
  const { serviceAccounts } = iam.projects;
  const create = (accountId: string, serviceAccount = {}) =>
    serviceAccounts.create({ name, requestBody: { accountId, serviceAccount } });
  for (const accountId of ['short', 'a'.repeat(31), '1digit', 'Upper-case']) {
    expect((await failureOf(create(accountId))).status, accountId).toBe(400);
  }
  expect((await failureOf(create('worker', { description: 'x'.repeat(257) }))).status).toBe(400);
  expect(await failureOf(create('worker', { colour: 'red' }))).toMatchObject({
    status: 400,
    message: expect.stringContaining('colour'),
  });
  for (const id of ['one', 'two', 'three']) await create(`worker-${id}`);
  const { data: first } = await serviceAccounts.list({ name, pageSize: 2 });
  const { data: second } = await serviceAccounts.list({ name, pageSize: 2, pageToken: first.nextPageToken ?? '' });
  expect([...(first.accounts ?? []), ...(second.accounts ?? [])]).toHaveLength(3);
  expect(second.nextPageToken).toBeUndefined();
});

test('every project exists and the caller may do everything', async () => {
  const { projects, compute } = await startForTest();
  const { data: project } = await projects.projects.get({ name });
  expect(project).toMatchObject({ projectId: PROJECT, state: 'ACTIVE' });
  expect(project.name).toMatch(/^projects\/\d{12}$/);
  expect((await projects.projects.get({ name: project.name ?? '' })).data.projectId).toBe(PROJECT);
  const permissions = ['compute.instances.create', 'compute.networks.create'];
  const { data } = await projects.projects.testIamPermissions({ resource: name, requestBody: { permissions } });
  expect(data.permissions).toEqual(permissions);
  expect((await compute.projects.get({ project: PROJECT })).data).toMatchObject({
    name: PROJECT,
    defaultNetworkTier: 'PREMIUM',
  });
});
