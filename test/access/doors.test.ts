import { expect, test } from 'vitest';
import type { Wanted } from '../../access/authorise.ts';
import { bind, grant, namespaces, network, networkSpec, networksIn } from '../support/access-objects.ts';
import { accessWorld, type AccessWorld } from '../support/access-world.ts';
import { asAdmin } from '../support/store.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';

const pairs = async (world: AccessWorld): Promise<void> => {
  await namespaces(world, 'here', 'there');
  for (const namespace of ['here', 'there']) for (const name of ['a', 'b']) await network(world, namespace, name);
};

test('who has no rule may discover, ask who they are, and nothing else', async () => {
  const denied: Wanted[] = [];
  const world = await accessWorld({ onDenied: (_, wanted) => void denied.push(wanted) });
  await pairs(world);
  const ann = world.person('ann');
  for (const path of [
    '/api',
    '/apis',
    '/apis/networking.datumapis.com/v1alpha',
    '/openapi/v2',
    '/openapi/v3',
    '/version',
  ])
    expect((await ann.kubernetes('GET', path)).status, path).toBe(200);
  const who = await ann.kubernetes('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
  });
  expect(who.body.status.userInfo).toEqual({ username: 'ann', groups: ['system:authenticated'] });
  for (const path of [
    '/metrics',
    networksIn('here'),
    `${networksIn('here')}/a`,
    `${networksIn('here')}/none`,
    rbac + '/roles',
  ])
    expect((await ann.kubernetes('GET', path)).status, path).toBe(403);
  const { data } = await ann.graphql('{ viewer { user groups project impersonator } }');
  expect(data.viewer).toEqual({
    user: 'ann',
    groups: ['system:authenticated'],
    project: 'default',
    impersonator: null,
  });
  for (const query of [
    '{ networks { nodes { id } } }',
    '{ networks(namespace: "here") { nodes { id } } }',
    '{ network(namespace: "here", name: "a") { id } }',
    '{ network(namespace: "here", name: "none") { id } }',
  ]) {
    const { errors } = await ann.graphql(query);
    expect(errors?.[0]?.extensions['code'], query).toBe('FORBIDDEN');
  }
  expect(denied).toContainEqual(expect.objectContaining({ verb: 'get', resource: 'networks', name: 'none' }));
  expect(denied).toContainEqual({ verb: 'get', path: '/metrics' });
});

test('view reads all but secrets and roles, edit writes, admin gives rights within the namespace', async () => {
  const world = await accessWorld();
  await pairs(world);
  for (const role of ['view', 'edit', 'admin']) await bind(world, role, role, 'here');
  const secrets = '/api/v1/namespaces/here/secrets';
  const configMap = { metadata: { name: 'c' }, data: { a: 'b' } };
  const roleBinding = {
    metadata: { name: 'given' },
    subjects: [{ kind: 'User', name: 'eve' }],
    roleRef: { kind: 'ClusterRole', name: 'edit' },
  };
  const status = async (user: string, method: string, path: string, body?: object): Promise<number> =>
    (await world.person(user).kubernetes(method, path, body)).status;
  const table: [string, string, object | undefined, Record<string, number>][] = [
    ['GET', networksIn('here'), undefined, { view: 200, edit: 200, admin: 200 }],
    ['GET', `${networksIn('here')}/a/status`, undefined, { view: 200, edit: 200, admin: 200 }],
    ['GET', networksIn('there'), undefined, { view: 403, edit: 403, admin: 403 }],
    ['GET', '/apis/networking.datumapis.com/v1alpha/networks', undefined, { view: 403, edit: 403, admin: 403 }],
    ['GET', '/api/v1/namespaces/here', undefined, { view: 200, edit: 200, admin: 200 }],
    ['GET', '/api/v1/namespaces/there', undefined, { view: 403, edit: 403, admin: 403 }],
    ['GET', '/api/v1/namespaces', undefined, { view: 403, edit: 403, admin: 403 }],
    ['GET', secrets, undefined, { view: 403, edit: 200, admin: 200 }],
    ['GET', `${rbac}/namespaces/here/rolebindings`, undefined, { view: 403, edit: 403, admin: 200 }],
    ['POST', '/api/v1/namespaces/here/configmaps', configMap, { view: 403, edit: 201, admin: 409 }],
    ['PATCH', `${networksIn('here')}/a/status`, { status: {} }, { view: 403, edit: 403, admin: 403 }],
    ['PATCH', `${networksIn('here')}/a`, { metadata: { labels: { a: 'b' } } }, { view: 403, edit: 200, admin: 200 }],
    ['POST', `${rbac}/namespaces/here/rolebindings`, roleBinding, { view: 403, edit: 403, admin: 201 }],
    ['POST', `${rbac}/namespaces/there/rolebindings`, roleBinding, { view: 403, edit: 403, admin: 403 }],
    ['POST', `${rbac}/clusterrolebindings`, roleBinding, { view: 403, edit: 403, admin: 403 }],
    [
      'POST',
      '/api/v1/namespaces/here/resourcequotas',
      { metadata: { name: 'q' } },
      { view: 403, edit: 403, admin: 403 },
    ],
    ['DELETE', `${networksIn('here')}/b`, undefined, { view: 403, edit: 200, admin: 404 }],
  ];
  for (const [method, path, body, wanted] of table)
    for (const [user, code] of Object.entries(wanted))
      expect(await status(user, method, path, body), `${user} ${method} ${path}`).toBe(code);
});

