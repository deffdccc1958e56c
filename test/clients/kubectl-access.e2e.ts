import { describe, expect, it } from 'vitest';
import { findShortStoryKubectls } from './support/clients.ts';
import { type Kubectl, kubectlIn, networkYaml, yaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();
const versions = findShortStoryKubectls();
const apiVersion = 'rbac.authorization.k8s.io/v1';

it('some kubectl is here', (context) => {
  context.skip(versions.length === 0, 'no kubectl.<minor> on the path, and kubectl-1.20 is not installed');
  expect(versions.length).toBeGreaterThan(0);
});

describe.each(versions)('kubectl 1.$minor', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);

  it('asks what one can do', async () => {
    const k = await kubectl();
    expect(await k.ok('auth can-i create networks.networking.datumapis.com')).toBe('yes\n');
    expect(await k.ok('auth can-i *  *')).toBe('yes\n');
    await k.ok('create rolebinding ann --clusterrole=view --user=ann');
    const asAnn = '--as ann --as-group system:authenticated';
    expect(await k.ok(`auth can-i list networks.networking.datumapis.com ${asAnn}`)).toBe('yes\n');
    expect(await k.fails(`auth can-i delete networks.networking.datumapis.com ${asAnn}`)).toContain('no');
    expect(await k.fails(`auth can-i get secrets ${asAnn}`)).toContain('no');
    expect(await k.fails(`auth can-i list networks.networking.datumapis.com -n default ${asAnn}`)).toContain('no');
    expect(await k.ok(`auth can-i get /version ${asAnn}`)).toBe('yes\n');
    const list = await k.ok(`auth can-i --list ${asAnn}`);
    expect(list).toMatch(/networks\.networking\.datumapis\.com\s+\[\]\s+\[\]\s+\[get list watch\]/);
    expect(list).toMatch(/\[\/version\]/);
    expect(list).not.toMatch(/secrets/);
  });

  it('acts as somebody else', async () => {
    const k = await kubectl();
    await k.ok('create rolebinding editors --clusterrole=edit --group=editors');
    await k.ok('apply -f - --as ann --as-group editors --as-group others', { input: networkYaml('n') });
    expect(await k.ok('get networks -o name --as ann --as-group editors')).toContain('/n\n');
    const refused = await k.fails('get networks --as ann');
    expect(refused).toContain(
      'Error from server (Forbidden): networks.networking.datumapis.com is forbidden: User "ann"',
    );
    expect(
      await k.fails('create rolebinding more --clusterrole=admin --user=eve --as ann --as-group editors'),
    ).toContain('cannot create resource "rolebindings"');
    const escalating = await k.fails(
      `create clusterrolebinding ${k.namespace} --clusterrole=cluster-admin --user=ann --as ann --as-group editors`,
    );
    expect(escalating).toContain('cannot create resource "clusterrolebindings"');
  });

  it('reconciles roles and bindings', async () => {
    const k = await kubectl();
    const role = (verbs: string[]): object => ({
      apiVersion,
      kind: 'Role',
      metadata: { name: 'reader', namespace: k.namespace },
      rules: [{ apiGroups: ['networking.datumapis.com'], resources: ['networks'], verbs }],
    });
    const binding = (...users: string[]): object => ({
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name: 'readers', namespace: k.namespace },
      subjects: users.map((name) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name })),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    });
    const reconcile = (...objects: object[]) =>
      k.ok('auth reconcile -f -', { input: objects.map((object) => yaml(object)).join('---\n') });
    expect(await reconcile(role(['get']), binding('ann'))).toMatch(/role.*reader.* reconciled[^]*readers.* reconciled/);
    await reconcile(role(['list']), binding('bob'));
    for (const user of ['ann', 'bob'])
      for (const verb of ['get', 'list'])
        expect(await k.ok(`auth can-i ${verb} networks.networking.datumapis.com --as ${user}`)).toBe('yes\n');
    expect(JSON.parse(await k.ok('get role reader -o json')).rules).toHaveLength(2);
  });
});
