import { expect, test } from 'vitest';
import { emulatedCloud } from '../../../test/support/gcp-emulator.ts';
import { ready } from '../../gcp-location/plan.ts';
import { verifyPlace } from './places.ts';
import { preflight } from './preflight.ts';

const account = 'acme-edge';
const place = { account, region: 'us-south1', zone: 'us-south1-a' };

test('a project that is set up lacks nothing', async () => {
  const { client } = await emulatedCloud();
  expect(await preflight(client, account)).toEqual({ missingApis: [], missingPermissions: {} });
});

test('what the identity may not do is named by kind of work, with the command that grants it', async () => {
  const cloud = await emulatedCloud();
  const permissions = ['compute.*', 'iam.*', 'secretmanager.secrets.*', 'serviceusage.*', 'monitoring.*'];
  await cloud.control('PUT', '/_emu/principals', { name: 'me@example.com', token: 'mine', permissions });
  await cloud.control('PUT', '/_emu/iam', { mode: 'enforce' });
  const client = cloud.clientWith({ credentials: async () => ({ authorization: 'Bearer mine' }) });
  const found = await preflight(client, account);
  const missing = ['add', 'list', 'disable', 'destroy'].map((verb) => `secretmanager.versions.${verb}`);
  expect(found).toEqual({ missingApis: [], missingPermissions: { secrets: missing } });
  const verdict = ready(place, { ok: true, quotas: [] }, found);
  expect(verdict).toMatchObject({ status: 'False', reason: 'PermissionDenied' });
  expect(verdict.message).toContain(`--project acme-edge --add-permissions ${missing.join(',')}`);
});

test('quotas of the region come with its verification', async () => {
  const cloud = await emulatedCloud();
  await cloud.control('PUT', '/_emu/quotas', { project: account, region: 'us-south1', metric: 'CPUS', limit: 0 });
  const verification = await verifyPlace(cloud.client, place);
  expect(verification.ok && verification.quotas).toContainEqual({ metric: 'CPUS', usage: 0, limit: 0 });
});
