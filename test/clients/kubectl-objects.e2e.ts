import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findShortStoryKubectls, findWholeStoryKubectls } from './support/clients.ts';
import { configMapYaml, type Kubectl, kubectlIn, networkYaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();
const versions = findShortStoryKubectls();

it('some kubectl is here', (context) => {
  context.skip(versions.length === 0, 'no kubectl.<minor> on the path, and kubectl-1.20 is not installed');
  expect(versions.map(({ minor }) => minor)).toContain(20);
});

describe.each(versions)('kubectl 1.$minor', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);

  it('1 lists the same resources as every version', async () => {
    const names = await (await kubectl()).ok('api-resources --verbs=list -o name');
    const [first] = versions;
    const others = await kubectlIn(server(), first ?? program).then((other) =>
      other.ok('api-resources --verbs=list -o name'),
    );
    expect(lines(names)).toEqual(lines(others));
    expect(lines(names)).toEqual(
      expect.arrayContaining(['networks.networking.datumapis.com', 'workloads.compute.datumapis.com', 'secrets']),
    );
  });

  it('6 applies: created, configured, unchanged', async () => {
    const k = await kubectl();
    const apply = (...documents: string[]) => k.ok('apply -f -', { input: documents.join('\n---\n') });
    const before = [networkYaml('n'), configMapYaml('c', { a: '1' })];
    const after = [
      networkYaml('n', { metadata: { labels: { a: '1' } }, spec: { mtu: 1500 } }),
      configMapYaml('c', { b: '1' }),
    ];
    expect(lines(await apply(...before))).toEqual([
      'configmap/c created',
      'network.networking.datumapis.com/n created',
    ]);
    expect(lines(await apply(...after))).toEqual([
      'configmap/c configured',
      'network.networking.datumapis.com/n configured',
    ]);
    expect(lines(await apply(...after))).toEqual([
      'configmap/c unchanged',
      'network.networking.datumapis.com/n unchanged',
    ]);
    expect(JSON.parse(await k.ok('get configmap c -o json')).data).toEqual({ b: '1' });
    const network = JSON.parse(await k.ok('get network n -o json'));
    expect(network.spec).toEqual({ ipam: { mode: 'Auto' }, ipFamilies: ['IPv4'], mtu: 1500 });
  });

  it('5 explains our kinds', async () => {
    const k = await kubectl();
    expect(await k.ok('explain network.spec')).toMatch(/KIND:\s+Network[^]*mtu\s+<integer>/);
    expect(await k.ok('explain workload.spec.placements.scaleSettings.minReplicas')).toMatch(/<integer>/);
    expect(await k.ok('explain configmap.data')).toMatch(/<map\[string\]string>/);
    if (k.minor >= 29)
      expect(await k.ok('explain network.spec --output=plaintext-openapiv2')).toMatch(/mtu\s+<integer>/);
  });

  it('3 deletes', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    expect(await k.ok('get networks')).toMatch(/^NAME +AGE\nn +\d+s\n$/);
    expect(await k.ok('delete network n')).toBe('network.networking.datumapis.com "n" deleted\n');
    expect(await k.ok('get networks')).toMatch(/^No resources found/);
  });
});

