import { connect } from 'node:tls';
import { createClient } from 'graphql-ws';
import { beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Answer, serverOfFile } from '../clients/support/server.ts';

/** Attacks that were tried on the running product; each must go on to find nothing. */
const server = serverOfFile();

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const networking = '/apis/networking.datumapis.com/v1alpha/namespaces';
const projects = '/apis/resourcemanager.datumapis.com/v1alpha1/projects';
const rbacGroup = 'rbac.authorization.k8s.io';
/** Stands in whatever the attackers must not see. */
const hidden = 'hidden';

type Headers = Readonly<Record<string, string>>;
const as = (user: string): Headers => ({ 'impersonate-user': user });
const admin: Headers = {};

function kubernetes(who: Headers, method: string, path: string, body?: object, type?: string): Promise<Answer> {
  const usual = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { ...who, 'content-type': type ?? usual };
  return server().call({ method, path, headers, ...(body === undefined ? {} : { body }) });
}

async function graphql(who: Headers, query: string, variables: object = {}): Promise<any> {
  const { ready, token } = server();
  const response = await fetch(ready.graphql ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...who },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

async function make(path: string, kind: string, name: string, content: object = {}): Promise<void> {
  const [, version = ''] = /^\/apis?\/(v1|[^/]+\/[^/]+)/.exec(path) ?? [];
  const { status, body } = await kubernetes(admin, 'POST', path, {
    apiVersion: version,
    kind,
    metadata: { name },
    ...content,
  });
  if (status !== 201) throw new Error(`${kind} ${name}: ${JSON.stringify(body)}`);
}

const bindTo = (role: string, user: string, kind = 'ClusterRole') => ({
  roleRef: { apiGroup: rbacGroup, kind, name: role },
  subjects: [{ kind: 'User', apiGroup: rbacGroup, name: user }],
});
const network = { spec: { ipam: { mode: 'Auto' } } };
const location = {
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Location',
  metadata: { name: 'lure' },
  spec: {
    locationClassName: 'self-managed',
    topology: { 'topology.datum.net/city-code': 'DFW' },
    provider: { gcp: { projectId: 'of-the-attacker', region: 'us-south1', zone: 'us-south1-a' } },
  },
};

beforeAll(async () => {
  for (const namespace of ['a', 'b']) await make('/api/v1/namespaces', 'Namespace', namespace);
  for (const role of ['view', 'edit', 'admin'])
    await make(`${rbac}/namespaces/a/rolebindings`, 'RoleBinding', role, bindTo(role, role));
  await make(`${rbac}/namespaces/b/rolebindings`, 'RoleBinding', 'bob', bindTo('view', 'bob'));
  for (const [namespace, name] of [
    ['a', 'own'],
    ['b', hidden],
  ] as const) {
    await make(`${networking}/${namespace}/networks`, 'Network', name, network);
    await make(`/api/v1/namespaces/${namespace}/secrets`, 'Secret', name, { stringData: { key: hidden } });
    await make(`/api/v1/namespaces/${namespace}/serviceaccounts`, 'ServiceAccount', name);
  }
  await make(projects, 'Project', 'shop', { spec: { owners: [{ kind: 'User', name: 'olga' }] } });
  await make(projects, 'Project', 'shed', { spec: { owners: [{ kind: 'User', name: 'otto' }] } });
});

test.each([
  ['/api/v1/namespaces/a/../b/secrets', 404],
  ['/api/v1/namespaces/a%2f..%2fb/secrets', 404],
  ['/api/v1/namespaces/%62/secrets', 403],
  ['/api/v1/namespaces/a;b/secrets', 403],
  ['//api/v1/namespaces/b/secrets', 403],
  ['/api/v1//namespaces/b/secrets', 404],
  ['/api/v1/namespaces/a/secrets/..%2f..%2fb%2fsecrets%2fhidden', 404],
  ['/api/v1/namespaces?fieldSelector=metadata.name%3Db', 403],
  ['/api/v1/secrets?fieldSelector=metadata.namespace%3Da', 403],
  ['https://elsewhere/api/v1/namespaces/b/secrets', 403],
  ['/api/v1/namespaces/b/secrets#/api/v1/namespaces/a/secrets', 404],
  ['/projects/%64efault/control-plane/api/v1/namespaces/b/secrets', 404],
  ['/projects/shop/control-plane/api/v1/namespaces', 404],
  ['/projects/SHOP/control-plane/api/v1/namespaces', 404],
  ['/projects/__proto__/control-plane/api/v1/namespaces', 404],
  ['/projects/shed/../shop/control-plane/api/v1/namespaces', 403],
  ['/projects/shop%2f/control-plane/api/v1/namespaces', 404],
])('an administrator of one namespace gets nothing by %s', async (path, status) => {
  const lines = ['Impersonate-User: admin-of-nothing', 'Impersonate-User: admin'];
  // The last of several is meant; `admin` is the administrator of namespace a, not the one of the product.
  const answer = await exchange(`GET ${path} HTTP/1.1`, lines);
  expect(answer.status, answer.text).toBe(status);
  expect(answer.text).not.toContain('"items"');
});

test.each<[string, string[], RegExp]>([
  ['two credentials', ['Authorization: Bearer none', 'Authorization: Bearer ADMIN'], /Unauthorized/],
  ['two credentials in one line', ['Authorization: Bearer ACCOUNT, Bearer ADMIN'], /Unauthorized/],
  [
    'two users',
    ['Authorization: Bearer ACCOUNT', 'Impersonate-User: system:serviceaccount:a:own', 'Impersonate-User: root'],
    /cannot impersonate resource \\"users\\"/,
  ],
  ['a group alone', ['Authorization: Bearer ACCOUNT', 'Impersonate-Group: system:masters'], /without impersonating a/],
  ['another account', ['Authorization: Bearer ACCOUNT', 'Impersonate-User: system:serviceaccount:b:hidden'], /cannot/],
  ['headers of proxies', ['Authorization: Bearer ACCOUNT', 'X-Remote-Group: system:masters'], /cannot list/],
  [
    'headers that are struck out',
    ['Authorization: Bearer ADMIN', 'Impersonate-User: view', 'Connection: Impersonate-User'],
    /cannot list/,
  ],
])('a service account wins nothing by %s', async (_, lines, said) => {
  const account = await accountToken();
  const sent = lines.map((line) => line.replace('ACCOUNT', account).replace('ADMIN', server().token));
  const { text } = await exchange('GET /api/v1/namespaces/b/secrets HTTP/1.1', sent, false);
  expect(text).toMatch(said);
  expect(text).not.toContain('"items"');
});

const role = (rule: object) => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'Role',
  metadata: { name: 'more' },
  rules: [rule],
});
const binding = (roleName: string, kind?: string) => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'RoleBinding',
  metadata: { generateName: 'more-' },
  ...bindTo(roleName, 'admin', kind),
});

