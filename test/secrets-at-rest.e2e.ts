import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Ready } from '../cli/ready-file.ts';
import { cloudState, objectsOf } from './support/cloud.ts';
import { dumpDatabase } from './support/dump.ts';
import { findForms, formsOf } from './support/forms-of.ts';
import { ask, eventually, send } from './support/graphql.ts';
import { startProductProcess } from './support/product.ts';
import { allReady, applySamples } from './support/sample-world.ts';

const secretsPath = '/api/v1/namespaces/default/secrets';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** In every value, and nowhere else; with characters that encodings change. */
const plainMark = randomBytes(16).toString('hex');
const mark = `\u00e9/+?&=%"'${plainMark}`;
const marks = new Map([
  ...formsOf(mark),
  // However often the rest is quoted.
  ...[...formsOf(plainMark)].map(([form, text]) => [`${form}, in part`, text] as const),
]);
const names = new Set<string>();

/** A value to be looked for at the end; its name says where it came from. */
function value(name: string): string {
  names.add(name);
  return `${mark} ${name}`;
}

function kubernetes(
  ready: Ready,
  method: string,
  path: string,
  body?: string,
  type = 'application/json',
): Promise<string> {
  const { clusters } = parse(readFileSync(ready.kubeconfig ?? '', 'utf8'));
  const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64');
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${ready.token}`, 'content-type': type };
    const call = request(`${ready.kubernetes}${path}`, { method, ca, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
    });
    call.on('error', reject).end(body);
  });
}

const manifest = (name: string, more: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name }, ...more });

/** As kubectl applies without the server: what is applied stands in an annotation as well. */
function applied(name: string, data: Record<string, string>): string {
  const configuration = manifest(name, { data });
  const metadata = { namespace: 'default', name, annotations: { [lastApplied]: `${configuration}\n` } };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, data });
}

/** Writes Secrets in every way there is; answers what was said to those whose write was refused. */
async function writeSecrets(ready: Ready): Promise<string[]> {
  const input = (name: string, more: object) => ({ input: { metadata: { namespace: 'default', name }, ...more } });
  const create = `mutation ($input: SecretInput!, $key: String) { createSecret(input: $input, idempotencyKey: $key) {
    secret { data } userErrors { __typename message code } } }`;
  const update = `mutation ($patch: SecretPatch!) { updateSecret(namespace: "default", name: "g", patch: $patch) {
    secret { data } userErrors { message } } }`;
  const apply = `mutation ($input: SecretPatch!) { applySecret(namespace: "default", name: "ga", input: $input, fieldManager: "me") {
    secret { data } userErrors { message } } }`;
  const keyed = { ...input('g', { stringData: { a: value('graphql-create') } }), key: 'once' };
  await ask(ready, create, keyed);
  await ask(ready, create, keyed);
  await ask(ready, update, { patch: { data: { a: base64(value('graphql-update')), b: base64(value('graphql-b')) } } });
  await ask(ready, apply, { input: { data: { a: base64(value('graphql-apply')) } } });
  await ask(
    ready,
    `mutation ($input: SecretInput!) { createSecret(input: $input, dryRun: true) { secret { data } } }`,
    {
      ...input('dry', { stringData: { a: value('graphql-dry-run') } }),
    },
  );

  const ok = async (method: string, path: string, body: string, type?: string): Promise<void> => {
    expect(await kubernetes(ready, method, path, body, type)).toMatch(/^20[01] /);
  };
  await ok('POST', secretsPath, manifest('k', { stringData: { a: value('kubernetes-create') } }));
  await ok('PUT', `${secretsPath}/k`, manifest('k', { data: { a: base64(value('kubernetes-update')) } }));
  const merge = (text: string) => JSON.stringify({ stringData: { a: text } });
  await ok('PATCH', `${secretsPath}/k`, merge(value('merge-patch')), 'application/merge-patch+json');
  const json = JSON.stringify([{ op: 'replace', path: '/data/a', value: base64(value('json-patch')) }]);
  await ok('PATCH', `${secretsPath}/k`, json, 'application/json-patch+json');
  await ok('POST', secretsPath, applied('c', { a: base64(value('client-side-apply')) }));
  await ok(
    'PATCH',
    `${secretsPath}/c`,
    applied('c', { a: base64(value('client-side-again')) }),
    'application/strategic-merge-patch+json',
  );
  const onServer = (manager: string) => `?fieldManager=${manager}&force=true`;
  await ok(
    'PATCH',
    `${secretsPath}/s${onServer('me')}`,
    manifest('s', { data: { a: base64(value('server-side-apply')) } }),
    'application/apply-patch+yaml',
  );
  await ok(
    'PATCH',
    `${secretsPath}/c${onServer('kubectl')}`,
    manifest('c', { data: { a: base64(value('server-side-after-client')) } }),
    'application/apply-patch+yaml',
  );
  await ok('POST', `${secretsPath}?dryRun=All`, manifest('dry', { stringData: { a: value('kubernetes-dry-run') } }));

  const refused: string[] = [];
  const fails = async (method: string, path: string, body: string, type?: string): Promise<void> => {
    const answer = await kubernetes(ready, method, path, body, type);
    expect(answer).toMatch(/^4\d\d /);
    refused.push(answer);
  };
  await fails('POST', secretsPath, manifest('f', { data: { a: value('not-base64') } }));
  await fails('POST', secretsPath, manifest('f', { data: value('no-map') }));
  await fails('POST', secretsPath, manifest('f', { stringData: { a: [value('a-list')] } }));
  await fails('POST', secretsPath, manifest('F', { stringData: { a: value('bad-name') } }));
  await fails('POST', secretsPath, manifest('k', { stringData: { a: value('name-taken') } }));
  await fails(
    'POST',
    secretsPath,
    manifest('f', { type: 'kubernetes.io/tls', stringData: { a: value('keys-missing') } }),
  );
  const docker = { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': value('no-json') } };
  await fails('POST', secretsPath, manifest('f', docker));
  await fails('POST', `${secretsPath}?fieldValidation=Strict`, manifest('f', { extra: { a: value('unknown-field') } }));
  await fails('POST', secretsPath, manifest('f', { stringData: { a: value('broken-json') } }).slice(0, -3));
  await fails(
    'POST',
    secretsPath,
    `apiVersion: v1\nkind: Secret\nstringData: {a: "${value('broken-yaml')}`,
    'application/yaml',
  );
  await fails('PATCH', `${secretsPath}/k`, merge(value('broken-patch')).slice(1), 'application/merge-patch+json');
  const test = JSON.stringify([{ op: 'test', path: '/data/a', value: value('failed-test') }]);
  await fails('PATCH', `${secretsPath}/k`, test, 'application/json-patch+json');
  await fails(
    'PATCH',
    `${secretsPath}/s?fieldManager=other`,
    manifest('s', { data: { a: base64(value('apply-conflict')) } }),
    'application/apply-patch+yaml',
  );
  await fails('PUT', `${secretsPath}/k`, manifest('k', { type: 'other', stringData: { a: value('type-changed') } }));
  await fails('POST', `/api/v1/namespaces/none/secrets`, manifest('f', { stringData: { a: value('no-namespace') } }));
  await fails(
    'POST',
    `/api/v1/namespaces/default/configmaps`,
    manifest('f', { stringData: { a: value('wrong-kind') } }),
  );
  await ok('POST', secretsPath, manifest('i', { immutable: true, stringData: { a: value('immutable') } }));
  await fails(
    'PUT',
    `${secretsPath}/i`,
    manifest('i', { immutable: true, stringData: { a: value('immutable-changed') } }),
  );

  for (const more of [
    { data: { a: value('graphql-not-base64') } },
    { data: value('graphql-no-map') },
    { stringData: { a: [value('graphql-a-list')] } },
    { stringData: { a: { b: value('graphql-a-map') } } },
    { unknown: value('graphql-unknown-field') },
    { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': value('graphql-no-json') } },
    { type: { a: value('graphql-wrong-type') } },
  ])
    refused.push(JSON.stringify(await send(ready, create, input('f', more))));
  refused.push(JSON.stringify(await send(ready, create, { input: value('graphql-no-input') })));
  const literal = (
    text: string,
  ): string => `mutation { createSecret(input: { metadata: { namespace: "default", name: "f" }, ${text} }) {
    userErrors { message } } }`;
  for (const text of [
    `stringData: ${JSON.stringify(value('literal-no-map'))}`,
    `unknown: ${JSON.stringify(value('literal-unknown'))}`,
    `stringData: { a: [${JSON.stringify(value('literal-a-list'))}] }`,
    `data: { a: ${JSON.stringify(value('literal-not-base64'))} }`,
    `stringData: { a: ${JSON.stringify(value('literal-broken'))} `,
  ])
    refused.push(JSON.stringify(await send(ready, literal(text))));
  const conflict = {
    input: { metadata: { namespace: 'default', name: 'g' }, stringData: { a: value('other-input') } },
    key: 'once',
  };
  refused.push(JSON.stringify(await send(ready, create, conflict)));
  for (const answer of refused.slice(-14)) expect(answer).toMatch(/"errors":\[|"userErrors":\[\{/);
  return refused;
}

/** All bytes of all files below a folder, as text of one character a byte. */
function* filesBelow(folder: string, skip: (path: string) => boolean): Generator<readonly [string, string]> {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (skip(path)) continue;
    if (statSync(path).isDirectory()) yield* filesBelow(path, skip);
    else yield [path, readFileSync(path, 'latin1')];
  }
}

it('no value of a Secret is anywhere but sealed', { timeout: 300_000 }, async () => {
  const product = await startProductProcess({ env: { DATUM_LOG_LEVEL: 'trace' } });
  const { ready } = product;
  // Told everything as it happens, by a watch at each door.
  const refused = await writeSecrets(ready);

  // A machine that has one of them as a volume.
  await applySamples(product.dataDir);
  const sample = { data: { password: base64(value('of-a-machine')) } };
  await kubernetes(
    ready,
    'PATCH',
    `${secretsPath}/web-credentials`,
    JSON.stringify(sample),
    'application/merge-patch+json',
  );
  await allReady(ready, 9);
  const cloud = await cloudState(ready);
  const [secret] = objectsOf(cloud, 'secrets');
  // What the machine reads, in the end.
  await eventually(
    async () => (await fetch(`${ready.gcp}/v1/${secret?.['name']}/versions/latest:access`)).text(),
    (answer) => {
      const { payload } = JSON.parse(answer) as { payload?: { data?: string } };
      return Buffer.from(payload?.data ?? '', 'base64').includes(base64(value('of-a-machine')));
    },
  );
  const requests = await (await fetch(`${ready.gcpControl}/_emu/requests`)).text();
  expect(requests).toContain('addVersion');

  const audited = await eventually(
    () =>
      ask<{ auditRecords: { nodes: { name: string | null; changes: { path: string }[] }[] } }>(
        ready,
        '{ auditRecords(first: 200, filter: { kind: "Secret" }) { nodes { name record changes { path before after redacted } } } }',
      ),
    ({ auditRecords: { nodes } }) =>
      ['g', 'ga', 'k', 'c', 's', 'i'].every((name) => nodes.some((each) => each.name === name)),
  );
  const history = await ask(
    ready,
    '{ secrets(namespace: "default") { nodes { metadata { name managedFields { fieldsV1 } } history { nodes { changes { path before after } } } } } }',
  );
  for (const name of ['g', 'ga', 'k', 'c', 's', 'i', 'web-credentials'])
    await kubernetes(ready, 'DELETE', `${secretsPath}/${name}`);
  await eventually(
    () => kubernetes(ready, 'GET', secretsPath),
    (answer) => (JSON.parse(answer.slice(4)) as { items: unknown[] }).items.length === 0,
  );
  await eventually(
    () =>
      ask<{ auditRecords: { nodes: { effect: string }[] } }>(
        ready,
        '{ auditRecords(first: 200, filter: { kind: "Secret" }) { nodes { effect } } }',
      ),
    ({ auditRecords: { nodes } }) => nodes.filter(({ effect }) => effect === 'DELETED').length === 7,
  );

  // The search finds what is there: a value that was put where it must not be.
  const canary = formsOf(`canary ${randomBytes(8).toString('hex')}`);
  const client = new pg.Client({ connectionString: ready.database });
  await client.connect();
  const planted = "create table planted as select encode(convert_to('padding' || $1, 'utf8'), 'base64') as text";
  await client.query(planted, [canary.get('as it is')]);
  await client.query('checkpoint');
  await client.end();
  const dump = await dumpDatabase(ready.database);
  expect(findForms(dump.get('public.planted') ?? '', canary)).not.toEqual([]);

  const found: string[] = [];
  const search = (place: string, text: string): void => {
    found.push(...findForms(text, marks).map((where) => `${place}: ${where}`));
  };
  expect([...dump.keys()]).toEqual(
    expect.arrayContaining(['public.change', 'public.audit_record', 'public.idempotency']),
  );
  expect([...dump.keys()].some((name) => name.includes('bullmq'))).toBe(true);
  for (const [table, text] of dump) search(`table ${table}`, text);
  for (const [index, answer] of refused.entries()) search(`refusal ${index}`, answer);
  search('audit', JSON.stringify(audited));
  search('history', JSON.stringify(history));
  search('requests to Google', requests);
  search('objects of Google', JSON.stringify(cloud));
  search('log', product.output());

  // Files of Postgres, its write-ahead log among them; those of the emulator hold what Google would.
  await product.stop();
  let bytes = 0;
  let canaries = 0;
  const inFiles = new Map([...marks].map(([form, wanted]) => [form, Buffer.from(wanted).toString('latin1')]));
  for (const [path, text] of filesBelow(product.dataDir, (file) => file === join(product.dataDir, 'gcp'))) {
    bytes += text.length;
    canaries += findForms(text, canary).length;
    found.push(...findForms(text, inFiles).map((where) => `file ${path}: ${where}`));
  }
  expect(bytes).toBeGreaterThan(10_000_000);
  expect(canaries).toBeGreaterThan(0);
  expect(found).toEqual([]);
  expect(names.size).toBeGreaterThan(45);
});
