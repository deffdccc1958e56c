import { describe, expect, it } from 'vitest';
import { eventually } from '../support/graphql.ts';
import { findWholeStoryKubectls } from './support/clients.ts';
import { type Kubectl, kubectlIn, networkYaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();
const guarded = networkYaml('n', { metadata: { finalizers: ['example.com/guard'] } });
const withoutFinalizers = ['patch', 'network', 'n', '--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
const ready = JSON.stringify({
  status: {
    conditions: [
      { type: 'Ready', status: 'True', reason: 'Test', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ],
  },
});

describe.each(findWholeStoryKubectls())('kubectl 1.$minor, lifecycle', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);
  const setReady = async (k: Kubectl): Promise<void> => {
    const { status, body } = await server().call({
      method: 'PATCH',
      path: `/apis/networking.datumapis.com/v1alpha/namespaces/${k.namespace}/networks/n/status`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: ready,
    });
    expect(status, JSON.stringify(body)).toBe(200);
  };

  it('10 watches a list: add, change, delete', async () => {
    const k = await kubectl();
    const watch = k.start('get networks --watch --output-watch-events --no-headers');
    const seen = (pattern: RegExp) =>
      eventually(
        async () => watch.stdout(),
        (text) => pattern.test(text),
      );
    // Whatever comes between the list and the watch must not be lost.
    await k.ok('create -f -', { input: networkYaml('n') });
    await seen(/^ADDED +n +/m);
    await k.ok('label network n a=1');
    await seen(/^MODIFIED +n +/m);
    await k.ok('delete network n');
    await seen(/^DELETED +n +/m);
    await k.ok('create -f -', { input: networkYaml('m') });
    await seen(/^ADDED +m +/m);
    await watch.stop();
  });

  it('10 watches one object, as JSON', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    const watch = k.start('get network n --watch -o jsonpath={.metadata.name}{.metadata.labels.a}{"\\n"}');
    await eventually(
      async () => watch.stdout(),
      (text) => text.includes('n\n'),
    );
    await k.ok('create -f -', { input: networkYaml('other') });
    await k.ok('label network n a=1');
    await eventually(
      async () => watch.stdout(),
      (text) => text.endsWith('n1\n'),
    );
    expect((await watch.stop()).stdout).not.toContain('other');
  });

  it('11 deletes with finalizers, and waits', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: guarded });
    expect(await k.fails('delete network n --timeout=1s')).toContain('timed out waiting for the condition');
    expect(await k.ok('get network n -o jsonpath={.metadata.deletionTimestamp}')).not.toBe('');
    const waiting = k.start('wait --for=delete network/n --timeout=30s');
    await k.ok(withoutFinalizers);
    const { code, stderr } = await waiting.ended;
    // 1.20 fails when what it should wait for is gone already.
    expect(code === 0 || (k.minor === 20 && /no matching resources|NotFound/.test(stderr)), stderr).toBe(true);
    expect(await k.fails('get network n')).toContain('(NotFound)');
    await k.ok('create -f -', { input: networkYaml('n') });
    expect(await k.ok('delete networks --all')).toContain('"n" deleted');
    await k.ok('create -f -', { input: networkYaml('n') });
    await k.ok('delete network n --wait=false');
  });

  it('11 waits for conditions and values', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: networkYaml('n') });
    expect(await k.fails('wait --for=condition=Ready network/n --timeout=1s')).toContain('timed out');
    const waiting = k.start('wait --for=condition=Ready network/n --timeout=30s');
    await setReady(k);
    expect((await waiting.ended).stdout).toContain('n condition met');
    // `wait --for=jsonpath` came with 1.23.
    if (k.minor < 23) return;
    const value = k.start(['wait', '--for=jsonpath={.spec.mtu}=1500', 'network/n', '--timeout=30s']);
    await k.ok(['patch', 'network', 'n', '--type=merge', '-p', '{"spec":{"mtu":1500}}']);
    expect((await value.ended).code).toBe(0);
    // `wait --for=create` came with 1.31.
    if (k.minor < 31) return;
    const created = k.start('wait --for=create network/later --timeout=30s');
    await k.ok('create -f -', { input: networkYaml('later') });
    expect((await created.ended).code).toBe(0);
  });
});
