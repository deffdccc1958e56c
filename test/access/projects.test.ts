import { expect, test } from 'vitest';
import { seedProject } from '../../cli/seed.ts';
import { controlPlaneOf } from '../../store/control-plane.ts';
import type { RequestContext } from '../../store/types.ts';
import { accessWorld, type AccessWorld, type KubernetesAnswer } from '../support/access-world.ts';
import { asAdmin } from '../support/store.ts';

const miloGroup = '/apis/resourcemanager.miloapis.com/v1alpha1';
const ourGroup = '/apis/resourcemanager.datumapis.com/v1alpha1';
const configMaps = '/api/v1/namespaces/default/configmaps';
const prefix = (project: string) => `/projects/${project}/control-plane`;
const named = (name: string) => ({ namespace: '', name });

/** Makes a project as its reconciler does, but for its owners; answers who may write there. */
async function make(world: AccessWorld, name: string, spec: Record<string, unknown> = {}): Promise<RequestContext> {
  const { object } = await world.store.create(asAdmin, 'Project', { metadata: { name }, spec });
  const inside = { ...asAdmin, project: controlPlaneOf(object) };
  await seedProject(world.store, world.open.registry, inside.project);
  await world.store.create(inside, 'ConfigMap', { metadata: { namespace: 'default', name: `in-${name}` } });
  return inside;
}

async function bind(world: AccessWorld, inside: RequestContext, user: string, role = 'view'): Promise<void> {
  await world.store.create(inside, 'ClusterRoleBinding', {
    metadata: { name: `${user}-${role}` },
    subjects: [{ kind: 'User', name: user }],
    roleRef: { kind: 'ClusterRole', name: role },
  });
}

const namesIn = ({ body }: KubernetesAnswer): string[] => body.items.map((item: any) => item.metadata.name);

test('each form of the prefix leads to the control plane; without one it is the root', async () => {
  const world = await accessWorld();
  await seedProject(world.store, world.open.registry, asAdmin.project);
  await make(world, 'shop');
  for (const group of ['', miloGroup, ourGroup]) {
    const at = `${group}${prefix('shop')}`;
    expect(namesIn(await world.admin.kubernetes('GET', `${at}${configMaps}`))).toEqual(['in-shop']);
    expect((await world.admin.kubernetes('GET', `${at}/api`)).body.kind).toBe('APIVersions');
    expect(await world.admin.kubernetes('GET', `${at}/readyz`)).toEqual({ status: 200, body: 'ok' });
    expect(namesIn(await world.admin.kubernetes('GET', `${group}${prefix('default')}${configMaps}`))).toEqual([]);
  }
  expect(namesIn(await world.admin.kubernetes('GET', configMaps))).toEqual([]);
  expect(namesIn(await world.admin.kubernetes('GET', '/api/v1/namespaces'))).toEqual(['default', 'kube-system']);
});

test('discovery and OpenAPI are those of the control plane: projects are in the root only', async () => {
  const { admin, ...world } = await accessWorld();
  await make({ admin, ...world }, 'shop');
  const groups = async (at: string): Promise<string[]> =>
    (await admin.kubernetes('GET', `${at}/apis`)).body.groups.map(({ name }: { name: string }) => name);
  expect(await groups('')).toContain('resourcemanager.datumapis.com');
  expect(await groups(prefix('shop'))).not.toContain('resourcemanager.datumapis.com');
  expect(await groups(prefix('shop'))).toContain('networking.datumapis.com');
  const paths = async (at: string): Promise<Record<string, { serverRelativeURL: string }>> =>
    (await admin.kubernetes('GET', `${at}/openapi/v3`)).body.paths;
  expect(Object.keys(await paths(''))).toContain('apis/resourcemanager.datumapis.com/v1alpha1');
  expect(Object.keys(await paths(prefix('shop')))).not.toContain('apis/resourcemanager.datumapis.com/v1alpha1');
  const stale = await admin.kubernetes('GET', `${prefix('shop')}/openapi/v3/api/v1?hash=old`);
  expect(stale.status).toBe(301);
  expect((await admin.kubernetes('GET', `${prefix('shop')}${ourGroup}/projects`)).status).toBe(404);
  expect((await admin.kubernetes('POST', `${prefix('shop')}${ourGroup}/projects`, {})).status).toBe(404);
});

