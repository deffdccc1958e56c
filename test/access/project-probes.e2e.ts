import { createClient } from 'graphql-ws';
import { beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { apiNames } from '../../kinds/generator/graphql-api/names.ts';
import type { KindId } from '../../kinds/generated/types.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { builtInRegistry } from '../../kinds/registry.ts';
import { serverOfFile } from '../clients/support/server.ts';
import { kindSamples } from '../support/kind-samples.ts';
import { seeded, testScale, testSeed } from '../support/scale.ts';

// Two projects hold objects of the same names. Whoever belongs to one asks both doors for the other's, in every way that there
// is, and must find nothing of it: no value, no count, no difference between what is there and what is not.

const registry = builtInRegistry();
/** Nobody is too fast here. */
const freely = { perSecond: 1e6, burst: 1e6 };
const server = serverOfFile({
  DATUM_ROLES: 'gateway,subgraph,kubernetes',
  DATUM_LIMITS: JSON.stringify({ standard: { read: freely, write: freely, watch: freely, review: freely } }),
});
const kinds = registry.all().filter(({ rootOnly, id }) => rootOnly !== true && id !== 'Event');
const probes = Math.ceil(10_000 * testScale);
const atOnce = 16;
/** Stands in every object of the project that is probed, and nowhere else. */
const secret = 'only-in-the-other-project';
const groups = ['', '/apis/resourcemanager.miloapis.com/v1alpha1', '/apis/resourcemanager.datumapis.com/v1alpha1'];
const ourGroup = '/apis/resourcemanager.datumapis.com/v1alpha1';

interface Known {
  readonly id: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What a prober may have learned by other ways: ids, uids and tokens of the other project. */
const known = new Map<string, Known>();
let token = '';
let resumeToken = '';
let continueToken = '';

beforeAll(async () => {
  for (const project of ['mine', 'theirs'])
    await made(`${ourGroup}/projects`, {
      apiVersion: 'resourcemanager.datumapis.com/v1alpha1',
      kind: 'Project',
      metadata: { name: project },
    });
  for (const project of ['mine', 'theirs']) {
    // Nothing reconciles here, so that what is there stays as it is.
    await made(`/projects/${project}/control-plane/api/v1/namespaces`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
    });
    for (const id of Object.keys(kindSamples)) {
      const kind = kinds.find((one) => one.id === id);
      if (kind === undefined) continue;
      const label = project === 'theirs' ? { labels: { mark: secret }, annotations: { mark: secret } } : {};
      await made(`/projects/${project}/control-plane${collectionOf(kind)}`, sampleOf(kind, 'sample', label));
    }
  }
  // A service account of mine, with all rights there.
  await made(
    '/projects/mine/control-plane/api/v1/namespaces/default/serviceaccounts',
    account('ServiceAccount', 'prober'),
  );
  await made('/projects/mine/control-plane/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'prober' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'prober' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all' },
  });
  await made('/projects/mine/control-plane/apis/rbac.authorization.k8s.io/v1/clusterroles', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'all' },
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
  });
  const { status } = await made('/projects/mine/control-plane/api/v1/namespaces/default/serviceaccounts/prober/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  token = status.token;

  for (const kind of kinds) {
    const names = apiNames(kind);
    const query = `{ object: ${names.one}${key(kind)} { id metadata { uid resourceVersion } } }`;
    const { data } = await graphql(query, server().token, 'theirs');
    known.set(kind.id, { id: data.object.id, ...data.object.metadata });
  }
  const watch = 'subscription { watchConfigMaps { type resumeToken } }';
  resumeToken = await watched(watch, server().token, 'theirs', {}, ({ type }) => type === 'BOOKMARK');
  const page = await server().call({ path: '/projects/theirs/control-plane/api/v1/namespaces?limit=1' });
  continueToken = page.body.metadata.continue;
}, 120_000);

