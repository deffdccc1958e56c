import { expect, test } from 'vitest';
import { bind, grant, namespaces, network } from '../support/access-objects.ts';
import { accessWorld, type AccessWorld, type Person } from '../support/access-world.ts';
import { asAdmin } from '../support/store.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const group = 'rbac.authorization.k8s.io';

/** Somebody who may write roles and bindings everywhere, and holds these rules besides. */
async function granter(world: AccessWorld, user: string, rules: readonly object[]): Promise<Person> {
  const resources = ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'];
  const verbs = ['get', 'list', 'create', 'update', 'patch', 'delete'];
  await grant(world, user, [{ verbs, apiGroups: [group], resources }, ...rules]);
  return world.person(user);
}

const readNetworks = { verbs: ['get'], apiGroups: ['networking.datumapis.com'], resources: ['networks'] };
const readSecrets = { verbs: ['get'], apiGroups: [''], resources: ['secrets'] };
const metadata = (name: string): object => ({ metadata: { name } });

test('nobody puts rights that they do not have into a role, by any way', async () => {
  const world = await accessWorld();
  const ann = await granter(world, 'ann', [readNetworks]);
  const roles = `${rbac}/namespaces/default/roles`;
  expect((await ann.kubernetes('POST', roles, { ...metadata('r'), rules: [readNetworks] })).status).toBe(201);
  const refused = await ann.kubernetes('POST', roles, { ...metadata('s'), rules: [readNetworks, readSecrets] });
  expect(refused).toMatchObject({ status: 403, body: { reason: 'Forbidden', details: { kind: 'roles', name: 's' } } });
  expect(refused.body.message).toBe(
    'roles.rbac.authorization.k8s.io "s" is forbidden: user "ann" is attempting to grant RBAC permissions not currently held:\n' +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
  );
  const statuses = async (calls: [string, string, object, Record<string, string>?][]): Promise<number[]> => {
    const found: number[] = [];
    for (const [method, path, body, headers] of calls)
      found.push((await ann.kubernetes(method, path, body, headers)).status);
    return found;
  };
  const wide = { rules: [readSecrets] };
  const manifest = { apiVersion: `${group}/v1`, kind: 'Role', ...metadata('r'), ...wide };
  const applying = { 'content-type': 'application/apply-patch+yaml' };
  expect(
    await statuses([
      ['PATCH', `${roles}/r`, wide],
      ['PUT', `${roles}/r`, manifest],
      ['PATCH', `${roles}/r?dryRun=All`, wide],
      ['PATCH', `${roles}/r?fieldManager=t&force=true`, manifest, applying],
      ['POST', `${roles}?dryRun=All`, { ...metadata('t'), ...wide }],
      ['POST', `${rbac}/clusterroles`, { ...metadata('t'), ...wide }],
      [
        'POST',
        `${rbac}/clusterroles`,
        { ...metadata('t'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
      ],
    ]),
  ).toEqual([403, 403, 403, 403, 403, 403, 403]);
  const { data } = await ann.graphql(
    'mutation { updateRole(namespace: "default", name: "r", patch: { rules: [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }] }) { userErrors { __typename message } } }',
  );
  expect(data.updateRole.userErrors).toMatchObject([{ __typename: 'ForbiddenError' }]);
  expect(data.updateRole.userErrors[0].message).toContain('not currently held');
  // What leaves the rules as they are is no grant.
  expect((await ann.kubernetes('PATCH', `${roles}/r`, { metadata: { labels: { a: 'b' } } })).status).toBe(200);
});

test('a label that adds a role to another is a grant too', async () => {
  const world = await accessWorld();
  const ann = await granter(world, 'ann', []);
  await world.store.create(asAdmin, 'ClusterRole', { metadata: { name: 'strong' }, rules: [readSecrets] });
  const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
  expect((await ann.kubernetes('PATCH', `${rbac}/clusterroles/strong`, { metadata: { labels } })).status).toBe(403);
  expect(
    (await ann.kubernetes('PATCH', `${rbac}/clusterroles/strong`, { metadata: { annotations: { a: 'b' } } })).status,
  ).toBe(200);
});

test('nobody binds a role whose rights they do not have, unless they may bind it', async () => {
  const world = await accessWorld();
  const ann = await granter(world, 'ann', [readNetworks]);
  for (const [name, rules] of [
    ['nets', [readNetworks]],
    ['secs', [readSecrets]],
  ] as const)
    await world.store.create(asAdmin, 'ClusterRole', { metadata: { name }, rules });
  const bindTo = async (who: Person, role: string): Promise<number> =>
    (
      await who.kubernetes('POST', `${rbac}/namespaces/default/rolebindings`, {
        ...metadata(`b-${Math.random().toString(36).slice(2)}`),
        subjects: [{ kind: 'User', name: 'x' }],
        roleRef: { kind: 'ClusterRole', name: role },
      })
    ).status;
  expect(await bindTo(ann, 'nets')).toBe(201);
  expect(await bindTo(ann, 'secs')).toBe(403);
  expect(await bindTo(ann, 'cluster-admin')).toBe(403);
  expect(await bindTo(ann, 'not-there')).toBe(403);
  const bob = await granter(world, 'bob', [
    { verbs: ['bind'], apiGroups: [group], resources: ['clusterroles'], resourceNames: ['secs', 'not-there'] },
  ]);
  expect(await bindTo(bob, 'secs')).toBe(201);
  expect(await bindTo(bob, 'not-there')).toBe(201);
  expect(await bindTo(bob, 'nets')).toBe(403);
  const eve = await granter(world, 'eve', [{ verbs: ['escalate'], apiGroups: [group], resources: ['clusterroles'] }]);
  const wide = { ...metadata('wide'), rules: [readSecrets] };
  expect((await eve.kubernetes('POST', `${rbac}/clusterroles`, wide)).status).toBe(201);
  expect((await eve.kubernetes('POST', `${rbac}/namespaces/default/roles`, wide)).status).toBe(403);
});

test('a binding refused to somebody who may not read the role tells nothing of it', async () => {
  const world = await accessWorld();
  await grant(world, 'ann', [{ verbs: ['create'], apiGroups: [group], resources: ['clusterrolebindings'] }]);
  await world.store.create(asAdmin, 'ClusterRole', { metadata: { name: 'there' }, rules: [readSecrets] });
  const refusal = async (name: string): Promise<string> => {
    const binding = { ...metadata('b'), subjects: [], roleRef: { kind: 'ClusterRole', name } };
    const { status, body } = await world.person('ann').kubernetes('POST', `${rbac}/clusterrolebindings`, binding);
    return `${status} ${body.message}`;
  };
  expect(await refusal('there')).toBe(await refusal('absent'));
});

const workload = (network: object): object => ({
  apiVersion: 'compute.datumapis.com/v1alpha',
  kind: 'Workload',
  spec: {
    template: {
      spec: {
        runtime: {
          resources: { instanceType: 'datumcloud/d1-standard-2' },
          sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29' }] },
        },
        networkInterfaces: [{ network }],
      },
    },
    placements: [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
  },
});

test('a network may be named by those who may use it', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here', 'there');
  await network(world, 'here', 'own');
  await network(world, 'there', 'shared');
  await world.store.create(asAdmin, 'Location', {
    metadata: { namespace: 'default', name: 'l' },
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DFW' },
      provider: { gcp: { projectId: 'acme', region: 'us-south1', zone: 'us-south1-a' } },
    },
  });
  await bind(world, 'ann', 'edit', 'here');
  const ann = world.person('ann');
  const path = '/apis/compute.datumapis.com/v1alpha/namespaces/here/workloads';
  const create = (name: string, of: object) => ann.kubernetes('POST', path, { ...metadata(name), ...workload(of) });
  expect((await create('w', { name: 'own' })).status).toBe(201);
  const refused = await create('x', { name: 'shared', namespace: 'there' });
  expect(refused.status).toBe(422);
  expect(refused.body.details.causes).toContainEqual({
    reason: 'FieldValueForbidden',
    field: 'spec.template.spec.networkInterfaces[0].network',
    message: 'Forbidden: permission to use the network was denied',
  });
  const absent = await create('x', { name: 'absent', namespace: 'there' });
  expect(absent.body).toEqual(refused.body);
  // A change to another network is refused, any other change of what was named before is not.
  const change = (body: object) => ann.kubernetes('PATCH', `${path}/w`, body);
  expect((await change(workload({ name: 'shared', namespace: 'there' }))).status).toBe(422);
  await grant(
    world,
    'ann',
    [{ verbs: ['use'], apiGroups: ['networking.datumapis.com'], resources: ['networks'], resourceNames: ['shared'] }],
    'there',
  );
  expect((await change(workload({ name: 'shared', namespace: 'there' }))).status).toBe(200);
  await world.store.delete(asAdmin, 'RoleBinding', { namespace: 'here', name: 'ann-edit' });
  await bind(world, 'ann', 'edit', 'here');
  const { data } = await ann.graphql(
    'mutation { createWorkload(input: { metadata: { namespace: "here", name: "y" }, spec: { template: { spec: { runtime: { resources: { instanceType: "datumcloud/d1-standard-2" }, sandbox: { containers: [{ name: "main", image: "docker.io/library/nginx:1.29" }] } }, networkInterfaces: [{ network: { name: "other", namespace: "there" } }] } }, placements: [{ name: "us", cityCodes: ["DFW"], scaleSettings: { minReplicas: 1 } }] } }) { userErrors { message ... on ValidationError { field } } } }',
  );
  expect(data.createWorkload.userErrors).toEqual([
    {
      message: 'Forbidden: permission to use the network was denied',
      field: 'spec.template.spec.networkInterfaces[0].network',
    },
  ]);
});

test('who may, acts as somebody else, at both doors', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  await bind(world, 'nobody', 'view', 'here');
  const impersonate = { verbs: ['impersonate'] };
  await grant(world, 'ann', [
    { ...impersonate, apiGroups: [''], resources: ['users'], resourceNames: ['nobody'] },
    { ...impersonate, apiGroups: [''], resources: ['groups'], resourceNames: ['team', 'crew'] },
    { ...impersonate, apiGroups: ['authentication.k8s.io'], resources: ['userextras/scopes', 'uids'] },
  ]);
  await grant(world, 'ann', [{ ...impersonate, apiGroups: [''], resources: ['serviceaccounts'] }], 'here');
  const ann = world.person('ann');
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const who = (headers: Record<string, string | string[]>) =>
    ann.kubernetes('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', review, headers);
  const full = await who({
    'impersonate-user': 'nobody',
    'impersonate-group': ['team', 'crew'],
    'impersonate-uid': 'u-1',
    'impersonate-extra-scopes': ['a', 'b'],
  });
  expect(full.body.status.userInfo).toEqual({
    username: 'nobody',
    uid: 'u-1',
    groups: ['team', 'crew', 'system:authenticated'],
    extra: { scopes: ['a', 'b'] },
  });
  const account = await who({ 'impersonate-user': 'system:serviceaccount:here:bot' });
  expect(account.body.status.userInfo.groups).toEqual([
    'system:serviceaccounts',
    'system:serviceaccounts:here',
    'system:authenticated',
  ]);
  for (const [headers, status] of [
    [{ 'impersonate-user': 'root' }, 403],
    [{ 'impersonate-user': 'nobody', 'impersonate-group': 'system:masters' }, 403],
    [{ 'impersonate-user': 'nobody', 'impersonate-extra-other': 'a' }, 403],
    [{ 'impersonate-user': 'system:serviceaccount:there:bot' }, 403],
    [{ 'impersonate-group': 'team' }, 400],
    [{ 'impersonate-user': '' }, 400],
    [{ 'impersonate-odd': 'x' }, 400],
  ] as [Record<string, string>, number][]) {
    expect((await who(headers)).status, JSON.stringify(headers)).toBe(status);
    expect((await ann.graphql('{ viewer { user } }', {}, headers)).status, JSON.stringify(headers)).toBe(status);
  }
  const viewer = '{ viewer { user groups impersonator } networks(namespace: "here") { nodes { id } } }';
  const { data } = await ann.graphql(viewer, {}, { 'impersonate-user': 'nobody', 'impersonate-group': 'team, crew' });
  expect(data).toEqual({
    viewer: { user: 'nobody', groups: ['team', 'crew', 'system:authenticated'], impersonator: 'ann' },
    networks: { nodes: [] },
  });
  expect((await ann.graphql(viewer)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  const watch = 'subscription { watchNetworks(namespace: "here") { type } }';
  const watcher = ann.watch(watch, {}, { 'Impersonate-User': 'nobody', 'impersonate-group': ['team'] });
  await watcher.until((events) => events.at(-1)?.type === 'BOOKMARK');
  await expect(ann.watch(watch, {}, { 'impersonate-user': 'root' }).ended).rejects.toMatchObject({ code: 4403 });
  await expect(ann.watch(watch, {}, { 'impersonate-user': { odd: 1 } }).ended).rejects.toMatchObject({ code: 4403 });
});

test('who acts as somebody else does so in subgraphs elsewhere too', async () => {
  const world = await accessWorld({ subgraphs: 'remote' });
  await namespaces(world, 'here');
  await bind(world, 'nobody', 'view', 'here');
  const about = { apiGroups: [''], resources: ['users', 'groups'] };
  await grant(world, 'ann', [{ verbs: ['impersonate'], ...about }]);
  const ann = world.person('ann');
  const asNobody = { 'impersonate-user': 'nobody', 'impersonate-group': 'täm' };
  const encoded = { ...asNobody, 'impersonate-group': Buffer.from('täm').toString('latin1') };
  const { data, errors } = await ann.graphql(
    '{ viewer { user groups impersonator } networks(namespace: "here") { nodes { id } } }',
    {},
    encoded,
  );
  expect(errors).toBeUndefined();
  expect(data.viewer).toEqual({ user: 'nobody', groups: ['täm', 'system:authenticated'], impersonator: 'ann' });
  const watcher = ann.watch('subscription { watchNetworks(namespace: "here") { type } }', {}, asNobody);
  await watcher.until((events) => events.at(-1)?.type === 'BOOKMARK');
  await world.store.delete(asAdmin, 'RoleBinding', { namespace: 'here', name: 'nobody-view' });
  await expect(watcher.ended).rejects.toThrow('FORBIDDEN');
});

test('reviews answer from the rules', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  await bind(world, 'ann', 'view', 'here');
  await grant(world, 'ann', [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }]);
  await bind(world, 'judge', 'system:auth-delegator');
  await bind(world, 'boss', 'admin', 'here');
  const ask = (who: string, kind: string, spec: object, namespace?: string) =>
    world
      .person(who)
      .kubernetes(
        'POST',
        `/apis/authorization.k8s.io/v1/${namespace === undefined ? '' : `namespaces/${namespace}/`}${kind.toLowerCase()}s`,
        { apiVersion: 'authorization.k8s.io/v1', kind, spec },
      );
  const listNetworks = { verb: 'list', group: 'networking.datumapis.com', resource: 'networks', namespace: 'here' };
  const self = await ask('ann', 'SelfSubjectAccessReview', { resourceAttributes: listNetworks });
  expect(self.body.status).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "ann-view/here" of ClusterRole "view" to User "ann"',
  });
  const other = { ...listNetworks, namespace: 'there' };
  expect((await ask('ann', 'SelfSubjectAccessReview', { resourceAttributes: other })).body.status).toEqual({
    allowed: false,
  });
  const path = { nonResourceAttributes: { verb: 'get', path: '/metrics' } };
  expect((await ask('ann', 'SelfSubjectAccessReview', path)).body.status.allowed).toBe(true);
  const about = { user: 'ann', resourceAttributes: listNetworks };
  expect((await ask('ann', 'SubjectAccessReview', about)).status).toBe(403);
  expect((await ask('judge', 'SubjectAccessReview', about)).body.status.allowed).toBe(true);
  expect(
    (await ask('judge', 'SubjectAccessReview', { ...about, user: 'x', groups: ['system:masters'] })).body.status
      .allowed,
  ).toBe(true);
  expect((await ask('boss', 'LocalSubjectAccessReview', about, 'here')).body.status.allowed).toBe(true);
  expect((await ask('boss', 'LocalSubjectAccessReview', about, 'there')).status).toBe(403);
  expect((await ask('ann', 'LocalSubjectAccessReview', about, 'here')).status).toBe(403);
  const rules = (await ask('ann', 'SelfSubjectRulesReview', { namespace: 'here' })).body.status;
  expect(rules.incomplete).toBe(false);
  expect(rules.resourceRules).toContainEqual(
    expect.objectContaining({ verbs: ['get', 'list', 'watch'], resources: expect.arrayContaining(['networks']) }),
  );
  expect(JSON.stringify(rules.resourceRules)).not.toContain('secrets');
  expect(rules.nonResourceRules).toContainEqual({ verbs: ['get'], nonResourceURLs: ['/metrics'] });
  const elsewhere = (await ask('ann', 'SelfSubjectRulesReview', { namespace: 'there' })).body.status;
  expect(JSON.stringify(elsewhere.resourceRules)).not.toContain('networks');
});