describe.each(findWholeStoryKubectls())('kubectl 1.$minor, objects', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);

  it('1 knows versions and short names', async () => {
    const k = await kubectl();
    const table = await k.ok('api-resources --api-group=networking.datumapis.com');
    expect(table).toMatch(/^networks +net +networking\.datumapis\.com\S* +true +Network$/m);
    expect(await k.ok('api-versions')).toContain('compute.datumapis.com/v1alpha\n');
    expect(await k.ok('version')).toMatch(/Server Version: .*v1\.33\./);
  });

  it('2 creates secrets, config maps and namespaces, and says who it is', async () => {
    const k = await kubectl();
    expect(await k.ok('create secret generic s --from-literal=a=b')).toBe('secret/s created\n');
    expect(await k.ok('get secret s -o jsonpath={.data.a}')).toBe('Yg==');
    expect(await k.ok('create configmap c --from-literal=a=b')).toBe('configmap/c created\n');
    expect(await k.ok(`create ns ${k.namespace}-2`)).toContain('created');
    expect(await k.ok('get secret s')).toMatch(/^NAME +TYPE +DATA +AGE\ns +Opaque +1 +\d+s\n$/);
    expect(await k.ok('get configmap c')).toMatch(/^NAME +DATA +AGE\nc +1 +\d+s\n$/);
    expect(await k.ok(`get ns ${k.namespace}-2`)).toMatch(/^NAME +STATUS +AGE\n\S+ +Active +\d+s\n$/);
    // `auth whoami` came with 1.28.
    if (k.minor < 28) return;
    expect(await k.ok('auth whoami')).toMatch(/Username +\S+/);
  });

  it('3 creates once, and shows an object as YAML, name, column and path', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n', { metadata: { labels: { a: '1' } } }) });
    expect(await k.fails('create -f -', { input: networkYaml('n') })).toMatch(/AlreadyExists.*"n" already exists/s);
    expect(await k.ok('get network n -o yaml')).toMatch(/^ {2}mtu: 1460$/m);
    expect(await k.ok('get networks -l a=1 -o name')).toBe('network.networking.datumapis.com/n\n');
    expect(await k.ok('get networks -l a!=1 -o name')).toBe('');
    expect(await k.ok('get net n -o jsonpath={.spec.ipam.mode}')).toBe('Auto');
    expect(await k.ok('get networks -o custom-columns=N:.metadata.name,M:.spec.mtu')).toMatch(/^N +M\nn +1460\n$/);
    expect(await k.ok('get networks -A --no-headers')).toMatch(new RegExp(`^${k.namespace} +n `, 'm'));
    expect(await k.ok('get networks --field-selector=metadata.name=n -o name')).toContain('/n');
    expect(await k.ok('get networks --chunk-size=1 --sort-by=.metadata.name -o name')).toContain('/n');
    expect(await k.fails('get network nothing')).toContain(
      'Error from server (NotFound): networks.networking.datumapis.com "nothing" not found',
    );
  });

  it('4 refuses or warns about unknown fields', async () => {
    const k = await kubectl();
    const input = networkYaml('n', { spec: { ipam: { mode: 'Auto', bogus: 1 } } });
    const refused = await k.fails('create -f -', { input });
    // 1.20 checks by itself, against the OpenAPI document.
    expect(refused).toContain(k.minor < 25 ? 'unknown field "bogus"' : 'unknown field "spec.ipam.bogus"');
    expect(await k.ok('create --validate=false -f -', { input })).toContain('created');
    expect(await k.ok('get network n -o jsonpath={.spec}')).not.toContain('bogus');
    // `--validate=warn` came with 1.25.
    if (k.minor < 25) return;
    const warned = await k.ok('create --validate=warn -f -', { input: input.replace('"n"', '"n2"') });
    expect(warned).toContain('Warning: unknown field "spec.ipam.bogus"');
    expect(warned).toContain('n2 created');
  });

  it('5 reads the OpenAPI documents', async () => {
    const k = await kubectl();
    expect(JSON.parse(await k.ok('get --raw /openapi/v2')).swagger).toBe('2.0');
    expect(Object.keys(JSON.parse(await k.ok('get --raw /openapi/v3')).paths)).toContain(
      'apis/networking.datumapis.com/v1alpha',
    );
    expect(await k.ok('explain workload --recursive')).toMatch(/placements[^]*cityCodes[^]*scaleSettings/);
    expect(await k.fails('explain network.nothing')).toContain('"nothing" does not exist');
  });

  it('14 asks what it may do', async () => {
    const k = await kubectl();
    expect(await k.ok('auth can-i create networks.networking.datumapis.com')).toBe('yes\n');
    expect(await k.ok('auth can-i --list')).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/);
  });

  it('15 applies and deletes a kustomization, and prunes', async () => {
    const k = await kubectl();
    writeFileSync(join(k.folder, 'network.yaml'), networkYaml('n'));
    writeFileSync(
      join(k.folder, 'kustomization.yaml'),
      JSON.stringify({
        resources: ['network.yaml'],
        namePrefix: 'my-',
        commonLabels: { app: 'x' },
        secretGenerator: [{ name: 's', literals: ['a=b'] }],
      }),
    );
    expect(lines(await k.ok('apply -k .'))).toEqual([
      'network.networking.datumapis.com/my-n created',
      expect.stringMatching(/^secret\/my-s-\w+ created$/),
    ]);
    const allow = k.minor < 26 ? '--prune-whitelist' : '--prune-allowlist';
    const input = networkYaml('other', { metadata: { labels: { app: 'x' } } });
    const pruned = await k.ok(`apply --prune -l app=x ${allow}=networking.datumapis.com/v1alpha/Network -f -`, {
      input,
    });
    expect(pruned).toContain('my-n pruned');
    await k.ok('apply -k .');
    expect(lines(await k.ok('delete -k .'))).toHaveLength(2);
    expect(await k.ok('get networks -o name')).toBe('network.networking.datumapis.com/other\n');
  });

  it('15 describes an object with its events', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    const uid = await k.ok('get network n -o jsonpath={.metadata.uid}');
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'n.1' },
      involvedObject: {
        apiVersion: 'networking.datumapis.com/v1alpha',
        kind: 'Network',
        name: 'n',
        namespace: k.namespace,
        uid,
      },
      reason: 'Seen',
      message: 'it was seen',
      type: 'Normal',
      source: { component: 'test' },
      firstTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      count: 1,
    };
    await k.ok('create -f -', { input: JSON.stringify(event) });
    expect(await k.ok('describe network n')).toMatch(
      /Name: +n\n[^]*Mtu: +1460[^]*Normal +Seen +\S+ +test +it was seen/,
    );
    expect(await k.ok('get events')).toMatch(
      /LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Normal +Seen +network\/n +it was seen/,
    );
    // `kubectl events` came with 1.26.
    if (k.minor < 26) return;
    expect(await k.ok('events --for network/n')).toContain('it was seen');
  });

  it('36 knows short names and the category of all', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    expect(await k.ok('get net,cm,secrets -o name')).toBe('network.networking.datumapis.com/n\n');
    expect(await k.ok('get all')).toMatch(/^network.networking.datumapis.com\/n /m);
  });
});

/** What was printed, sorted, without kustomize's advice. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .toSorted();
}
