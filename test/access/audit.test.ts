import { expect, test } from 'vitest';
import { auditOf, faultsOf, writeAllAudit } from '../support/audit.ts';
import { bind, grant, namespaces, networkSpec, networksIn } from '../support/access-objects.ts';
import { accessWorld, type AccessWorld } from '../support/access-world.ts';

const auditRight = { apiGroups: ['audit.datumapis.com'], resources: ['auditrecords'], verbs: ['get', 'list'] };
const createNetwork = `mutation ($input: NetworkInput!) { createNetwork(input: $input) { network { id } userErrors { code } } }`;
const updateNetwork = `mutation ($labels: MapPatch!) { updateNetwork(namespace: "here", name: "n", patch: { metadata: { labels: $labels } }) {
  network { id } userErrors { code } } }`;
const historyFields = `pageInfo { hasNextPage endCursor } nodes { time actor door verb subresource effect manager resourceVersion requestId
  moreChanges changes { path before after cut redacted } }`;
const history = `query ($first: Int, $after: String) { network(namespace: "here", name: "n") { history(first: $first, after: $after) { ${historyFields} } } }`;
const records = `query ($filter: AuditFilter, $first: Int, $after: String) { auditRecords(filter: $filter, first: $first, after: $after) {
  pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor } nodes { sequence hash record time actor groups door address userAgent verb subresource decision
  reason kind apiGroup resource namespace name uid effect resourceVersion requestId count changes { path } } } }`;

async function settle(world: AccessWorld): Promise<void> {
  await world.denials.close();
  await writeAllAudit(world.open);
}

test.each(['embedded', 'remote'] as const)(
  'what was written to an object is shown to those who may get it (%s)',
  async (subgraphs) => {
    const world = await accessWorld({ subgraphs });
    await namespaces(world, 'here');
    await bind(world, 'ann', 'edit', 'here');
    await grant(world, 'lou', [{ apiGroups: ['*'], resources: ['networks'], verbs: ['list'] }]);
    const ann = world.person('ann', 'dev');
    const input = { metadata: { namespace: 'here', name: 'n', labels: { tier: 'edge' } }, ...networkSpec };
    expect(
      (await ann.graphql(createNetwork, { input }, { 'x-request-id': 'first' })).data.createNetwork.userErrors,
    ).toEqual([]);
    await ann.graphql(updateNetwork, { labels: { tier: 'core' } });
    await ann.kubernetes('PATCH', `${networksIn('here')}/n`, { metadata: { annotations: { note: 'x' } } });
    await settle(world);
    const { data, errors } = await ann.graphql(history, { first: 2 });
    expect(errors).toBeUndefined();
    const page = data.network.history;
    expect(page.nodes).toMatchObject([
      {
        actor: 'ann',
        door: 'kubernetes',
        verb: 'patch',
        effect: 'MODIFIED',
        changes: [{ path: 'metadata.annotations[note]', before: null, after: 'x', cut: false, redacted: null }],
      },
      {
        door: 'graphql',
        verb: 'patch',
        manager: 'graphql',
        changes: [{ path: 'metadata.labels[tier]', before: 'edge', after: 'core' }],
      },
    ]);
    expect(page.pageInfo.hasNextPage).toBe(true);
    const rest = (await ann.graphql(history, { after: page.pageInfo.endCursor })).data.network.history;
    expect(rest).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ actor: 'ann', door: 'graphql', verb: 'create', effect: 'ADDED', requestId: 'first' }],
    });

    const all = '{ networks { nodes { metadata { name } history { nodes { actor } } } } }';
    expect(
      (await ann.graphql('{ networks(namespace: "here") { nodes { history(first: 1) { nodes { actor } } } } }')).data
        .networks.nodes,
    ).toEqual([{ history: { nodes: [{ actor: 'ann' }] } }]);
    const listing = await world.person('lou').graphql(all);
    expect(listing.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    for (const after of [
      'x',
      Buffer.from('audit -1').toString('base64url'),
      Buffer.from('audit 1e9').toString('base64url'),
    ])
      expect((await ann.graphql(history, { after })).errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  },
);

test('an object that has the name of one that is gone has none of its history', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  const input = { metadata: { namespace: 'here', name: 'n' }, ...networkSpec };
  await world.admin.graphql(createNetwork, { input });
  await world.admin.kubernetes('DELETE', `${networksIn('here')}/n`);
  await world.admin.graphql(createNetwork, { input });
  await settle(world);
  expect((await world.admin.graphql(history, {})).data.network.history.nodes).toHaveLength(1);
});