test('a project that one may not know is as one that does not exist, whatever is asked of it', async () => {
  const world = await accessWorld();
  const shop = await make(world, 'shop');
  await make(world, 'secret');
  await bind(world, shop, 'jane');
  const jane = world.person('jane');
  const answers = async (project: string) => {
    const all = [];
    for (const path of [
      '',
      '/',
      '/api',
      '/version',
      '/readyz',
      configMaps,
      `${configMaps}/x`,
      '/openapi/v3',
      '/nowhere',
    ])
      all.push(await jane.kubernetes('GET', `${prefix(project)}${path}`));
    all.push(await jane.kubernetes('POST', `${prefix(project)}${configMaps}`, { metadata: { name: 'x' } }));
    all.push(await jane.kubernetes('DELETE', `${prefix(project)}${configMaps}/x`));
    all.push(await jane.kubernetes('GET', `${prefix(project)}/api`, undefined, { 'impersonate-user': 'root' }));
    return JSON.stringify(all).replaceAll(project, 'X');
  };
  const absent = await answers('nothing');
  expect(JSON.parse(absent)).toEqual(
    Array.from({ length: 12 }, () => ({
      status: 404,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'projects.resourcemanager.datumapis.com "X" not found',
        reason: 'NotFound',
        details: { name: 'X', group: 'resourcemanager.datumapis.com', kind: 'projects' },
        code: 404,
      },
    })),
  );
  expect(await answers('secret')).toBe(absent);
  expect(await answers(shop.project.slice(0, -1))).toBe(absent);
  expect((await jane.kubernetes('GET', `${prefix('shop')}${configMaps}`)).status).toBe(200);
  expect((await jane.kubernetes('DELETE', `${prefix('shop')}${configMaps}/x`)).status).toBe(403);
  // In the root everybody is told what they may not do.
  expect((await jane.kubernetes('GET', configMaps)).status).toBe(403);
});

test('owners of the organization know a project, and whoever may read it in the root', async () => {
  const world = await accessWorld();
  await seedProject(world.store, world.open.registry, asAdmin.project);
  const owners = [{ kind: 'Group', name: 'bosses' }];
  await world.store.create(asAdmin, 'Organization', { metadata: { name: 'acme' }, spec: { owners } });
  await make(world, 'shop', { organization: { name: 'acme' }, owners: [{ kind: 'User', name: 'olga' }] });
  const status = async (user: string, ...groups: string[]) =>
    (await world.person(user, ...groups).kubernetes('GET', `${prefix('shop')}/api`)).status;
  expect(await status('jane')).toBe(404);
  expect(await status('jane', 'bosses')).not.toBe(404);
  expect(await status('olga')).not.toBe(404);
  const rules = [{ apiGroups: ['resourcemanager.datumapis.com'], resources: ['projects'], verbs: ['get'] }];
  await world.store.create(asAdmin, 'ClusterRole', { metadata: { name: 'reader' }, rules });
  await bind(world, asAdmin, 'rita', 'reader');
  expect(await status('rita')).not.toBe(404);
  await world.store.update(asAdmin, 'Organization', named('acme'), (acme) => ({ ...acme, spec: { owners: [] } }));
  expect(await status('jane', 'bosses')).toBe(404);
  // What one learned of a project that is gone is worth nothing in the next of its name.
  await world.store.update(asAdmin, 'Project', named('shop'), (shop) => ({
    ...shop,
    metadata: { ...shop.metadata, finalizers: [] },
  }));
  await world.store.delete(asAdmin, 'Project', named('shop'));
  expect(await status('olga')).toBe(404);
  const again = await make(world, 'shop');
  expect(await status('olga')).toBe(404);
  await bind(world, again, 'olga');
  expect(await status('olga')).toBe(200);
});

