import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInRegistry } from '../../kinds/registry.ts';
import { findWholeStoryKubectls } from './support/clients.ts';
import { configMapYaml, type Kubectl, kubectlIn, networkYaml, yaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();
const location = yaml({
  apiVersion: 'networking.datumapis.com/v1alpha',
  kind: 'Location',
  metadata: { name: 'dfw' },
  spec: {
    locationClassName: 'self-managed',
    topology: { 'topology.datum.net/city-code': 'DFW' },
    provider: { gcp: { projectId: 'acme', region: 'us-south1', zone: 'us-south1-a' } },
  },
});
const workload = yaml({
  apiVersion: 'compute.datumapis.com/v1alpha',
  kind: 'Workload',
  metadata: { name: 'w' },
  spec: {
    template: {
      spec: {
        runtime: {
          resources: { instanceType: 'datumcloud/d1-standard-2' },
          sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29' }] },
        },
        networkInterfaces: [{ network: { name: 'n' } }],
      },
    },
    placements: [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
  },
});

describe.each(findWholeStoryKubectls())('kubectl 1.$minor, more', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);

  it('16 waits over a streaming list', async (context) => {
    context.skip(program.minor < 30, 'streaming lists can be switched on since 1.30');
    const k = await kubectl();
    const env = { KUBE_FEATURE_WatchListClient: 'true' };
    await k.ok('create -f -', { input: networkYaml('n') });
    const wait = ['wait', '--for=jsonpath={.spec.mtu}=1460', 'network/n', '--timeout=5s'];
    expect(await k.ok(wait, { env })).toContain('n condition met');
    const preferred = { ...env, KUBE_FEATURE_ClientsPreferCBOR: 'true' };
    expect(await k.ok(wait, { env: preferred })).toContain('n condition met');
  });

  it('24 scales a workload', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: `${location}\n---\n${networkYaml('n')}\n---\n${workload}` });
    expect(await k.ok('scale workload/w --replicas=3')).toContain('w scaled');
    const path = '{.spec.placements[0].scaleSettings.minReplicas}';
    expect(await k.ok(`get workload w -o jsonpath=${path}`)).toBe('3');
    expect(await k.fails('scale workload/w --replicas=3 --current-replicas=5')).toContain(
      'Expected replicas to be 5, was 3',
    );
    expect(await k.fails('scale workload/w --replicas=0')).toContain('spec.replicas');
    if (k.minor >= 24) {
      expect(await k.ok('get workload w --subresource=scale -o jsonpath={.kind}/{.spec.replicas}')).toBe('Scale/3');
    }
  });

  it('25 stores the RBAC kinds', async () => {
    const k = await kubectl();
    await k.ok('create role r --verb=get --resource=networks.networking.datumapis.com');
    await k.ok('create rolebinding b --role=r --user=u');
    await k.ok(`create clusterrole ${k.namespace} --verb=get --resource=networks.networking.datumapis.com`);
    await k.ok(`create clusterrolebinding ${k.namespace} --clusterrole=${k.namespace} --user=u`);
    const names = await k.ok('get roles,rolebindings,clusterroles,clusterrolebindings -o name');
    for (const name of ['role', 'clusterrole', 'rolebinding', 'clusterrolebinding']) {
      expect(names).toContain(`${name}.rbac.authorization.k8s.io/`);
    }
    expect(await k.ok('get rolebindings')).toMatch(/^NAME +ROLE +AGE\nb +Role\/r +\d+s\n$/);
    expect(await k.ok('describe role r')).toMatch(/networks\.networking\.datumapis\.com +\[\] +\[\] +\[get\]/);
    await k.ok(`delete clusterrole,clusterrolebinding ${k.namespace}`);
  });

  it('27 shows the definitions of our kinds', async () => {
    const k = await kubectl();
    const names = await k.ok('get crd -o name');
    const ours = builtInRegistry()
      .all()
      .filter(({ group }) => group.endsWith('.datumapis.com'));
    expect(names.split('\n').filter(Boolean).toSorted()).toEqual(
      ours.map(({ group, plural }) => `customresourcedefinition.apiextensions.k8s.io/${plural}.${group}`).toSorted(),
    );
    expect(names).toContain('/networks.networking.datumapis.com\n');
    await k.ok('wait --for=condition=Established crd/networks.networking.datumapis.com --timeout=10s');
    expect(await k.ok('describe crd networks.networking.datumapis.com')).toMatch(/Plural: +networks/);
  });

  it('31 prunes an apply set', async (context) => {
    context.skip(program.minor < 27, 'apply sets came with 1.27');
    const k = await kubectl();
    const folder = join(k.folder, 'set');
    mkdirSync(folder);
    const apply = () =>
      k.ok(`apply --prune --applyset=configmaps/a -f ${folder}`, { env: { KUBECTL_APPLYSET: 'true' } });
    writeFileSync(join(folder, 'n.yaml'), networkYaml('n'));
    writeFileSync(join(folder, 'c.yaml'), configMapYaml('c', { a: '1' }));
    expect(await apply()).toMatch(/configmap\/c created[^]*n created/);
    rmSync(join(folder, 'n.yaml'));
    expect(await apply()).toMatch(/configmap\/c unchanged[^]*n pruned/);
    expect(await k.ok('get networks,configmaps -o name')).toBe('configmap/a\nconfigmap/c\n');
  });

  it('33 reads a list with gzip and without', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: configMapYaml('c', { a: 'x'.repeat(300_000) }) });
    expect((await k.ok('get configmap c -o jsonpath={.data.a}')).length).toBe(300_000);
  });
});