test('audit of the project is shown to those who have the right, page by page and by what is asked for', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here', 'there');
  await grant(world, 'olga', [auditRight]);
  await grant(world, 'nora', [auditRight], 'here');
  await bind(world, 'ann', 'edit', 'here');
  const ann = world.person('ann', 'dev');
  await ann.graphql(createNetwork, { input: { metadata: { namespace: 'here', name: 'n' }, ...networkSpec } });
  await ann.graphql(createNetwork, { input: { metadata: { namespace: 'there', name: 'n' }, ...networkSpec } });
  await ann.kubernetes('DELETE', `${networksIn('there')}/m`);
  await settle(world);
  const [olga, nora] = [world.person('olga'), world.person('nora')];
  const ask = async (filter: object, page: object = {}) =>
    (await olga.graphql(records, { filter, ...page })).data.auditRecords;

  const denied = await ask({ decision: 'DENY' });
  expect(denied.nodes).toMatchObject([
    {
      actor: 'ann',
      groups: ['dev', 'system:authenticated'],
      door: 'kubernetes',
      verb: 'delete',
      decision: 'DENY',
      kind: 'Network',
      apiGroup: 'networking.datumapis.com',
      resource: 'networks',
      namespace: 'there',
      name: 'm',
      count: 1,
    },
    {
      actor: 'ann',
      door: 'graphql',
      verb: 'create',
      decision: 'DENY',
      kind: 'Network',
      namespace: 'there',
      name: null,
    },
  ]);
  expect(denied.nodes[1].requestId).toMatch(/^[\w-]{36}$/);
  expect(denied.nodes[1].address).toMatch(/127\.0\.0\.1|::1/);
  const byAnn = await ask({ actor: 'ann', decision: 'ALLOW' });
  expect(byAnn.nodes).toMatchObject([
    { verb: 'create', kind: 'Network', namespace: 'here', name: 'n', effect: 'ADDED' },
  ]);
  expect(JSON.parse(byAnn.nodes[0].record)).toMatchObject({ sequence: byAnn.nodes[0].sequence, user: 'ann' });

  const everything = await ask({}, { first: 200 });
  const seen: number[] = [];
  for (let after: string | null = null; ;) {
    const page: { nodes: { sequence: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = await ask(
      {},
      { first: 7, after },
    );
    seen.push(...page.nodes.map(({ sequence }) => sequence));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen).toEqual(everything.nodes.map(({ sequence }: { sequence: number }) => sequence));
  expect(seen).toEqual(seen.toSorted((a, b) => b - a));
  const { time } = denied.nodes[1];
  expect((await ask({ until: time, decision: 'DENY' })).nodes).toEqual([]);
  expect((await ask({ since: time, decision: 'DENY' })).nodes.length).toBeGreaterThan(0);
  expect((await ask({ kind: 'Network', name: 'n', verb: 'create' })).nodes).toHaveLength(1);

  const inHere = await nora.graphql(records, { filter: { namespace: 'here' } });
  expect(inHere.data.auditRecords.nodes.length).toBeGreaterThan(0);
  for (const [who, filter] of [
    [nora, {}],
    [nora, { namespace: 'there' }],
    [ann, { namespace: 'here' }],
  ] as const)
    expect((await who.graphql(records, { filter })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect((await olga.graphql(records, { filter: { since: 'yesterday' } })).errors?.[0]?.extensions['code']).toBe(
    'BAD_USER_INPUT',
  );
  expect(await faultsOf(world.open)).toEqual([]);
});

test('what admission forbids, and who is nobody, is denied too', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  await grant(world, 'ann', [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create'] }]);
  const escalating = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'more', namespace: 'here' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
  };
  const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/here/roles';
  expect((await world.person('ann').kubernetes('POST', path, escalating)).status).toBe(403);
  const nobody = { authorization: 'Bearer of nothing', 'x-request-id': 'unknown' };
  expect((await world.person('x').graphql('{ viewer { user } }', {}, nobody)).errors?.[0]?.extensions['code']).toBe(
    'UNAUTHENTICATED',
  );
  expect((await world.person('x').kubernetes('GET', '/api', undefined, nobody)).status).toBe(401);
  await settle(world);
  const denied = (await auditOf(world.open)).filter(({ allowed }) => !allowed);
  expect(denied).toMatchObject([
    { user: 'ann', verb: 'create', kind: 'Role', namespace: 'here', name: 'more', door: 'kubernetes' },
    { user: '', verb: 'authenticate', door: 'graphql', requestId: 'unknown' },
    { user: '', verb: 'authenticate', door: 'kubernetes' },
  ]);
  expect(denied[0]?.reason).toContain('attempting to grant RBAC permissions not currently held');
});

test('tokens of service accounts are told before they are handed out, at both doors', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ci' } };
  const accounts = '/api/v1/namespaces/here/serviceaccounts';
  expect((await world.admin.kubernetes('POST', accounts, account)).status).toBe(201);
  const issued = await world.admin.kubernetes('POST', `${accounts}/ci/token`, {});
  const { data } = await world.admin.graphql(
    'mutation { createServiceAccountToken(namespace: "here", name: "ci") { token userErrors { code } } }',
  );
  await settle(world);
  const told = (await auditOf(world.open)).filter(({ subresource }) => subresource === 'token');
  const expected = {
    user: 'admin',
    verb: 'create',
    kind: 'ServiceAccount',
    namespace: 'here',
    name: 'ci',
    allowed: true,
  };
  expect(told).toMatchObject([
    { ...expected, door: 'kubernetes' },
    { ...expected, door: 'graphql' },
  ]);
  const text = JSON.stringify(told);
  expect(text).not.toContain(issued.body.status.token);
  expect(text).not.toContain(data.createServiceAccountToken.token);
  expect(await faultsOf(world.open)).toEqual([]);
});
