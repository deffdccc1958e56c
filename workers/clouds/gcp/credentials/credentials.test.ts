import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { emulatedCloud, type EmulatedCloud } from '../../../../test/support/gcp-emulator.ts';
import { isGcpError } from '../errors.ts';
import { createCredentials, type CredentialsOptions } from './credentials.ts';
import type { CredentialSource } from './source.ts';
import { subjectToken } from './subject-token.ts';

const project = 'acme-edge';
const pool = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool';
const audience = `${pool}/providers/oidc`;
const claims = { sub: 'datum', iss: 'https://issuer.example', aud: audience, exp: 4_000_000_000 };

const fetchSubject = async (): Promise<string> => Promise.reject(new Error('nothing is fetched'));

/** A source whose token is in a file. */
function sourceOf(content: object): CredentialSource {
  const folder = mkdtempSync(join(tmpdir(), 'datum-credentials-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const file = join(folder, 'token');
  writeFileSync(file, `${part({ alg: 'RS256' })}.${part(content)}.sig\n`);
  return ofSubject({ from: { file }, field: undefined });
}

function ofSubject(subject: Extract<CredentialSource, { kind: 'external' }>['subject']): CredentialSource {
  return { kind: 'external', audience, subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt', subject };
}

/** A cloud that asks who calls, with accounts that the product may act as; each may list networks. */
async function guarded(...accounts: string[]) {
  const cloud = await emulatedCloud();
  const emails: string[] = [];
  for (const accountId of accounts) {
    const { serviceAccounts } = cloud.client.iam.projects;
    const name = `projects/${project}`;
    await serviceAccounts.create({ name, requestBody: { accountId } });
    const email = `${accountId}@${project}.iam.gserviceaccount.com`;
    const bindings = [{ role: 'roles/iam.workloadIdentityUser', members: [`principal:${pool}/subject/datum`] }];
    await serviceAccounts.setIamPolicy({
      resource: `${name}/serviceAccounts/${email}`,
      requestBody: { policy: { bindings } },
    });
    await cloud.control('PUT', '/_emu/principals', { name: email, permissions: ['compute.networks.list'] });
    emails.push(email);
  }
  await cloud.control('PUT', '/_emu/providers', { audience, issuer: 'https://issuer.example' });
  await cloud.control('PUT', '/_emu/iam', { mode: 'enforce' });
  return { cloud, emails };
}

function clientOf(cloud: EmulatedCloud, options: Omit<CredentialsOptions, 'origin' | 'fetchSubject'>) {
  return cloud.clientWith({ credentials: createCredentials({ ...options, origin: cloud.origin, fetchSubject }) })
    .compute;
}

async function exchanges(cloud: EmulatedCloud): Promise<number | undefined> {
  const { counters } = (await cloud.control('GET', '/_emu/requests')) as {
    counters: { byRoute: Record<string, number> };
  };
  return counters.byRoute['POST /v1/token'];
}

test('a federated identity acts as a service account; a token is asked for once, and anew before it ends', async () => {
  const { cloud, emails } = await guarded('worker');
  const clock = { nowMs: Date.now() };
  const compute = clientOf(cloud, { source: sourceOf(claims), chain: emails, now: () => clock.nowMs });
  await Promise.all(Array.from({ length: 5 }, () => compute.networks.list({ project })));
  await compute.networks.list({ project });
  expect(await exchanges(cloud)).toBe(1);
  clock.nowMs += 56 * 60_000;
  await compute.networks.list({ project });
  await expect.poll(() => exchanges(cloud)).toBe(2);
});

test('each Google project may have an account of its own', async () => {
  const { cloud, emails } = await guarded('worker', 'another');
  const [worker = '', other = ''] = emails;
  await cloud.control('PUT', '/_emu/principals', { name: other, permissions: ['compute.firewalls.list'] });
  const byAccount = { 'acme-core': [other] };
  const compute = clientOf(cloud, { source: sourceOf(claims), chain: [worker], byAccount });
  await compute.networks.list({ project });
  await compute.firewalls.list({ project: 'acme-core' });
  const refused = compute.networks.list({ project: 'acme-core' });
  await expect(refused).rejects.toMatchObject({ fault: { class: 'permission' } });
});

test('a token that Google does not take any more is replaced, once', async () => {
  const { cloud, emails } = await guarded('worker');
  const good = createCredentials({ source: sourceOf(claims), chain: emails, origin: cloud.origin, fetchSubject });
  const refused: (string | undefined)[] = [];
  const { compute } = cloud.clientWith({
    credentials: async (url, which) => {
      refused.push(which);
      return which === undefined ? { authorization: 'Bearer stale' } : good(url, which);
    },
  });
  await compute.networks.list({ project });
  expect(refused).toEqual([undefined, 'Bearer stale']);
});

async function failureOf(cloud: EmulatedCloud, options: Omit<CredentialsOptions, 'origin' | 'fetchSubject'>) {
  const failure: unknown = await clientOf(cloud, options)
    .networks.list({ project })
    .catch((error: unknown) => error);
  if (!isGcpError(failure)) throw failure;
  return failure;
}

test('whatever is wrong with the credentials is told as such, without the token', async () => {
  const { cloud, emails } = await guarded('worker');
  const stranger = `stranger@${project}.iam.gserviceaccount.com`;
  const issuer = await failureOf(cloud, {
    source: sourceOf({ ...claims, iss: 'https://evil.example' }),
    chain: emails,
  });
  expect(issuer.fault).toMatchObject({ code: 'credentialsRefused', class: 'permission' });
  expect(issuer.message).toContain('invalid_grant');
  expect(issuer.message).not.toContain('eyJ');
  const account = await failureOf(cloud, { source: sourceOf(claims), chain: [stranger] });
  expect(account.fault.code).toBe('credentialsRefused');
  const source = ofSubject({ from: { file: '/nowhere/token' }, field: undefined });
  expect((await failureOf(cloud, { source, chain: [] })).fault.code).toBe('credentialsUnavailable');
});

test('a subject may be a field of what a URL answers', async () => {
  const { cloud } = await guarded();
  const asked: string[] = [];
  const source = ofSubject({ from: { url: 'https://id.example/token', headers: {} }, field: 'token' });
  const credentials = createCredentials({
    source,
    chain: [],
    origin: cloud.origin,
    async fetchSubject(url) {
      asked.push(url);
      return asked.length === 1
        ? '{"__proto__":{"token":"x"}}'
        : JSON.stringify({ token: await tokenIn(sourceOf(claims)) });
    },
  });
  const url = 'https://compute.googleapis.com/compute/v1/projects/p';
  await expect(credentials(url)).rejects.toMatchObject({ fault: { code: 'credentialsRefused' } });
  expect(await credentials(url)).toEqual({ authorization: expect.stringMatching(/^Bearer ya29/) });
  expect(asked).toEqual(['https://id.example/token', 'https://id.example/token']);
});

async function tokenIn(source: CredentialSource): Promise<string> {
  if (source.kind !== 'external') throw new Error('no file');
  return subjectToken(source.subject, fetchSubject);
}