test('a binding holds with the next request after it was answered, and no longer when it is gone', async () => {
  const world = await accessWorld();
  await pairs(world);
  const ann = world.person('ann');
  const path = `${rbac}/namespaces/here/rolebindings`;
  for (let round = 0; round < 5; round += 1) {
    const binding = {
      metadata: { name: 'ann' },
      subjects: [{ kind: 'User', name: 'ann' }],
      roleRef: { kind: 'ClusterRole', name: 'view' },
    };
    expect((await world.admin.kubernetes('POST', path, binding)).status).toBe(201);
    expect((await ann.kubernetes('GET', networksIn('here'))).status).toBe(200);
    expect((await world.admin.kubernetes('DELETE', `${path}/ann`)).status).toBe(200);
    expect((await ann.kubernetes('GET', networksIn('here'))).status).toBe(403);
  }
});

test('a list over all namespaces shows those that one may see, page by page, and names no others', async () => {
  const world = await accessWorld();
  await pairs(world);
  await namespaces(world, 'also');
  await network(world, 'also', 'a');
  await bind(world, 'ann', 'view', 'here');
  await bind(world, 'ann', 'view', 'also');
  const ann = world.person('ann');
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { data, errors } = await ann.graphql(
      'query ($after: String) { networks(first: 1, after: $after) { nodes { metadata { namespace name } } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    expect(errors).toBeUndefined();
    for (const { metadata } of data.networks.nodes) seen.push(`${metadata.namespace}/${metadata.name}`);
    after = data.networks.pageInfo.endCursor;
    more = data.networks.pageInfo.hasNextPage;
  }
  expect(seen).toEqual(['also/a', 'here/a', 'here/b']);
  const { data } = await ann.graphql('{ namespaces { nodes { metadata { name } } } }');
  expect(data.namespaces.nodes.map((each: any) => each.metadata.name)).toEqual(['also', 'here']);
});

