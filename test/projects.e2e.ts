import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { apiNames } from '../kinds/generator/graphql-api/names.ts';
import type { Resource } from '../kinds/object.ts';
import { builtInRegistry } from '../kinds/registry.ts';
import { serverOfFile } from './clients/support/server.ts';
import { type CloudState, cloudState, isEmpty, objectsOf } from './support/cloud.ts';
import { eventually } from './support/graphql.ts';

// Two projects with the same names, in the same project of Google's, side by side: made through one door each, and taken down
// one after the other.

const registry = builtInRegistry();
const server = serverOfFile({
  DATUM_ROLES: 'gateway,subgraph,kubernetes,worker,dispatcher,emulator',
  DATUM_GCP_LATENCY: 'none',
});
const projects = '/apis/resourcemanager.datumapis.com/v1alpha1/projects';
const sampleFolder = join(import.meta.dirname, '..', 'examples', 'samples');
const apart = ['networks', 'subnetworks', 'instances', 'serviceAccounts', 'secrets'] as const;

const samples = readdirSync(sampleFolder)
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()
  .flatMap((file) =>
    parseAllDocuments(readFileSync(join(sampleFolder, file), 'utf8')).map((each) => each.toJS() as Resource),
  );

async function call(method: string, path: string, body?: object): Promise<any> {
  const answer = await server().call({ method, path, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.raw}`);
  return answer.body;
}

async function makeProject(name: string): Promise<void> {
  await call('POST', projects, {
    apiVersion: 'resourcemanager.datumapis.com/v1alpha1',
    kind: 'Project',
    metadata: { name },
  });
  await eventually(
    () => call('GET', `${projects}/${name}`),
    ({ status }) => status?.conditions?.[0]?.reason === 'Ready',
  );
}

function pathOf(object: Resource): string {
  const kind = registry.byManifest(object.apiVersion, object.kind);
  const root = kind?.group === '' ? '/api/v1' : `/apis/${object.apiVersion}`;
  return `${root}/namespaces/${object.metadata.namespace ?? 'default'}/${kind?.plural}`;
}

async function throughKubernetes(project: string, object: Resource): Promise<void> {
  await call('POST', `/projects/${project}/control-plane${pathOf(object)}`, object);
}

async function throughGraphql(project: string, { apiVersion, kind, ...input }: Resource): Promise<void> {
  const found = registry.byManifest(apiVersion, kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  const names = apiNames(found);
  const metadata = { namespace: 'default', ...input.metadata };
  const { data, text } = await ask(
    project,
    `mutation ($input: ${names.input}!) { payload: ${names.create}(input: $input) { userErrors { message } } }`,
    { input: { ...input, metadata } },
  );
  if (data?.payload.userErrors.length !== 0) throw new Error(text);
}

async function ask(project: string, query: string, variables?: object): Promise<{ data: any; text: string }> {
  const url = (server().ready.graphql ?? '').replace('/graphql', `/projects/${project}/graphql`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server().token}` },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { data: JSON.parse(text).data, text };
}

interface Machine {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly conditions: { readonly type: string; readonly status: string }[];
    readonly networkInterfaces: { readonly assignments: { readonly networkIP: string } }[] | null;
  } | null;
}

async function machinesOf(project: string): Promise<Machine[]> {
  const query =
    '{ instances(first: 200) { nodes { metadata { name uid } status { conditions { type status } networkInterfaces { assignments { networkIP } } } } } }';
  return (await ask(project, query)).data?.instances.nodes ?? [];
}

const allReady = (project: string, count: number) =>
  eventually(
    () => machinesOf(project),
    (machines) =>
      machines.length === count &&
      machines.every((one) => one.status?.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')),
    90_000,
  );

const namesOf = (state: CloudState, type: string): string[] => objectsOf(state, type).map(({ name }) => String(name));

test('two projects with the same names share a cloud and nothing else', async () => {
  for (const name of ['one', 'two']) await makeProject(name);
  await Promise.all([
    (async () => {
      for (const object of samples) await throughGraphql('one', object);
    })(),
    (async () => {
      for (const object of samples) await throughKubernetes('two', object);
    })(),
  ]);
  const alone = 9;
  const [first, second] = [await allReady('one', alone), await allReady('two', alone)];
  const names = (machines: readonly Machine[]) => machines.map(({ metadata }) => metadata.name).toSorted();
  expect(names(first)).toEqual(names(second));
  const uids = new Set([...first, ...second].map(({ metadata }) => metadata.uid));
  expect(uids.size).toBe(2 * alone);
  // The same ranges, since networks know nothing of each other.
  const addresses = (machines: readonly Machine[]) =>
    new Set(machines.flatMap(({ status }) => status?.networkInterfaces?.map((one) => one.assignments.networkIP) ?? []));
  expect([...addresses(first)].some((address) => addresses(second).has(address))).toBe(true);
  expect((await machinesOf('default')).length).toBe(0);

  const both = await cloudState(server().ready);
  expect(both.counts).toMatchObject({
    networks: 2,
    subnetworks: 6,
    instances: 2 * alone,
    serviceAccounts: 6,
    secrets: 2,
  });
  for (const type of apart) expect(new Set(namesOf(both, type)).size, type).toBe(namesOf(both, type).length);

  await call('DELETE', `${projects}/one`);
  await eventually(
    () => server().call({ path: `${projects}/one` }),
    ({ status }) => status === 404,
    90_000,
  );
  const rest = await cloudState(server().ready);
  expect(rest.counts).toMatchObject({ networks: 1, subnetworks: 3, instances: alone, serviceAccounts: 3, secrets: 1 });
  expect(namesOf(rest, 'instances').toSorted()).toEqual(
    second.map(({ metadata }) => `instance-${metadata.uid}`).toSorted(),
  );
  expect(await machinesOf('two')).toEqual(second);
  expect((await server().call({ path: '/projects/one/control-plane/api' })).status).toBe(404);

  await makeProject('one');
  expect(await machinesOf('one')).toEqual([]);
  const { items } = await call('GET', '/projects/one/control-plane/api/v1/namespaces');
  expect(items.map((item: any) => item.metadata.name)).toEqual(['default', 'kube-system']);

  await call('DELETE', `${projects}/two`);
  await eventually(() => cloudState(server().ready), isEmpty, 90_000);
}, 400_000);
