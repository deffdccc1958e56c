import { expect, test } from 'vitest';
import { PROJECT, failureOf, startForTest } from './harness.ts';

const parent = `projects/${PROJECT}`;
const name = `${parent}/secrets/token`;
const replication = { automatic: {} };
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('versions count up, `latest` does not fall back, destruction is final', async () => {
  const { secrets } = await startForTest();
  const { projects } = secrets;
  const { data: secret } = await projects.secrets.create({
    parent,
    secretId: 'token',
    requestBody: { replication, labels: { a: 'b' } },
  });
  expect(secret.name).toMatch(/^projects\/\d+\/secrets\/token$/);
  expect(
    await failureOf(projects.secrets.create({ parent, secretId: 'token', requestBody: { replication } })),
  ).toMatchObject({
    status: 409,
    message: `Secret [${secret.name}] already exists.`,
  });
  expect((await failureOf(projects.secrets.versions.access({ name: `${name}/versions/latest` }))).status).toBe(404);

  for (const text of ['one', 'two']) {
    await projects.secrets.addVersion({ parent: name, requestBody: { payload: { data: base64(text) } } });
  }
  const { data: latest } = await projects.secrets.versions.access({ name: `${name}/versions/latest` });
  expect(latest).toMatchObject({ name: `${secret.name}/versions/2`, payload: { data: base64('two') } });
  const { data: byNumber } = await projects.secrets.versions.access({ name: `${secret.name}/versions/1` });
  expect(byNumber.payload?.data).toBe(base64('one'));

  await projects.secrets.versions.disable({ name: `${name}/versions/2` });
  expect(await failureOf(projects.secrets.versions.access({ name: `${name}/versions/latest` }))).toMatchObject({
    status: 400,
    reason: 'FAILED_PRECONDITION',
    message: `Secret Version [${secret.name}/versions/2] is in DISABLED state.`,
  });
  await projects.secrets.versions.enable({ name: `${name}/versions/2` });
  await projects.secrets.versions.access({ name: `${name}/versions/latest` });
  const { data: destroyed } = await projects.secrets.versions.destroy({ name: `${name}/versions/1` });
  expect(destroyed).toMatchObject({ state: 'DESTROYED', destroyTime: expect.any(String) });
  expect((await failureOf(projects.secrets.versions.enable({ name: `${name}/versions/1` }))).status).toBe(400);

  const { data: list } = await projects.secrets.versions.list({ parent: name });
  expect(list.versions?.map((version) => [version.name?.at(-1), version.state])).toEqual([
    ['2', 'ENABLED'],
    ['1', 'DESTROYED'],
  ]);
  const { data: enabled } = await projects.secrets.versions.list({ parent: name, filter: 'state=ENABLED' });
  expect(enabled.versions).toHaveLength(1);

  await projects.secrets.delete({ name });
  expect(await failureOf(projects.secrets.get({ name }))).toMatchObject({
    status: 404,
    message: `Secret [${secret.name}] not found.`,
  });
});

test('payloads are checked, and never shown by the request log', async () => {
  const { secrets, control } = await startForTest();
  const { projects } = secrets;
  await projects.secrets.create({ parent, secretId: 'token', requestBody: { replication } });
  const add = (payload: object) => projects.secrets.addVersion({ parent: name, requestBody: { payload } });
  expect((await failureOf(add({ data: 'not base64!' }))).status).toBe(400);
  expect((await failureOf(add({ data: Buffer.alloc(65_537).toString('base64') }))).status).toBe(400);
  expect((await failureOf(add({ data: base64('123456789'), dataCrc32c: '1' }))).status).toBe(400);
  // The check value of CRC-32C.
  const { data: version } = await add({ data: base64('123456789'), dataCrc32c: `${0xe3069283}` });
  expect(version).toMatchObject({ state: 'ENABLED', clientSpecifiedPayloadChecksum: true });
  const log = JSON.stringify(await control('GET', '/_emu/requests'));
  expect(log).toContain('(redacted)');
  expect(log).not.toContain(base64('123456789'));
  expect(JSON.stringify(await control('GET', '/_emu/state'))).not.toContain(base64('123456789'));
});

test('policies are read with GET, guarded by etag, and name only accounts that exist', async () => {
  const { secrets, iam } = await startForTest();
  const { projects } = secrets;
  await projects.secrets.create({ parent, secretId: 'token', requestBody: { replication } });
  const { data: empty } = await projects.secrets.getIamPolicy({ resource: name, 'options.requestedPolicyVersion': 3 });
  expect(Object.keys(empty)).toEqual(['etag']);
  const member = `serviceAccount:worker@${PROJECT}.iam.gserviceaccount.com`;
  const bindings = [{ role: 'roles/secretmanager.secretAccessor', members: [member] }];
  const grant = () =>
    projects.secrets.setIamPolicy({ resource: name, requestBody: { policy: { ...empty, version: 3, bindings } } });
  expect(await failureOf(grant())).toMatchObject({ status: 400, message: expect.stringContaining('does not exist') });
  await iam.projects.serviceAccounts.create({ name: parent, requestBody: { accountId: 'worker' } });
  expect((await grant()).data).toMatchObject({ version: 1, bindings });
  expect(await failureOf(grant())).toMatchObject({ status: 409, reason: 'ABORTED' });
  expect((await projects.secrets.getIamPolicy({ resource: name })).data.bindings).toEqual(bindings);
});