test('objects say what the caller may do to them', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here');
  await network(world, 'here', 'a');
  await bind(world, 'ann', 'view', 'here');
  await bind(world, 'bob', 'edit', 'here');
  const query =
    '{ network(namespace: "here", name: "a") { viewerCan { get update patch delete use subresources { name get update patch } } } }';
  const can = async (user: string): Promise<object> => (await world.person(user).graphql(query)).data.network.viewerCan;
  const none = { update: false, patch: false };
  const subresources = [{ name: 'status', get: true, ...none }];
  expect(await can('ann')).toEqual({ get: true, ...none, delete: false, use: false, subresources });
  expect(await can('bob')).toEqual({ get: true, update: true, patch: true, delete: true, use: true, subresources });
  const asked = await world.person('bob').graphql(
    `{ a: viewerCan(verb: "create", kind: "Network", namespace: "here")
       b: viewerCan(verb: "create", kind: "Network", namespace: "there")
       c: viewerCan(verb: "list", kind: "Network")
       d: viewerCan(verb: "patch", kind: "Workload", namespace: "here", subresource: "scale")
       e: viewerCan(verb: "create", kind: "ClusterRole", namespace: "here") }`,
  );
  expect(asked.data).toEqual({ a: true, b: false, c: false, d: true, e: false });
  const odd = await world.person('bob').graphql('{ viewerCan(verb: "get", kind: "__proto__") }');
  expect(odd.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
});