test.each<[string, string, object]>([
  ['POST', `${rbac}/namespaces/a/rolebindings`, binding('cluster-admin')],
  ['POST', `${rbac}/namespaces/a/rolebindings`, binding('later', 'Role')],
  ['POST', `${rbac}/namespaces/a/roles`, role({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] })],
  ['POST', `${rbac}/namespaces/a/roles`, role({ verbs: ['bind'], apiGroups: [rbacGroup], resources: ['roles'] })],
  ['POST', `${rbac}/namespaces/a/roles`, role({ verbs: ['update'], apiGroups: ['*'], resources: ['*/status'] })],
  ['PATCH', '/api/v1/namespaces/a', { metadata: { labels: { mine: 'yes' } } }],
  ['PATCH', `${networking}/a/networks/own/status`, { status: {} }],
  ['DELETE', '/api/v1/namespaces/a', {}],
  ['DELETE', `${networking}/b/networks?dryRun=All`, {}],
  // Whose workloads go where is nothing that one namespace decides for the others.
  ['POST', `${networking}/a/locations`, location],
  ['POST', '/api/v1/namespaces/b/serviceaccounts/hidden/token', {}],
])('an administrator of a namespace cannot %s %s', async (method, path, body) => {
  expect((await kubernetes(as('admin'), method, path, body)).status).toBe(403);
});

test('what is asked about another namespace is answered to those who are somebody there', async () => {
  const ask = async (user: string, namespace: string) =>
    graphql(
      as('admin'),
      `{ whyDenied(kind: "Namespace", verb: "get", namespace: "${namespace}", name: "b", user: "${user}") { allowed } }`,
    );
  // Both are refused, whether bob may or carol may not.
  for (const user of ['bob', 'carol'])
    expect((await ask(user, 'a')).errors?.[0]?.extensions.code, user).toBe('FORBIDDEN');
});