test('a credential of one project is good there and nowhere else', async () => {
  const world = await accessWorld();
  const shop = await make(world, 'shop');
  const other = await make(world, 'other');
  for (const inside of [shop, other]) await bind(world, inside, 'robot');
  const robot = world.person('robot@shop');
  // Its own project needs no prefix.
  expect(namesIn(await robot.kubernetes('GET', configMaps))).toEqual(['in-shop']);
  expect(namesIn(await robot.kubernetes('GET', `${prefix('shop')}${configMaps}`))).toEqual(['in-shop']);
  for (const at of [prefix('other'), prefix('default'), prefix('nothing')])
    expect((await robot.kubernetes('GET', `${at}${configMaps}`)).status).toBe(404);
  const query = '{ viewer { project } configMaps { nodes { metadata { name } } } }';
  expect((await robot.graphql(query)).data).toEqual({
    viewer: { project: 'shop' },
    configMaps: { nodes: [{ metadata: { name: 'in-shop' } }] },
  });
  for (const project of ['other', 'default'])
    expect((await robot.graphql(query, {}, { 'datum-project': project })).status).toBe(404);
});

test('a token of a service account is of its project', async () => {
  const world = await accessWorld();
  const shop = await make(world, 'shop');
  await world.store.create(shop, 'ServiceAccount', { metadata: { namespace: 'default', name: 'ci' } });
  const path = '/api/v1/namespaces/default/serviceaccounts/ci/token';
  const made = await world.admin.kubernetes('POST', `${prefix('shop')}${path}`, { spec: {} });
  expect(made.status).toBe(201);
  expect((await world.admin.kubernetes('POST', path, { spec: {} })).status).toBe(404);
});

test('acting as somebody else does not open a project to them', async () => {
  const world = await accessWorld();
  await make(world, 'shop');
  const as = { 'impersonate-user': 'jane' };
  expect((await world.admin.kubernetes('GET', `${prefix('shop')}/api`, undefined, as)).status).toBe(404);
  expect((await world.admin.kubernetes('GET', configMaps, undefined, as)).status).toBe(403);
});

test('limits are told by both doors, with the numbers', async () => {
  const world = await accessWorld();
  const shop = await make(world, 'shop', { quotas: { secrets: 0 } });
  await world.store.create(shop, 'ResourceQuota', {
    metadata: { namespace: 'default', name: 'q' },
    spec: { hard: { configmaps: 1 } },
  });
  const refused = await world.admin.kubernetes('POST', `${prefix('shop')}${configMaps}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'more' },
  });
  expect(refused).toMatchObject({
    status: 403,
    body: {
      reason: 'Forbidden',
      message:
        'configmaps "more" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
      details: { name: 'more', kind: 'configmaps' },
    },
  });
  const create = `mutation { createSecret(input: { metadata: { namespace: "default", name: "s" } }) { secret { id } userErrors {
    __typename code message ... on QuotaError { quota resource requested used limit } } } }`;
  const { data } = await world.admin.graphql(create, {}, { 'datum-project': 'shop' });
  expect(data.createSecret).toEqual({
    secret: null,
    userErrors: [
      {
        __typename: 'QuotaError',
        code: 'QUOTA_EXCEEDED',
        message:
          'secrets "s" is forbidden: exceeded quota: project shop, requested: secrets=1, used: secrets=0, limited: secrets=0',
        quota: 'project shop',
        resource: 'secrets',
        requested: '1',
        used: '0',
        limit: '0',
      },
    ],
  });
});

test('subgraphs behind HTTP work in the project that the gateway says', async () => {
  const world = await accessWorld({ subgraphs: 'remote' });
  await seedProject(world.store, world.open.registry, asAdmin.project);
  const shop = await make(world, 'shop');
  const inShop = { 'datum-project': 'shop' };
  const query = '{ configMaps { nodes { metadata { name } } } }';
  const names = async (headers?: Record<string, string>): Promise<string[]> =>
    (await world.admin.graphql(query, {}, headers)).data.configMaps.nodes.map((node: any) => node.metadata.name);
  expect(await names(inShop)).toEqual(['in-shop']);
  expect(await names()).toEqual([]);
  const watcher = world.admin.watch(
    'subscription { watchConfigMaps { type configMap { metadata { name } } } }',
    {},
    {
      project: 'shop',
    },
  );
  await watcher.until((events) => events.some(({ type }) => type === 'BOOKMARK'));
  await world.store.create(asAdmin, 'ConfigMap', { metadata: { namespace: 'default', name: 'outside' } });
  await world.store.create(shop, 'ConfigMap', { metadata: { namespace: 'default', name: 'later' } });
  await watcher.until((events) => events.some(({ configMap }) => configMap?.metadata.name === 'later'));
  expect(JSON.stringify(watcher.events)).not.toContain('outside');
});
