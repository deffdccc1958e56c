import { describe, expect, it } from 'vitest';
import { writeChart } from './support/chart.ts';
import { type Client, clientOf } from './support/client.ts';
import { findProgram, whyAbsent } from './support/clients.ts';
import { type Answer, freshNamespace, serverOfFile } from './support/server.ts';

// With reconcilers, since Helm 4 waits until they have made the network ready.
const server = serverOfFile({});

const versions = [
  { version: 3, program: 'helm3/helm' },
  { version: 4, program: 'helm4/helm' },
] as const;

interface Helm extends Client {
  readonly namespace: string;
  /** Reads an object of the namespace. */
  network(name: string): Promise<Answer>;
  read(resource: 'secrets' | 'configmaps', name: string): Promise<Answer>;
}

async function helmIn(program: string): Promise<Helm> {
  const namespace = await freshNamespace(server(), 'helm-');
  const client = clientOf(server(), program, ['--namespace', namespace]);
  writeChart(client.folder);
  return {
    ...client,
    namespace,
    network: (name) =>
      server().call({ path: `/apis/networking.datumapis.com/v1alpha/namespaces/${namespace}/networks/${name}` }),
    read: (resource, name) => server().call({ path: `/api/v1/namespaces/${namespace}/${resource}/${name}` }),
  };
}

