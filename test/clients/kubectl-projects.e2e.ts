import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { eventually } from '../support/graphql.ts';
import { type Client, clientOf } from './support/client.ts';
import { findShortStoryKubectls } from './support/clients.ts';
import { configMapYaml, networkYaml, yaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

// The checklist's items on objects, documents, apply and watch, through a kubeconfig whose server is a project's.

const server = serverOfFile({ DATUM_ROLES: 'gateway,subgraph,kubernetes,worker,dispatcher,emulator' });
const versions = findShortStoryKubectls();
const groups = {
  short: '',
  'of the older system': '/apis/resourcemanager.miloapis.com/v1alpha1',
  ours: '/apis/resourcemanager.datumapis.com/v1alpha1',
};

it('some kubectl is here', (context) => {
  context.skip(versions.length === 0, 'no kubectl.<minor> on the path, and kubectl-1.20 is not installed');
  expect(versions.length).toBeGreaterThan(0);
});

/** A kubectl whose kubeconfig names the control plane of a project as its server. */
function inProject(program: string, prefix: string): Client {
  const client = clientOf(server(), program);
  const config = parse(readFileSync(server().kubeconfig, 'utf8')) as { clusters: { cluster: { server: string } }[] };
  for (const { cluster } of config.clusters) cluster.server += prefix;
  const file = join(client.folder, 'kubeconfig');
  writeFileSync(file, stringify(config));
  return clientOf(server(), program, ['--kubeconfig', file]);
}

const project = (name: string, spec: object = {}): string =>
  yaml({ apiVersion: 'resourcemanager.datumapis.com/v1alpha1', kind: 'Project', metadata: { name }, spec });

/** Through `wait`, which also shows that conditions are as clients expect them. */
async function makeProject(root: Client, name: string, spec?: object): Promise<void> {
  await root.ok('create -f -', { input: project(name, spec) });
  await root.ok(`wait --for=condition=Ready project/${name} --timeout=30s`);
}

describe.each(versions)('kubectl 1.$minor', ({ minor, path }) => {
  const root = (): Client => clientOf(server(), path);

  it.each(Object.entries(groups))('32 items 3, 5, 6, 10 by the prefix %s', async (form, group) => {
    const name = `p${minor}-${Object.keys(groups).indexOf(form)}`;
    await makeProject(root(), name);
    const k = inProject(path, `${group}/projects/${name}/control-plane`);

    expect(await k.ok('get namespaces -o name')).toBe('namespace/default\nnamespace/kube-system\n');
    await k.ok('create -f -', { input: networkYaml('n') });
    expect(await k.ok('get networks')).toMatch(/^NAME +AGE\nn +\d+s\n$/);
    expect(await k.ok('get network n -o yaml')).toMatch(/^ {2}mtu: 1460$/m);
    expect(await k.fails('create -f -', { input: networkYaml('n') })).toMatch(/AlreadyExists/);
    expect(await root().ok('get networks')).toMatch(/^No resources found/);

    expect(await k.ok('explain network.spec')).toMatch(/KIND:\s+Network[^]*mtu\s+<integer>/);
    if (minor >= 29) expect(await k.ok('explain network.spec --output=plaintext-openapiv2')).toMatch(/mtu\s+<integer>/);
    expect(await k.fails('explain project')).toMatch(/find resource|resource type/);
    expect(await k.ok('api-resources -o name')).not.toContain('resourcemanager');

    const applied = [networkYaml('n', { spec: { mtu: 1500 } }), configMapYaml('c', { a: '1' })].join('\n---\n');
    expect(lines(await k.ok('apply -f -', { input: applied.replace('1500', '1460') }))).toContain(
      'configmap/c created',
    );
    expect(lines(await k.ok('apply -f -', { input: applied }))).toContain(
      'network.networking.datumapis.com/n configured',
    );
    expect(lines(await k.ok('apply -f -', { input: applied }))).toEqual([
      'configmap/c unchanged',
      'network.networking.datumapis.com/n unchanged',
    ]);
    if (minor >= 22) await k.ok('apply --server-side --force-conflicts -f -', { input: applied });

    const watch = k.start('get networks --watch --output-watch-events --no-headers');
    const seen = (pattern: RegExp) =>
      eventually(
        async () => watch.stdout(),
        (text) => pattern.test(text),
      );
    await seen(/^ADDED +n +/m);
    await k.ok('label network n a=1');
    await seen(/^MODIFIED +n +/m);
    await root().ok('create -f -', { input: networkYaml('elsewhere') });
    await k.ok('delete network n');
    await seen(/^DELETED +n +/m);
    expect((await watch.stop()).stdout).not.toContain('elsewhere');
    await root().ok('delete network elsewhere');

    await k.ok('create -f -', { input: networkYaml('m') });
    await k.ok('wait --for=condition=Ready network/m --timeout=30s');
    expect(await k.ok('auth can-i create networks.networking.datumapis.com')).toBe('yes\n');
  });

  it('a project that is not there is not found', async () => {
    const k = inProject(path, '/projects/nothing/control-plane');
    expect((await k.run('get networks')).code).toBe(1);
    const answer = await server().call({ path: '/projects/nothing/control-plane/api' });
    expect(answer).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
  });

  it('projects, organizations, quotas and service accounts are as people know such kinds', async () => {
    const name = `q${minor}`;
    const k = root();
    await k.ok('create -f -', {
      input: yaml({
        apiVersion: 'resourcemanager.datumapis.com/v1alpha1',
        kind: 'Organization',
        metadata: { name },
        spec: { displayName: 'Acme' },
      }),
    });
    await makeProject(k, name, { displayName: 'Shop', organization: { name }, quotas: { secrets: 9 } });
    expect(await k.ok(`get proj ${name}`)).toMatch(
      /^NAME +DISPLAY NAME +ORGANIZATION +READY +REASON +AGE\n\S+ +Shop +\S+ +True +Ready +\d+s\n$/,
    );
    await eventually(
      () => k.ok(`get org ${name}`),
      (table) => /^NAME +DISPLAY NAME +PROJECTS +READY +AGE\n\S+ +Acme +1 +True +\d+s\n$/.test(table),
    );
    expect(await k.ok(`get projects --field-selector=spec.organization.name=${name} -o name`)).toContain(`/${name}\n`);
    await eventually(
      () => k.ok(`describe project ${name}`),
      (text) => /Hard:\s+Secrets: +9/.test(text),
    );

    const inside = inProject(path, `/projects/${name}/control-plane`);
    expect(await inside.ok('create quota q --hard=secrets=1,count/networks.networking.datumapis.com=0')).toBe(
      'resourcequota/q created\n',
    );
    expect(await inside.ok('create secret generic s --from-literal=a=b')).toBe('secret/s created\n');
    expect(await inside.fails('create secret generic t --from-literal=a=b')).toContain(
      'exceeded quota: q, requested: secrets=1, used: secrets=1, limited: secrets=1',
    );
    expect(await inside.fails('create -f -', { input: networkYaml('n') })).toContain('(Forbidden)');
    await eventually(
      () => inside.ok('get quota q'),
      (table) => /count\/networks\.networking\.datumapis\.com: 0\/0, secrets: 1\/1/.test(table),
    );
    expect(await inside.ok('describe quota q')).toMatch(/secrets +1 +1/);
    expect(await inside.ok('create serviceaccount robot')).toBe('serviceaccount/robot created\n');
    expect(await inside.ok('get sa robot')).toMatch(/^NAME +SECRETS +AGE\nrobot +0 +\d+s\n$/);
    if (minor >= 24) expect((await inside.ok('create token robot')).trim().split('.')).toHaveLength(3);

    await k.ok(`delete project ${name} --timeout=30s`);
    expect((await inside.run('get secrets')).code).toBe(1);
    await k.ok(`delete org ${name} --timeout=30s`);
    expect(await k.fails('delete project default')).toContain('this project may not be deleted');
  });
});

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean).toSorted();
}
