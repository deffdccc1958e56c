import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT, REGION, ZONE, failureOf, instanceBody, makeSubnet, startForTest } from './harness.ts';

const project = PROJECT;
const zone = ZONE;

function freshDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'gcp-emulator-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

test('a restart goes on with everything, operations in flight, addresses and request ids included', async () => {
  const dataDir = freshDir();
  const first = await startForTest({ dataDir, latency: 'short', clock: 'manual' });
  const advance = (ms: number) => first.control('POST', '/_emu/time/advance', { ms });
  await first.compute.networks.insert({ project, requestBody: { name: 'net', autoCreateSubnetworks: false } });
  await advance(500);
  const subnetBody = { name: 'sub', network: 'global/networks/net', ipCidrRange: '10.0.0.0/24' };
  await first.compute.subnetworks.insert({ project, region: REGION, requestBody: subnetBody });
  await advance(500);
  await first.compute.instances.insert({ project, zone, requestBody: instanceBody('done') });
  await advance(1_000);
  const requestId = '0f0e0d0c-0b0a-4908-8706-050403020100';
  const call = { project, zone, requestId, requestBody: instanceBody('running') };
  const { data: started } = await first.compute.instances.insert(call);
  await first.iam.projects.serviceAccounts.create({
    name: `projects/${project}`,
    requestBody: { accountId: 'worker' },
  });
  const parent = `projects/${project}/secrets/s`;
  await first.secrets.projects.secrets.create({
    parent: `projects/${project}`,
    secretId: 's',
    requestBody: { replication: { automatic: {} } },
  });
  await first.secrets.projects.secrets.addVersion({ parent, requestBody: { payload: { data: 'c2VjcmV0' } } });
  const before = await first.control('GET', '/_emu/state');
  await first.close();

  const second = await startForTest({ dataDir, latency: 'short', clock: 'manual' });
  expect(await second.control('GET', '/_emu/state')).toEqual(before);
  const operation = started.name ?? '';
  expect((await second.compute.zoneOperations.get({ project, zone, operation })).data.status).not.toBe('DONE');
  expect((await second.compute.instances.insert(call)).data.name).toBe(operation);
  await second.control('POST', '/_emu/time/advance', { ms: 1_000 });
  const { data: vm } = await second.compute.instances.get({ project, zone, instance: 'running' });
  expect(vm).toMatchObject({ id: started.targetId, status: 'RUNNING', networkInterfaces: [{ networkIP: '10.0.0.3' }] });
  const { data: access } = await second.secrets.projects.secrets.versions.access({ name: `${parent}/versions/1` });
  expect(access.payload?.data).toBe('c2VjcmV0');
  expect(
    (await failureOf(second.compute.subnetworks.delete({ project, region: REGION, subnetwork: 'sub' }))).status,
  ).toBe(400);
});

test('the file is for its owner alone, a torn last line is dropped, and ids go on', async () => {
  const dataDir = freshDir();
  const path = join(dataDir, 'gcp-emulator.journal');
  const first = await startForTest({ dataDir });
  await makeSubnet(first);
  const { data: net } = await first.compute.networks.get({ project, network: 'net' });
  await first.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  appendFileSync(path, '{"at":1,"n":99999,"w":[["resource","projects/x');

  const second = await startForTest({ dataDir });
  expect((await second.compute.networks.get({ project, network: 'net' })).data).toMatchObject({ id: net.id });
  await second.compute.networks.insert({ project, requestBody: { name: 'more', autoCreateSubnetworks: false } });
  const { data: more } = await second.compute.networks.get({ project, network: 'more' });
  expect(more.id).not.toBe(net.id);
  await second.close();

  const third = await startForTest({ dataDir });
  expect((await third.compute.networks.list({ project })).data.items).toHaveLength(2);
});

test('what was deleted does not stay in the file after a restart and a write', async () => {
  const dataDir = freshDir();
  const first = await startForTest({ dataDir });
  const requestBody = { name: 'passing', autoCreateSubnetworks: false, description: 'x'.repeat(2_000) };
  await first.compute.networks.insert({ project, requestBody });
  await first.compute.networks.delete({ project, network: 'passing' });
  await first.close();
  const second = await startForTest({ dataDir });
  await second.compute.networks.insert({ project, requestBody: { name: 'staying', autoCreateSubnetworks: false } });
  await second.close();
  const text = readFileSync(join(dataDir, 'gcp-emulator.journal'), 'utf8');
  expect(text).toContain('staying');
  expect(text).not.toContain('x'.repeat(2_000));
});

test('reset survives a restart, and a file that is not ours is refused', async () => {
  const dataDir = freshDir();
  const first = await startForTest({ dataDir });
  await makeSubnet(first);
  await first.control('POST', '/_emu/reset');
  await first.close();
  const second = await startForTest({ dataDir });
  expect((await second.compute.networks.list({ project })).data.items).toBeUndefined();
  await second.close();
  writeFileSync(join(dataDir, 'gcp-emulator.journal'), 'something else\n');
  await expect(startForTest({ dataDir })).rejects.toThrow('is not a journal of the GCP emulator');
});
