import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findWholeStoryKubectls } from './support/clients.ts';
import { configMapYaml, type Kubectl, kubectlIn, networkYaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();

describe.each(findWholeStoryKubectls())('kubectl 1.$minor, writes', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);
  const version = (k: Kubectl) => k.ok('get network n -o jsonpath={.metadata.resourceVersion}');

  it('7 patches: merge, JSON, and strategic where Kubernetes knows the kind', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    await k.ok('create -f -', { input: configMapYaml('c', { a: '1', b: '2' }) });
    await k.ok(['patch', 'network', 'n', '--type=merge', '-p', '{"spec":{"mtu":1500}}']);
    const move = '[{"op":"test","path":"/spec/mtu","value":1500},{"op":"replace","path":"/spec/mtu","value":1600}]';
    await k.ok(['patch', 'network', 'n', '--type=json', '-p', move]);
    expect(await k.fails(['patch', 'network', 'n', '--type=json', '-p', move])).toContain('The request is invalid');
    expect(await k.ok('get network n -o jsonpath={.spec.mtu}')).toBe('1600');
    await k.ok(['patch', 'configmap', 'c', '-p', '{"data":{"a":null,"c":"3"}}']);
    expect(JSON.parse(await k.ok('get configmap c -o jsonpath={.data}'))).toEqual({ b: '2', c: '3' });
    const strategic = await k.fails(['patch', 'network', 'n', '--type=strategic', '-p', '{"spec":{"mtu":1500}}']);
    expect(strategic).toMatch(/UnsupportedMediaType|unknown format/);
    const nothing = await k.ok(['patch', 'network', 'n', '--type=merge', '-p', '{"spec":{"mtu":1600}}']);
    expect(nothing).toContain('patched (no change)');
    const bad = await k.fails(['patch', 'network', 'n', '--type=merge', '-p', '{"spec":{"mtu":1}}']);
    expect(bad).toContain('spec.mtu: Invalid value: 1: spec.mtu in body should be greater than or equal to 1300');
  });

  it('7 edits, labels, annotates', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    expect(await k.ok('edit network n', { env: { KUBE_EDITOR: 'sed -i s/1460/1500/' } })).toContain('n edited');
    expect(await k.ok('edit network n', { env: { KUBE_EDITOR: 'true' } })).toContain('no changes');
    expect(await k.ok('label network n a=1 b=2')).toContain('labeled');
    expect(await k.fails('label network n a=2')).toContain('--overwrite is false');
    await k.ok('label network n a=2 b- --overwrite');
    await k.ok('annotate network n x=y');
    const { metadata, spec } = JSON.parse(await k.ok('get network n -o json'));
    expect(metadata.labels).toEqual({ a: '2' });
    expect(metadata.annotations).toEqual({ x: 'y' });
    expect(spec.mtu).toBe(1500);
    expect(metadata.generation).toBe(2);
  });

  it('7 replaces, also by force', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n', { metadata: { labels: { a: '1' } } }) });
    const uid = await k.ok('get network n -o jsonpath={.metadata.uid}');
    const live = await k.ok('get network n -o json');
    await k.ok('replace -f -', { input: live.replace('1460', '1500') });
    expect(await k.fails('replace -f -', { input: live.replace('1460', '1600') })).toContain(
      'the object has been modified',
    );
    const immutable = live
      .replace(/"resourceVersion": "\d+",?/, '')
      .replace(uid, '11111111-2222-3333-4444-555555555555');
    expect(await k.fails('replace -f -', { input: immutable })).toContain('the UID in the precondition');
    await k.ok('replace --force -f -', { input: networkYaml('n') });
    expect(await k.ok('get network n -o jsonpath={.metadata.uid}')).not.toBe(uid);
  });

  it('8 applies on the server: conflict, takeover, the same again', async () => {
    const k = await kubectl();
    const apply = 'apply --server-side -f -';
    expect(await k.ok(apply, { input: networkYaml('n', { metadata: { labels: { a: '1' } } }) })).toContain(
      'serverside-applied',
    );
    const first = await version(k);
    await k.ok(apply, { input: networkYaml('n', { metadata: { labels: { a: '1' } } }) });
    expect(await version(k)).toBe(first);
    const input = networkYaml('n', { metadata: { labels: { a: '2' } } });
    const conflict = await k.fails(`${apply} --field-manager=other`, { input });
    expect(conflict).toContain('Apply failed with 1 conflict: conflict with "kubectl": .metadata.labels.a');
    await k.ok(`${apply} --field-manager=other --force-conflicts`, { input });
    expect(await k.ok('get network n -o jsonpath={.metadata.labels.a}')).toBe('2');
    expect(await k.fails(apply, { input: networkYaml('m', { spec: { bogus: 1 } }) })).toMatch(
      /field not declared in schema|unknown field/,
    );
  });

  it('8 applies on the server after having applied on the client', async () => {
    const k = await kubectl();
    const before = networkYaml('n', { metadata: { labels: { a: '1', b: '1' } } });
    const after = networkYaml('n', { metadata: { labels: { a: '2' } } });
    await k.ok('apply -f -', { input: before });
    await k.ok('apply --server-side -f -', { input: before });
    await k.ok('apply --server-side -f -', { input: after });
    const { metadata } = JSON.parse(
      await k.ok(['get', 'network', 'n', '-o', 'json', ...(k.minor >= 21 ? ['--show-managed-fields'] : [])]),
    );
    // Only since 1.26 kubectl moves what it owned over, so that what is left out goes.
    expect(metadata.labels).toEqual(k.minor < 26 ? { a: '2', b: '1' } : { a: '2' });
    expect(metadata.managedFields).toContainEqual(expect.objectContaining({ manager: 'kubectl', operation: 'Apply' }));
    expect(await k.ok('apply -f -', { input: after })).toMatch(/configured|unchanged/);
    await k.ok('apply --server-side --force-conflicts -f -', { input: after });
    const first = await version(k);
    await k.ok('apply --server-side -f -', { input: after });
    expect(await version(k)).toBe(first);
  });

  it('9 shows what would change, and changes nothing', async () => {
    const k = await kubectl();
    const changed = networkYaml('n', { spec: { mtu: 1500 } });
    await k.ok('apply -f -', { input: networkYaml('n') });
    const before = await k.ok('get network n -o json');
    const diff = await k.fails('diff -f -', { input: changed });
    expect(diff).toMatch(/^- {2}mtu: 1460$/m);
    expect(diff).toMatch(/^\+ {2}mtu: 1500$/m);
    expect(diff).toMatch(/^\+ {2}generation: 2$/m);
    expect(await k.ok('diff -f -', { input: networkYaml('n') })).toBe('');
    expect(await k.fails('diff --server-side --force-conflicts -f -', { input: changed })).toMatch(
      /^\+ {2}mtu: 1500$/m,
    );
    expect(await k.fails('diff -f -', { input: networkYaml('other') })).toMatch(/^\+ {2}name: other$/m);
    for (const dryRun of ['apply', 'apply --server-side --force-conflicts', 'replace']) {
      expect(await k.ok(`${dryRun} --dry-run=server -f -`, { input: changed })).toContain('server dry run');
    }
    await k.ok('create --dry-run=server -f -', { input: networkYaml('other') });
    await k.ok('delete --dry-run=server network n');
    await k.ok('label --dry-run=server network n a=1');
    expect(await k.ok('get network n -o json')).toBe(before);
    expect(await k.ok('get networks -o name')).toBe('network.networking.datumapis.com/n\n');
  });

  it('6 applies a folder of many kinds, and deletes it', async () => {
    const k = await kubectl();
    writeFileSync(join(k.folder, 'a.yaml'), networkYaml('n'));
    writeFileSync(
      join(k.folder, 'b.yaml'),
      `${configMapYaml('c', { a: '1' })}\n---\n${configMapYaml('d', { a: 'ü€😀' })}\n`,
    );
    const files = 'a.yaml b.yaml'
      .split(' ')
      .map((file) => `-f ${join(k.folder, file)}`)
      .join(' ');
    await k.ok(`apply ${files}`);
    await k.ok(`apply --server-side --force-conflicts ${files}`);
    expect(await k.ok('get configmap d -o jsonpath={.data.a}')).toBe('ü€😀');
    await k.ok(`delete ${files}`);
    expect(await k.ok(`delete --ignore-not-found ${files}`)).toBe('');
    expect(await k.fails(`delete ${files}`)).toContain('(NotFound)');
  });
});