describe.each(versions)('29 Helm $version', ({ version, program }) => {
  const path = findProgram(program);
  it('is here', (context) => {
    context.skip(path === undefined, whyAbsent(program));
    expect(path).toBeDefined();
  });
  if (path === undefined) return;

  it('installs, upgrades, rolls back, tells the history, uninstalls', async () => {
    const helm = await helmIn(path);
    expect(await helm.ok('install web edge --wait --timeout 60s')).toContain('STATUS: deployed');
    const installed = (await helm.network('web')).body;
    expect(installed.spec).toMatchObject({ ipam: { mode: 'Auto' }, mtu: 1460 });
    expect(installed.metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'Helm', kind: 'plain' });
    expect((await helm.read('secrets', 'web')).body.data).toEqual({ password: 'aHVudGVyMg==' });
    expect((await helm.read('configmaps', 'web')).body.data).toEqual({ motd: 'hello', found: 'default' });

    await helm.ok('upgrade web edge --wait --timeout 60s --set mtu=1500 --set password=hunter3 --set motd=bye');
    expect((await helm.network('web')).body.spec.mtu).toBe(1500);
    expect((await helm.read('secrets', 'web')).body.data).toEqual({ password: 'aHVudGVyMw==' });
    expect((await helm.read('configmaps', 'web')).body.data.motd).toBe('bye');
    expect(await helm.ok('get values web')).toContain('mtu: 1500');
    expect(await helm.ok('status web')).toContain('REVISION: 2');

    await helm.ok('rollback web 1 --wait --timeout 60s');
    expect((await helm.network('web')).body.spec.mtu).toBe(1460);
    expect((await helm.read('configmaps', 'web')).body.data.motd).toBe('hello');
    const history = JSON.parse(await helm.ok('history web -o json'));
    expect(history.map((entry: { revision: number; status: string }) => [entry.revision, entry.status])).toEqual([
      [1, 'superseded'],
      [2, 'superseded'],
      [3, 'deployed'],
    ]);
    expect(JSON.parse(await helm.ok('list -o json'))).toMatchObject([
      { name: 'web', revision: '3', status: 'deployed' },
    ]);

    expect(await helm.ok('uninstall web --wait --timeout 60s')).toContain('uninstalled');
    expect((await helm.network('web')).status).toBe(404);
    expect((await helm.read('secrets', 'web')).status).toBe(404);
    expect(await helm.ok('list -q')).toBe('');
  });

  it('asks the server in a dry run, and changes nothing', async () => {
    const helm = await helmIn(path);
    const rendered = await helm.ok('install web edge --dry-run=server');
    expect(rendered).toContain('found: "default"');
    expect((await helm.network('web')).status).toBe(404);
    await helm.ok('install web edge');
    await helm.ok('upgrade web edge --dry-run=server --set mtu=1500');
    expect((await helm.network('web')).body.spec.mtu).toBe(1460);
    expect(await helm.ok('list')).toMatch(/^web\s+\S+\s+1\s/m);
    await helm.ok('uninstall web');
  });

  it('does not take over what it did not make, unless it is told to', async () => {
    const helm = await helmIn(path);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { motd: 'mine' } };
    const made = await server().call({ method: 'POST', path: `/api/v1/namespaces/${helm.namespace}/configmaps`, body });
    expect(made.status).toBe(201);
    expect(await helm.fails('install web edge')).toMatch(
      /ConfigMap "web" in namespace "\S+" exists and cannot be imported/,
    );
    const { metadata } = made.body;
    await server().call({
      method: 'PUT',
      path: `/api/v1/namespaces/${helm.namespace}/configmaps/web`,
      body: {
        ...body,
        metadata: {
          ...metadata,
          managedFields: undefined,
          labels: { 'app.kubernetes.io/managed-by': 'Helm' },
          annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': helm.namespace },
        },
      },
    });
    const conflicts = version === 4 ? ' --force-conflicts' : '';
    await helm.ok(`install web edge${conflicts}`);
    const adopted = (await helm.read('configmaps', 'web')).body;
    expect(adopted.metadata.uid).toBe(metadata.uid);
    expect(adopted.data.motd).toBe('hello');
    expect(await helm.fails('install web edge')).toMatch(
      /cannot reuse a name that is still in use|cannot re-use a name/,
    );
  });

  it('shows what the server refuses, at its field', async () => {
    const helm = await helmIn(path);
    expect(await helm.fails('install web edge --set mtu=1')).toMatch(
      /spec\.mtu.*should be greater than or equal to 1300/s,
    );
    expect((await helm.network('web')).status).toBe(404);
  });

  it('keeps its releases in config maps too, and its own namespace', async () => {
    const helm = await helmIn(path);
    const more = { env: { HELM_DRIVER: 'configmap' } };
    const namespace = `${helm.namespace}-own`;
    await helm.ok(`install web edge --create-namespace --namespace ${namespace}`, more);
    await helm.ok(`upgrade web edge --namespace ${namespace} --set mtu=1500`, more);
    expect(await helm.ok(`list -q --namespace ${namespace}`, more)).toBe('web\n');
    await helm.ok(`uninstall web --namespace ${namespace}`, more);
  });

  if (version === 3) return;

  it('stops at the fields of another manager, unless it is told to take them', async () => {
    const helm = await helmIn(path);
    await helm.ok('install web edge');
    const taken = await server().call({
      method: 'PATCH',
      path: `/apis/networking.datumapis.com/v1alpha/namespaces/${helm.namespace}/networks/web?fieldManager=other&force=true`,
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: {
        apiVersion: 'networking.datumapis.com/v1alpha',
        kind: 'Network',
        metadata: { name: 'web' },
        spec: { mtu: 1700 },
      },
    });
    expect(taken.status).toBe(200);
    expect(await helm.fails('upgrade web edge --set mtu=1500')).toMatch(/conflict with "other": \.spec\.mtu/);
    await helm.ok('upgrade web edge --set mtu=1500 --force-conflicts');
    expect((await helm.network('web')).body.spec.mtu).toBe(1500);
    await helm.ok('uninstall web');
  });

  it('moves a release of client-side writes over to server-side apply', async () => {
    const helm = await helmIn(path);
    await helm.ok('install web edge --server-side=false --set label=old');
    await helm.ok('upgrade web edge --server-side=false --set label=older');
    await helm.ok('upgrade web edge --server-side=true --set label=new --set mtu=1500');
    const { metadata, spec } = (await helm.network('web')).body;
    expect(metadata.labels.kind).toBe('new');
    expect(spec.mtu).toBe(1500);
    expect(metadata.managedFields).toContainEqual(expect.objectContaining({ manager: 'helm', operation: 'Apply' }));
    await helm.ok('uninstall web --wait --timeout 60s');
  });

  it('waits until the network is ready', async () => {
    const helm = await helmIn(path);
    await helm.ok('install web edge --wait --timeout 60s');
    const conditions = (await helm.network('web')).body.status.conditions as { type: string; status: string }[];
    expect(conditions.find(({ type }) => type === 'Ready')?.status).toBe('True');
    await helm.ok('uninstall web --wait --timeout 60s');
  });
});