async function made(path: string, body: object): Promise<any> {
  const answer = await server().call({ method: 'POST', path, body });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.raw}`);
  return answer.body;
}

function account(kind: string, name: string): object {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' } };
}

function sampleOf(kind: Kind, name: string, more: object = {}): object {
  const metadata = { name, ...(kind.scope === 'Namespaced' ? { namespace: 'default' } : {}), ...more };
  return { apiVersion: apiVersionOf(kind), kind: kind.name, ...kindSamples[kind.id as KindId], metadata };
}

function collectionOf({ group, version, plural, scope }: Kind): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${scope === 'Namespaced' ? '/namespaces/default' : ''}/${plural}`;
}

function key({ scope }: Kind): string {
  return `(${scope === 'Namespaced' ? 'namespace: "default", ' : ''}name: "sample")`;
}

async function graphql(
  query: string,
  bearer: string,
  project?: string,
  variables?: object,
): Promise<{ status: number; data: any; text: string }> {
  const response = await fetch(server().ready.graphql ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${bearer}`,
      ...(project === undefined ? {} : { 'datum-project': project }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { status: response.status, data: JSON.parse(text).data, text };
}

/** The events of a watch, until the predicate holds; its error as a text. */
async function watched(
  query: string,
  bearer: string,
  project: string,
  variables: Record<string, unknown>,
  until: (event: any) => boolean,
): Promise<string> {
  const client = createClient({
    url: (server().ready.graphql ?? '').replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${bearer}`, project },
  });
  try {
    for await (const { data, errors } of client.iterate<any>({ query, variables })) {
      if (errors !== undefined) return JSON.stringify(errors);
      const event: any = Object.values(data)[0];
      if (until(event)) return event.resumeToken;
    }
    return 'ended';
  } finally {
    await client.dispose();
  }
}

/** A request that must find nothing; answers what came of it. `other` may be a project that does not exist. */
type Probe = (pick: <T>(all: readonly T[]) => T, other: string) => Promise<{ status: number; text: string }>;

const theirs = (kind: Kind): Known => known.get(kind.id) ?? { id: '', uid: '', resourceVersion: '' };

const door = async (method: string, path: string, body?: object): Promise<{ status: number; text: string }> => {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}),
  };
  const answer = await server().call({ method, path, headers, ...(body === undefined ? {} : { body }) });
  return { status: answer.status, text: answer.raw.toString() };
};

/** Requests below the other project's prefix, or with its name: as if there were no such project. */
const outside: readonly Probe[] = [
  (pick, other) => {
    const kind = pick(kinds);
    const tail = pick(['', '/sample', '/none', '?watch=true&timeoutSeconds=1', '/sample/status', '?limit=1']);
    const at = `${pick(groups)}/projects/${other}/control-plane`;
    return door(
      'GET',
      `${at}${pick([collectionOf(kind) + tail, '/api', '/apis', '/openapi/v3', '/version', '/readyz', ''])}`,
    );
  },
  (pick, other) => {
    const kind = pick(kinds);
    const method = pick(['POST', 'PUT', 'PATCH', 'DELETE']);
    const path = `${pick(groups)}/projects/${other}/control-plane${collectionOf(kind)}${method === 'POST' ? '' : pick(['/sample', '/none'])}`;
    return door(
      method,
      `${path}${pick(['', '?dryRun=All'])}`,
      method === 'DELETE' ? undefined : sampleOf(kind, pick(['sample', 'none'])),
    );
  },
  (pick, other) => {
    const kind = pick(kinds);
    const names = apiNames(kind);
    const query = pick([
      `{ object: ${names.one}${key(kind)} { id } }`,
      `{ ${names.many} { nodes { id } } }`,
      '{ viewer { project } }',
      `mutation { ${names.delete}${key(kind)} { deleted } }`,
      `{ node(id: "${theirs(kind).id}") { id } }`,
    ]);
    return graphql(query, token, other);
  },
];