test('what may not be seen looks like what is not there: by id, by relation, by name', async () => {
  const world = await accessWorld();
  await pairs(world);
  const make = (namespace: string, name: string, of: string): Promise<unknown> =>
    world.store.create(asAdmin, 'NetworkBinding', {
      metadata: { namespace, name },
      spec: { network: { namespace: of, name: 'a' }, location: { namespace: 'default', name: 'l' } },
    });
  await make('here', 'out', 'there');
  await make('here', 'in', 'here');
  await make('there', 'back', 'here');
  await bind(world, 'ann', 'view', 'here');
  const ann = world.person('ann');
  const ids = (await world.admin.graphql('{ networks { nodes { id metadata { namespace name } } } }')).data.networks
    .nodes;
  const idOf = (namespace: string): string =>
    ids.find(({ metadata }: any) => metadata.namespace === namespace && metadata.name === 'a').id;
  const absent = Buffer.from('default/Network/there/none').toString('base64url');
  const { data, errors } = await ann.graphql(
    'query ($ids: [ID!]!, $one: ID!) { nodes(ids: $ids) { id } node(id: $one) { id } }',
    { ids: [idOf('here'), idOf('there'), absent], one: idOf('there') },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ nodes: [{ id: idOf('here') }, null, null], node: null });
  const relations = await ann.graphql(
    `{ out: networkBinding(namespace: "here", name: "out") { network { id } }
       in: networkBinding(namespace: "here", name: "in") { network { id } }
       network(namespace: "here", name: "a") { bindings { nodes { metadata { namespace name } } pageInfo { hasNextPage } } } }`,
  );
  expect(relations.errors).toBeUndefined();
  expect(relations.data.out.network).toBeNull();
  expect(relations.data.in.network).toEqual({ id: idOf('here') });
  expect(relations.data.network.bindings).toEqual({
    nodes: [{ metadata: { namespace: 'here', name: 'in' } }],
    pageInfo: { hasNextPage: false },
  });
  const refusalOf = async (name: string): Promise<string> => {
    const answer = await ann.graphql(`{ network(namespace: "there", name: "${name}") { id } }`);
    const { requestId: _, ...extensions } = answer.errors?.[0]?.extensions ?? {};
    return JSON.stringify({ ...answer.errors?.[0], extensions }).replaceAll(
      JSON.stringify(`"${name}"`).slice(1, -1),
      'NAME',
    );
  };
  expect(await refusalOf('a')).toBe(await refusalOf('none'));
});

test('mutations that are not allowed say so in the payload, whether the object is there or not', async () => {
  const world = await accessWorld();
  await pairs(world);
  await bind(world, 'ann', 'view', 'here');
  const ann = world.person('ann');
  const select = 'network { id } userErrors { __typename code message } warnings';
  const mutations = (name: string): string[] => [
    `mutation { m: createNetwork(input: { metadata: { namespace: "here", name: "${name}" }, spec: { ipam: { mode: Auto } } }) { ${select} } }`,
    `mutation { m: updateNetwork(namespace: "here", name: "${name}", patch: { metadata: {} }) { ${select} } }`,
    `mutation { m: updateNetwork(namespace: "there", name: "${name}", patch: { metadata: {} }, dryRun: true) { ${select} } }`,
    `mutation { m: applyNetwork(namespace: "here", name: "${name}", input: { metadata: {} }, force: true) { ${select} } }`,
    `mutation { m: deleteNetwork(namespace: "here", name: "${name}") { ${select} } }`,
  ];
  const there = mutations('a');
  const absent = mutations('none');
  for (const [index, mutation] of there.entries()) {
    const { data, errors } = await ann.graphql(mutation);
    expect(errors, mutation).toBeUndefined();
    expect(data.m).toMatchObject({ network: null, userErrors: [{ __typename: 'ForbiddenError', code: 'FORBIDDEN' }] });
    const other = await ann.graphql(absent[index] ?? '');
    expect(JSON.stringify(other.data).replaceAll('none', 'a')).toBe(JSON.stringify(data));
  }
});

test('to apply what is not there takes the right to create, at both doors', async () => {
  const world = await accessWorld();
  await pairs(world);
  const about = { apiGroups: ['networking.datumapis.com'], resources: ['networks'] };
  await grant(world, 'ann', [{ ...about, verbs: ['get', 'patch'] }], 'here');
  await grant(world, 'bob', [{ ...about, verbs: ['get', 'patch', 'create'] }], 'here');
  const apply = (name: string): string =>
    `mutation { applyNetwork(namespace: "here", name: "${name}", input: { spec: { ipam: { mode: Auto } } }) { created userErrors { code } } }`;
  const byGraphql = async (user: string, name: string): Promise<unknown> =>
    (await world.person(user).graphql(apply(name))).data.applyNetwork;
  expect(await byGraphql('ann', 'a')).toEqual({ created: false, userErrors: [] });
  expect(await byGraphql('ann', 'new')).toEqual({ created: false, userErrors: [{ code: 'FORBIDDEN' }] });
  expect(await byGraphql('bob', 'new')).toEqual({ created: true, userErrors: [] });
  const manifest = { apiVersion: 'networking.datumapis.com/v1alpha', kind: 'Network', ...networkSpec };
  const byKubernetes = (user: string, name: string) =>
    world.person(user).kubernetes(
      'PATCH',
      `${networksIn('here')}/${name}?fieldManager=t`,
      { ...manifest, metadata: { name } },
      {
        'content-type': 'application/apply-patch+yaml',
      },
    );
  const refused = await byKubernetes('ann', 'newer');
  expect(refused).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  expect(refused.body.message).toBe(
    'networks.networking.datumapis.com is forbidden: User "ann" cannot create resource "networks" in API group "networking.datumapis.com" in the namespace "here"',
  );
  expect((await byKubernetes('bob', 'newer')).status).toBe(201);
});