test('ids, aliases, cursors, tokens and selectors of others show nothing of them', async () => {
  const ids = (
    await graphql(
      admin,
      `
        {
          a: network(namespace: "b", name: "hidden") {
            id
          }
          b: secret(namespace: "b", name: "hidden") {
            id
          }
          c: namespace(name: "b") {
            id
          }
          networks {
            resumeToken
            pageInfo {
              endCursor
            }
          }
        }
      `,
    )
  ).data;
  for (const who of [as('view'), as('admin'), as('nobody')]) {
    const found = await graphql(who, '{ nodes(ids: ["' + [ids.a.id, ids.b.id, ids.c.id].join('", "') + '"]) { id } }');
    expect(found.data).toEqual({ nodes: [null, null, null] });
  }
  const { endCursor } = ids.networks.pageInfo;
  const mixed = await graphql(
    as('view'),
    `{ own: network(namespace: "a", name: "own") { metadata { name } } there: network(namespace: "b", name: "hidden") { id } none: network(namespace: "b", name: "none") { id }
       all: networks { edges { node { metadata { name } } } pageInfo { hasNextPage } } after: networks(after: ${JSON.stringify(endCursor)}) { edges { cursor } }
       by: networks(filter: { fieldSelector: "metadata.namespace=b" }) { edges { cursor } } }`,
  );
  expect(mixed.data).toMatchObject({ own: { metadata: { name: 'own' } }, there: null, none: null });
  expect(mixed.data.all).toEqual({
    edges: [{ node: { metadata: { name: 'own' } } }],
    pageInfo: { hasNextPage: false },
  });
  expect([mixed.data.after.edges, mixed.data.by.edges]).toEqual([[], []]);
  const [there, none] = mixed.errors.map(({ message }: any) => message.replace(/hidden|none/, ''));
  expect(there).toBe(none);
});

test.each<[string, Headers, Record<string, unknown>, string]>([
  ['a project that is no text', as('olga'), { project: ['shop'] }, 'Project not found'],
  ['two projects', as('olga'), { project: 'shed', path: '/projects/shop/graphql' }, 'Project not found'],
  ['a project of others', as('otto'), { project: 'shop' }, 'Project not found'],
  ['a project that is not there', as('otto'), { project: 'none' }, 'Project not found'],
  ['a user that is no text', {}, { 'impersonate-user': { toString: 'root' } }, 'no text that can be read'],
  ['a group alone', {}, { 'impersonate-group': ['system:masters'] }, 'without impersonating a user'],
])('a WebSocket is refused that names %s', async (_, who, { path = '/graphql', ...params }, reason) => {
  const { ready, token } = server();
  const client = createClient({
    url: (ready.graphql ?? '').replace(/^http/, 'ws').replace('/graphql', String(path)),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}`, ...who, ...params },
  });
  const read = client.iterate({ query: '{ viewer { user project } }' }).next();
  await expect(read).rejects.toMatchObject({ reason: expect.stringContaining(reason) });
  await client.dispose();
});

test('a project is named by its name even where its existence is told to nobody', async () => {
  const of = (name: string) =>
    kubernetes(as('otto'), 'GET', `/projects/${name}/control-plane/api/v1/namespaces`).then(({ raw }) =>
      raw.toString().replaceAll(name, 'NAME'),
    );
  expect(await of('shop')).toBe(await of('none'));
});

test('a WebSocket that asks for two identities, in headers and in parameters, is refused', async () => {
  const { ready, token } = server();
  class Impersonating extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers: as('olga') });
    }
  }
  const client = createClient({
    url: (ready.graphql ?? '').replace(/^http/, 'ws'),
    webSocketImpl: Impersonating,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}`, ...as('otto') },
  });
  const read = client.iterate({ query: '{ viewer { user } }' }).next();
  await expect(read).rejects.toMatchObject({ code: 4403, reason: 'Impersonation in headers and in parameters' });
  await client.dispose();
});

async function accountToken(): Promise<string> {
  const { body } = await kubernetes(admin, 'POST', '/api/v1/namespaces/a/serviceaccounts/own/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  return body.status.token as string;
}

/** Sends a request byte by byte, as no HTTP client would. */
function exchange(
  first: string,
  lines: readonly string[],
  asAdmin = true,
): Promise<{ readonly status: number; readonly text: string }> {
  const { url, token, ca } = server();
  const { hostname, port } = new URL(url);
  const own = asAdmin ? [`Authorization: Bearer ${token}`] : [];
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), ca }, () =>
      socket.write(`${[first, 'Host: datum', ...own, ...lines].join('\r\n')}\r\n\r\n`),
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [head = '', rest] = text.split('\r\n\r\n', 2);
      const [, length = '0'] = /content-length: (\d+)/i.exec(head) ?? [];
      if (rest === undefined || Buffer.byteLength(rest) < Number(length)) return;
      socket.destroy();
      resolve({ status: Number(head.split(' ')[1]), text: rest });
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error(`no answer: ${text}`)));
  });
}