/** Requests within the prober's own project that name what is in the other. */
const inside: readonly Probe[] = [
  async (pick) => {
    const { id } = theirs(pick(kinds));
    const { data, text } = await graphql(`{ node(id: "${id}") { id __typename } nodes(ids: ["${id}"]) { id } }`, token);
    expect(data).toEqual({ node: null, nodes: [null] });
    return { status: 404, text };
  },
  async (pick) => {
    const kind = pick(kinds);
    const names = apiNames(kind);
    const selector = pick([`{ labelSelector: "mark=${secret}" }`, `{ labelSelector: "mark" }`]);
    const { data, text } = await graphql(
      `{ page: ${names.many}(filter: ${selector}) { nodes { metadata { name } } } }`,
      token,
    );
    expect(data.page.nodes).toEqual([]);
    return { status: 404, text };
  },
  async (pick) => {
    const kind = pick(kinds);
    const { status, text } = await door('GET', `${collectionOf(kind)}?labelSelector=mark%3D${secret}`);
    expect(JSON.parse(text).items).toEqual([]);
    return { status: status === 200 ? 404 : status, text };
  },
  async (pick) => {
    const kind = pick(kinds);
    const { uid } = theirs(kind);
    const { status, text } = await door('DELETE', `${collectionOf(kind)}/sample?dryRun=All`, {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions: { uid },
    });
    // Its own object has another uid.
    expect([409, 404, 403]).toContain(status);
    return { status: 404, text: text.replaceAll(uid, '') };
  },
  async () => {
    const { status, text } = await door(
      'GET',
      `/api/v1/namespaces?limit=1&continue=${encodeURIComponent(continueToken)}`,
    );
    expect(status).toBe(400);
    return { status: 404, text };
  },
  async (pick) => {
    const kind = pick(kinds);
    const names = apiNames(kind);
    const query = `subscription ($from: String) { ${names.watch}(from: $from) { type } }`;
    const error = await watched(query, token, 'mine', { from: resumeToken }, () => true);
    expect(error).toContain('INVALID_RESUME_TOKEN');
    return { status: 404, text: '' };
  },
];

test(`${probes} probes of another project find nothing of it`, async () => {
  const random = seeded('project probes');
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const before = await contentOf('theirs');
  let done = 0;
  let compared = 0;

  async function probe(): Promise<void> {
    while (done < probes) {
      done += 1;
      const at = `seed ${testSeed}, probe ${done}`;
      if (random() < 0.7) {
        // The same request of a project that exists and of one that does not: the answers must be the same.
        const choices: number[] = [];
        const draw = <T>(all: readonly T[]): T => {
          choices.push(random());
          return all[Math.floor((choices.at(-1) ?? 0) * all.length)] as T;
        };
        const again = (): (<T>(all: readonly T[]) => T) => {
          let next = 0;
          return (all) => all[Math.floor((choices[next++] ?? 0) * all.length)] as never;
        };
        const asked = pick(outside);
        const there = await asked(draw, 'theirs');
        const nowhere = await asked(again(), 'nothing');
        expect(there.status, at).toBe(404);
        expect(normal(there.text, 'theirs'), at).toBe(normal(nowhere.text, 'nothing'));
        expect(there.text, at).not.toContain(secret);
        compared += 1;
      } else {
        const { status, text } = await pick(inside)(pick, 'theirs');
        expect(status, at).toBe(404);
        expect(text.replaceAll(`mark=${secret}`, ''), at).not.toContain(secret);
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, probe));
  expect(compared).toBeGreaterThan(probes / 2);
  expect(await contentOf('theirs')).toBe(before);
}, 1_200_000);

/** An answer without what differs from one to the next anyway. */
function normal(text: string, project: string): string {
  return text
    .replaceAll(JSON.stringify(project), '"X"')
    .replaceAll(`\\"${project}\\"`, '\\"X\\"')
    .replace(/"requestId":"[^"]*"/g, '');
}

/** Everything in a project, as its administrator sees it. */
async function contentOf(project: string): Promise<string> {
  const lists = await Promise.all(
    kinds
      .filter(({ id }) => id !== 'Lease')
      .map((kind) => server().call({ path: `/projects/${project}/control-plane${collectionOf(kind)}` })),
  );
  return JSON.stringify(
    lists.map(({ body }) => body.items.map((item: any) => [item.metadata.uid, item.metadata.labels])),
  );
}