test('what one may write but not read is not shown', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  await grant(
    world,
    'ann',
    [{ verbs: ['create', 'patch', 'delete'], apiGroups: [''], resources: ['secrets'] }],
    'here',
  );
  await world.store.create(asAdmin, 'Secret', {
    metadata: { namespace: 'here', name: 's' },
    data: { key: 'dmFsdWU=' },
  });
  const ann = world.person('ann');
  for (const mutation of [
    'updateSecret(namespace: "here", name: "s", patch: { metadata: {} }, dryRun: true)',
    'deleteSecret(namespace: "here", name: "s")',
  ]) {
    const { data } = await ann.graphql(
      `mutation { m: ${mutation} { secret { metadata { name } } userErrors { code } } }`,
    );
    expect(data.m, mutation).toEqual({ secret: null, userErrors: [] });
  }
});

test('a right in a namespace is none to what is in no namespace', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  await grant(world, 'ann', [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], 'here');
  const { data } = await world
    .person('ann')
    .graphql(
      'mutation { createClusterRole(input: { metadata: { namespace: "here", name: "mine" } }) { userErrors { code } } }',
    );
  expect(data.createClusterRole.userErrors).toEqual([{ code: 'FORBIDDEN' }]);
});

test('rules of a name open that one object, and a list or watch of it alone', async () => {
  const world = await accessWorld();
  await pairs(world);
  const about = { apiGroups: ['networking.datumapis.com'], resources: ['networks'], resourceNames: ['a'] };
  await grant(world, 'ann', [{ ...about, verbs: ['get', 'list', 'watch'] }], 'here');
  const ann = world.person('ann');
  const status = async (path: string): Promise<number> => (await ann.kubernetes('GET', path)).status;
  expect(await status(`${networksIn('here')}/a`)).toBe(200);
  expect(await status(`${networksIn('here')}/b`)).toBe(403);
  expect(await status(networksIn('here'))).toBe(403);
  expect(await status(`${networksIn('here')}?fieldSelector=metadata.name%3Da`)).toBe(200);
  expect(await status(`${networksIn('here')}?fieldSelector=metadata.name%3Db`)).toBe(403);
  expect(await status(`${networksIn('here')}?fieldSelector=metadata.name!%3Db`)).toBe(403);
  const { data } = await ann.graphql(
    '{ networks(namespace: "here", filter: { fieldSelector: "metadata.name=a" }) { nodes { metadata { name } } } }',
  );
  expect(data.networks.nodes).toEqual([{ metadata: { name: 'a' } }]);
});

test('another process knows the rules within two seconds', async () => {
  const world = await accessWorld();
  await pairs(world);
  const { openAuthority } = await import('../../access/open-authority.ts');
  const { openTestStore } = await import('../support/store.ts');
  const other = await openTestStore(world.open.url, { secretKey: world.open.secretKey });
  const rules = await openAuthority(other, () => {});
  try {
    const wanted = {
      verb: 'list',
      group: 'networking.datumapis.com',
      version: 'v1alpha',
      resource: 'networks',
      namespace: 'here',
    };
    const ann = { user: 'ann', groups: [], project: 'default' };
    const until = async (allowed: boolean): Promise<number> => {
      const start = performance.now();
      await new Promise<void>((resolve) => {
        const leave = rules.authority.onChange('default', () => {
          if (rules.authority.authorise(ann, wanted).allowed !== allowed) return;
          leave();
          resolve();
        });
      });
      return performance.now() - start;
    };
    expect(rules.authority.authorise(ann, wanted).allowed).toBe(false);
    const known = until(true);
    await bind(world, 'ann', 'view', 'here');
    expect(await known).toBeLessThan(2000);
  } finally {
    await rules.close();
    await other.close();
  }
});
