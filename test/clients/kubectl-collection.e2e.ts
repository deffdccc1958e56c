import { describe, expect, it } from 'vitest';
import { eventually } from '../support/graphql.ts';
import { findWholeStoryKubectls } from './support/clients.ts';
import { configMapYaml, type Kubectl, kubectlIn } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

// With reconcilers: they collect what is owned, and empty namespaces.
const server = serverOfFile({});

describe.each(findWholeStoryKubectls())('kubectl 1.$minor, what goes with what', (program) => {
  const kubectl = (): Promise<Kubectl> => kubectlIn(server(), program);

  it('11 deletes with every propagation', async () => {
    const k = await kubectl();
    const own = async (name: string): Promise<void> => {
      await k.ok('create -f -', { input: configMapYaml(name, {}) });
      const uid = await k.ok(`get configmap ${name} -o jsonpath={.metadata.uid}`);
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion: true };
      await k.ok('create -f -', { input: configMapYaml(`of-${name}`, {}, { ownerReferences: [owner] }) });
    };
    for (const name of ['background', 'foreground', 'orphan']) {
      await own(name);
      await k.ok(`delete configmap ${name} --cascade=${name}`);
    }
    expect(await k.fails('get configmap of-foreground')).toContain('(NotFound)');
    await eventually(
      () => k.ok('get configmaps -o name'),
      (names) => names === 'configmap/of-orphan\n',
    );
    expect(await k.ok('get configmap of-orphan -o jsonpath={.metadata.ownerReferences}')).toBe('');
  });

  it('13 deletes a namespace with all that is in it', async () => {
    const k = await kubectl();
    await k.ok('create -f -', { input: configMapYaml('guarded', {}, { finalizers: ['example.com/guard'] }) });
    await k.ok('create secret generic s --from-literal=a=b');
    await k.ok(`delete ns ${k.namespace} --wait=false`);
    expect(await k.ok(`get ns ${k.namespace} -o jsonpath={.status.phase}`)).toBe('Terminating');
    const refused = await k.fails('create configmap late --from-literal=a=b');
    expect(refused).toContain(
      `unable to create new content in namespace ${k.namespace} because it is being terminated`,
    );
    await k.ok(['patch', 'configmap', 'guarded', '-p', '{"metadata":{"finalizers":null}}']);
    await eventually(
      () => k.run(`get ns ${k.namespace}`),
      ({ stderr }) => stderr.includes('(NotFound)'),
    );
    expect(await k.ok('get secrets -o name')).toBe('');
    expect(await k.fails('delete ns default')).toContain('this namespace may not be deleted');
  });
});
