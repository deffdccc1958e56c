import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind as NodeKind, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { hasCloudResources } from '../../kinds/generator/graphql-api/inventory-api.ts';
import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import type { KindId } from '../../kinds/generated/types.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { apiOnly, serverOfFile } from '../clients/support/server.ts';
import { kindSamples } from '../support/kind-samples.ts';
import { identities, type IdentityName, levelOf, levels, otherFields } from './matrix.ts';

// Every kind × every verb × both doors × everybody: what must be allowed is, and nothing else.

const registry = builtInRegistry();
/** So many requests of nobody from one address would be refused for their number. */
const manyOfNobody = { server: { anonymous: { perSecond: 1_000, burst: 5_000 } } };
const server = serverOfFile({ ...apiOnly, DATUM_LIMITS: JSON.stringify(manyOfNobody) });
/** Values of `authorization`, by identity. */
const authorizations = new Map<IdentityName, string | undefined>();
/** The project of a stranger; everybody else works in the one that is always there. */
const home = 'default';

type Outcome = 'allowed' | 'forbidden' | 'unauthorized' | 'not found';

const reading = ['get', 'list', 'watch'] as const;
const writing = ['create', 'update', 'patch', 'apply', 'delete', 'deletecollection'] as const;
type Verb = (typeof reading)[number] | (typeof writing)[number];

/** Namespaces go one by one. */
function verbsOf(kind: Kind): Verb[] {
  return [...reading, ...writing].filter((verb) => kind.id !== 'Namespace' || verb !== 'deletecollection');
}

function nameOf(kind: Kind): string {
  // The one namespace in which the roles are bound.
  return kind.id === 'Namespace' ? 'default' : 'sample';
}

function sampleOf(kind: Kind, name: string): Record<string, unknown> {
  const metadata = { name, ...(kind.scope === 'Namespaced' ? { namespace: 'default' } : {}) };
  return { apiVersion: apiVersionOf(kind), kind: kind.name, ...kindSamples[kind.id as KindId], metadata };
}