test('labels can be changed, replication cannot; etags guard; lists are newest first', async () => {
  const { secrets, control } = await startForTest({ clock: 'manual' });
  const { projects } = secrets;
  for (const secretId of ['b', 'a']) {
    await projects.secrets.create({ parent, secretId, requestBody: { replication, labels: { id: secretId } } });
    await control('POST', '/_emu/time/advance', { ms: 1_000 });
  }
  const { data: list } = await projects.secrets.list({ parent });
  expect(list.secrets?.map((secret) => secret.labels?.['id'])).toEqual(['a', 'b']);
  const { data: filtered } = await projects.secrets.list({ parent, filter: 'labels.id=b' });
  expect(filtered.totalSize).toBe(1);
  const secret = `${parent}/secrets/a`;
  const { data: changed } = await projects.secrets.patch({
    name: secret,
    updateMask: 'labels',
    requestBody: { labels: { id: 'x' } },
  });
  expect(changed.labels).toEqual({ id: 'x' });
  const fixed = projects.secrets.patch({ name: secret, updateMask: 'replication', requestBody: { replication } });
  expect((await failureOf(fixed)).status).toBe(400);
  expect((await failureOf(projects.secrets.delete({ name: secret, etag: '"old"' }))).status).toBe(400);
  await projects.secrets.delete({ name: secret, etag: changed.etag ?? '' });
});

test('a rotation needs topics and shows when it is next; tags are not emulated', async () => {
  const { secrets, control } = await startForTest({ clock: 'manual' });
  const { projects } = secrets;
  const { nowMs } = await control('GET', '/_emu/time');
  const inMinutes = (minutes: number) => new Date(nowMs + minutes * 60_000).toISOString();
  const create = (secretId: string, requestBody: object) =>
    projects.secrets.create({ parent, secretId, requestBody: { replication, ...requestBody } });
  const rotation = { nextRotationTime: inMinutes(10), rotationPeriod: '3600s' };
  expect((await failureOf(create('a', { rotation }))).message).toContain('needs topics');
  const topics = [{ name: 'projects/p/topics/t' }];
  const early = { ...rotation, nextRotationTime: inMinutes(1) };
  expect((await failureOf(create('a', { rotation: early, topics }))).message).toContain('5 minutes ahead');
  await create('a', { rotation, topics });
  await control('POST', '/_emu/time/advance', { ms: 15 * 60_000 });
  const { data } = await projects.secrets.get({ name: `${parent}/secrets/a` });
  expect(Date.parse(data.rotation?.nextRotationTime ?? '')).toBe(nowMs + 70 * 60_000);
  expect((await failureOf(create('b', { tags: { a: 'b' } }))).status).toBe(501);
});

test('a secret with an end goes then, and a version may have a grace before its destruction', async () => {
  const { secrets, control } = await startForTest({ clock: 'manual' });
  const { projects } = secrets;
  await projects.secrets.create({ parent, secretId: 'brief', requestBody: { replication, ttl: '3600s' } });
  const brief = `${parent}/secrets/brief`;
  expect((await projects.secrets.get({ name: brief })).data.expireTime).toBeDefined();
  await projects.secrets.create({
    parent,
    secretId: 'kept',
    requestBody: { replication, versionDestroyTtl: '86400s' },
  });
  const kept = `${parent}/secrets/kept`;
  await projects.secrets.addVersion({ parent: kept, requestBody: { payload: { data: base64('x') } } });
  const { data: due } = await projects.secrets.versions.destroy({ name: `${kept}/versions/1`, requestBody: {} });
  expect(due).toMatchObject({ state: 'DISABLED', scheduledDestroyTime: expect.any(String) });
  await control('POST', '/_emu/time/advance', { ms: 3_600_000 });
  expect((await failureOf(projects.secrets.get({ name: brief }))).status).toBe(404);
  await projects.secrets.versions.enable({ name: `${kept}/versions/1`, requestBody: {} });
  await control('POST', '/_emu/time/advance', { ms: 86_400_000 });
  expect((await projects.secrets.versions.access({ name: `${kept}/versions/1` })).data.payload?.data).toBe(base64('x'));
  await projects.secrets.versions.destroy({ name: `${kept}/versions/1`, requestBody: {} });
  await control('POST', '/_emu/time/advance', { ms: 86_400_000 });
  expect((await projects.secrets.versions.get({ name: `${kept}/versions/1` })).data.state).toBe('DESTROYED');
});

test('`latest` may be the version before, while a version by its number is there at once', async () => {
  const { secrets, control } = await startForTest({ clock: 'manual' });
  const { projects } = secrets;
  await projects.secrets.create({ parent, secretId: 'token', requestBody: { replication } });
  const add = (text: string) =>
    projects.secrets.addVersion({ parent: name, requestBody: { payload: { data: base64(text) } } });
  await add('one');
  await control('POST', '/_emu/time/advance', { ms: 60_000 });
  await control('PUT', '/_emu/consistency', { latestLagMs: 30_000 });
  await add('two');
  const read = async (version: string) =>
    (await projects.secrets.versions.access({ name: `${name}/versions/${version}` })).data.payload?.data;
  expect([await read('latest'), await read('2')]).toEqual([base64('one'), base64('two')]);
  await control('POST', '/_emu/time/advance', { ms: 30_000 });
  expect(await read('latest')).toBe(base64('two'));
});