test('why somebody may not is told to those who may read the rules, as far as they may', async () => {
  const world = await accessWorld();
  await namespaces(world, 'here', 'there');
  await bind(world, 'ann', 'view', 'here');
  await bind(world, 'ann', 'edit', 'there');
  await bind(world, 'boss', 'admin', 'here');
  const select =
    '{ allowed reason missing { verbs apiGroups resources resourceNames } bindings { kind namespace name subject role { kind name } roleExists inScope rules { misses } } }';
  const why = (who: Person, args: string) =>
    who.graphql(`{ whyDenied(verb: "delete", kind: "Network", ${args}) ${select} }`);
  const here = 'namespace: "here", name: "a", user: "ann", groups: ["system:authenticated"]';
  const told = (await why(world.admin, here)).data.whyDenied;
  expect(told.allowed).toBe(false);
  expect(told.missing).toEqual({
    verbs: ['delete'],
    apiGroups: ['networking.datumapis.com'],
    resources: ['networks'],
    resourceNames: ['a'],
  });
  const view = told.bindings.find(({ name }: any) => name === 'ann-view');
  expect(view).toMatchObject({
    namespace: 'here',
    subject: 'User ann',
    role: { name: 'view' },
    roleExists: true,
    inScope: true,
  });
  expect(view.rules.some(({ misses }: any) => String(misses) === 'VERB')).toBe(true);
  expect(told.bindings.find(({ name }: any) => name === 'ann-edit')).toMatchObject({
    namespace: 'there',
    inScope: false,
  });
  // An administrator of one namespace reads the bindings of that one, and no cluster role.
  const seen = (await why(world.person('boss'), here)).data.whyDenied;
  expect(seen.bindings.map(({ name, rules }: any) => [name, rules])).toEqual([['ann-view', null]]);
  const codeOf = async (user: string, args: string): Promise<unknown> =>
    (await why(world.person(user), args)).errors?.[0]?.extensions['code'];
  expect(await codeOf('ann', here)).toBe('FORBIDDEN');
  expect(await codeOf('boss', here.replace('here', 'there'))).toBe('FORBIDDEN');
});