function collectionOf({ group, version, plural, scope }: Kind): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${scope === 'Namespaced' ? '/namespaces/default' : ''}/${plural}`;
}

beforeAll(async () => {
  const made = async (path: string, body: object): Promise<any> => {
    const answer = await server().call({ method: 'POST', path, body });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.raw}`);
    return answer.body;
  };
  for (const id of Object.keys(kindSamples)) {
    const kind = registry.get(id);
    await made(collectionOf(kind), sampleOf(kind, 'sample'));
  }
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  await made(accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
  const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings';
  for (const [role, subject] of [
    ['view', { kind: 'User', name: 'viewer' }],
    ['edit', { kind: 'User', name: 'editor' }],
    ['admin', { kind: 'User', name: 'administrator' }],
    ['edit', { kind: 'ServiceAccount', namespace: 'default', name: 'robot' }],
  ] as const) {
    await made(bindings, {
      metadata: { name: `${role}-${subject.name}` },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [subject],
    });
  }
  for (const user of ['nobody', 'viewer', 'editor', 'administrator'] as const)
    authorizations.set(user, `Bearer ${tokenOf(user)}`);
  const { status } = await made(`${accounts}/robot/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  authorizations.set('service account of an editor', `Bearer ${status.token}`);
  authorizations.set('stranger from another project', `Bearer ${tokenOf('stranger', '--project', 'elsewhere')}`);
  authorizations.set('master', `Bearer ${server().token}`);
  authorizations.set('anonymous', undefined);
}, 120_000);

function tokenOf(user: string, ...more: string[]): string {
  const main = join(import.meta.dirname, '../../cli/main.ts');
  const args = [main, 'token', 'create', '--user', user, '--expires', '1h', ...more];
  const env = { ...process.env, DATUM_DATA_DIR: server().launched.dataDir };
  return execFileSync(process.execPath, args, { env }).toString().trim();
}

/** Headers that prove an identity; without one, none at all. */
function headersOf(identity: IdentityName): Record<string, string> {
  const authorization = authorizations.get(identity);
  return authorization === undefined ? {} : { authorization };
}

async function throughKubernetes(identity: IdentityName, kind: Kind, verb: Verb): Promise<Outcome> {
  const collection = `/projects/${home}/control-plane${collectionOf(kind)}`;
  const one = `${collection}/${nameOf(kind)}`;
  const dry = 'dryRun=All&fieldManager=matrix';
  const stored = async () => (await server().call({ path: `${collectionOf(kind)}/${nameOf(kind)}` })).body;
  const labels = { metadata: { labels: { matrix: 'yes' } } };
  const call = {
    get: async () => ({ path: one }),
    list: async () => ({ path: collection }),
    watch: async () => ({ path: `${collection}?watch=true&timeoutSeconds=1` }),
    create: async () => ({ method: 'POST', path: `${collection}?${dry}`, body: sampleOf(kind, 'fresh') }),
    update: async () => ({ method: 'PUT', path: `${one}?${dry}`, body: await stored() }),
    patch: async () => patch('application/merge-patch+json', labels),
    apply: async () =>
      patch('application/apply-patch+yaml', { apiVersion: apiVersionOf(kind), kind: kind.name, ...labels }),
    delete: async () => ({ method: 'DELETE', path: `${one}?dryRun=All` }),
    deletecollection: async () => ({ method: 'DELETE', path: `${collection}?dryRun=All` }),
  } satisfies Record<Verb, () => Promise<object>>;
  function patch(type: string, body: object) {
    return { method: 'PATCH', path: `${one}?${dry}`, headers: { 'content-type': type }, body };
  }
  const asked: { path: string; headers?: Record<string, string> } = await call[verb]();
  const authorization = authorizations.get(identity) ?? '';
  const { status, raw } = await server().call({ ...asked, headers: { ...asked.headers, authorization } });
  switch (status) {
    case 200:
    case 201:
      return 'allowed';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not found';
    default:
      throw new Error(`${identity} ${verb} ${kind.id}: ${status} ${raw}`);
  }
}

async function throughGraphql(identity: IdentityName, kind: Kind, verb: Verb): Promise<Outcome | undefined> {
  const names = apiNames(kind);
  const inNamespace = kind.scope === 'Namespaced' ? 'namespace: "default"' : '';
  const key = `${inNamespace} name: "${nameOf(kind)}"`;
  const { apiVersion: _apiVersion, kind: _kind, ...input } = sampleOf(kind, 'fresh');
  const payload = 'userErrors { __typename code message }';
  const patch = { metadata: { labels: { matrix: 'yes' } } };
  const many = inNamespace === '' ? names.many : `${names.many}(${inNamespace})`;
  const operations: Record<Verb, [query: string, variables?: object] | undefined> = {
    get: [`{ object: ${names.one}(${key}) { metadata { name } } }`],
    list: [`{ list: ${many} { nodes { metadata { name } } } }`],
    watch: undefined,
    create: [
      `mutation ($input: ${names.input}!) { payload: ${names.create}(input: $input, dryRun: true) { ${payload} } }`,
      { input },
    ],
    update: [
      `mutation ($input: ${names.patch}!) { payload: ${names.update}(${key}, patch: $input, dryRun: true) { ${payload} } }`,
      { input: patch },
    ],
    patch: undefined,
    apply: [
      `mutation ($input: ${names.patch}!) { payload: ${names.apply}(${key}, input: $input, fieldManager: "matrix", dryRun: true) { ${payload} } }`,
      { input: patch },
    ],
    delete: [`mutation { payload: ${names.delete}(${key}, dryRun: true) { ${payload} } }`],
    deletecollection: undefined,
  };
  if (verb === 'watch')
    return watched(
      identity,
      `subscription { event: ${names.watch}${inNamespace === '' ? '' : `(${inNamespace})`} { type } }`,
    );
  const [query, variables = {}] = operations[verb] ?? [];
  if (query === undefined) return undefined;
  const response = await fetch(server().ready.graphql ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'datum-project': home,
      ...headersOf(identity),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: any; errors?: { extensions?: { code?: string } }[] };
  const codes = [
    ...(errors ?? []).map(({ extensions }) => extensions?.code),
    ...(data?.payload?.userErrors ?? []).map(({ code }: { code: string }) => code),
  ];
  return outcomeOf(codes, `${identity} ${verb} ${kind.id}: ${JSON.stringify({ data, errors })}`);
}

function outcomeOf(codes: readonly (string | undefined)[], what: string): Outcome {
  const [code, ...more] = [...new Set(codes)];
  if (codes.length === 0) return 'allowed';
  if (more.length === 0) {
    if (code === 'FORBIDDEN') return 'forbidden';
    if (code === 'UNAUTHENTICATED') return 'unauthorized';
    if (code === 'NOT_FOUND') return 'not found';
  }
  throw new Error(what);
}

async function watched(identity: IdentityName, query: string): Promise<Outcome> {
  const client = createClient({
    url: (server().ready.graphql ?? '').replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { ...headersOf(identity), project: home },
  });
  try {
    for await (const { errors } of client.iterate({ query })) {
      return outcomeOf(
        (errors ?? []).map(({ extensions }) => String(extensions?.['code'])),
        `${identity} ${query}: ${JSON.stringify(errors)}`,
      );
    }
    throw new Error(`${identity} ${query}: ended without an event`);
  } catch (error) {
    const { code } = error as { code?: number };
    if (code === 4401) return 'unauthorized';
    if (code === 4404) return 'not found';
    if (!Array.isArray(error)) throw error;
    return outcomeOf(
      error.map(({ extensions }) => extensions?.code),
      `${identity} ${query}: ${JSON.stringify(error)}`,
    );
  } finally {
    await client.dispose();
  }
}

/** Not even a master deletes the namespace `default`, or all projects: one of them is always there. */
function isForEver({ id }: Kind, verb: Verb): boolean {
  return (id === 'Namespace' && verb === 'delete') || (id === 'Project' && verb === 'deletecollection');
}

/** What must come of it. */
function wanted(identity: IdentityName, kind: Kind, verb: Verb, door: 'graphql' | 'kubernetes'): Outcome {
  if (identity === 'anonymous') return 'unauthorized';
  if (identity === 'stranger from another project') return 'not found';
  const isRead = (reading as readonly string[]).includes(verb);
  switch (levelOf(identity, kind.id as KindId)) {
    case 'write':
      return isForEver(kind, verb) ? 'forbidden' : 'allowed';
    case 'read':
      return isRead ? 'allowed' : 'forbidden';
    case 'own':
      // GraphQL lists what may be seen; a Kubernetes server refuses a list of all.
      return verb === 'get' || (isRead && door === 'graphql') ? 'allowed' : 'forbidden';
    case 'none':
      return 'forbidden';
  }
}

test('every kind has a row, and every root field of GraphQL is of a kind or has one', () => {
  expect(Object.keys(levels).toSorted()).toEqual(
    registry
      .all()
      .map(({ id }) => id)
      .toSorted(),
  );
  const known = new Set([
    ...Object.keys(otherFields),
    // Who may follow a console is shown in test/gcp/serial-console.test.ts.
    'watchSerialConsole',
    ...registry.all().flatMap((kind) => {
      const { one, many, watch, watchCloudResources, create, update, apply, delete: remove } = apiNames(kind);
      return [one, many, watch, watchCloudResources, create, update, apply, remove];
    }),
  ]);
  const supergraph = parse(
    readFileSync(join(import.meta.dirname, '../../gateway/generated/supergraph.graphql'), 'utf8'),
  );
  const fields = supergraph.definitions.flatMap((definition) =>
    definition.kind === NodeKind.OBJECT_TYPE_DEFINITION &&
    ['Query', 'Mutation', 'Subscription'].includes(definition.name.value)
      ? (definition.fields ?? []).map(({ name }) => name.value)
      : [],
  );
  expect(fields.filter((field) => !known.has(field))).toEqual([]);
});

test.each(Object.entries(otherFields))('%s answers nobody with nothing', async (_, { operation, nobody, shownIn }) => {
  const place = Buffer.from('default/Network/default/sample').toString('base64url');
  const answer = async (identity: IdentityName) => {
    const response = await fetch(server().ready.graphql ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headersOf(identity) },
      body: JSON.stringify({ query: operation.replace('ID', place) }),
    });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: any[] };
    return errors?.[0]?.extensions.code ?? data;
  };
  expect(await answer('anonymous')).toBe('UNAUTHENTICATED');
  expect(await answer('nobody')).toEqual(nobody);
  // The same is another answer to one who may see it.
  if (shownIn === undefined) expect(await answer('master')).not.toEqual(nobody);
});

describe.each(identities)('%s', (identity) => {
  test.concurrent.each(registry.all().map((kind) => [kind.id, kind] as const))('%s', async (_, kind) => {
    const found: Record<string, Outcome> = {};
    const must: Record<string, Outcome> = {};
    for (const verb of verbsOf(kind)) {
      found[`kubernetes ${verb}`] = await throughKubernetes(identity, kind, verb);
      must[`kubernetes ${verb}`] = wanted(identity, kind, verb, 'kubernetes');
      const outcome = await throughGraphql(identity, kind, verb);
      if (outcome === undefined) continue;
      found[`graphql ${verb}`] = outcome;
      must[`graphql ${verb}`] = wanted(identity, kind, verb, 'graphql');
    }
    if (hasCloudResources(kind)) {
      const event = `${apiNames(kind).watchCloudResources}(namespace: "default", name: "${nameOf(kind)}")`;
      found['what is in the cloud'] = await watched(identity, `subscription { event: ${event} { name } }`);
      must['what is in the cloud'] = wanted(identity, kind, 'get', 'graphql');
    }
    expect(found).toEqual(must);
  });
});
