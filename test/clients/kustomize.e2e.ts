import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clientOf } from './support/client.ts';
import { findKubectls, findProgram, whyAbsent } from './support/clients.ts';
import { kubectlIn, networkYaml } from './support/kubectl.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile();

it('15 kustomize builds what kubectl applies, on the client and on the server', async (context) => {
  const program = findProgram('kustomize/kustomize');
  context.skip(program === undefined, whyAbsent('kustomize/kustomize'));
  const newest = findKubectls().at(-1);
  context.skip(newest === undefined, 'no kubectl is here');
  // Both are there: the test was skipped otherwise.
  const kubectl = await kubectlIn(server(), newest!);
  const kustomize = clientOf(server(), program!);
  const base = join(kustomize.folder, 'base');
  const overlay = join(kustomize.folder, 'overlay');
  for (const folder of [base, overlay]) mkdirSync(folder);
  writeFileSync(join(base, 'network.yaml'), networkYaml('n'));
  writeFileSync(join(base, 'kustomization.yaml'), 'resources: [network.yaml]\n');
  const write = (mtu: number): void =>
    writeFileSync(
      join(overlay, 'kustomization.yaml'),
      JSON.stringify({
        resources: ['../base'],
        namespace: kubectl.namespace,
        nameSuffix: '-edge',
        labels: [{ pairs: { tier: 'edge' } }],
        configMapGenerator: [{ name: 'c', literals: ['a=1'], options: { disableNameSuffixHash: true } }],
        patches: [{ target: { kind: 'Network' }, patch: `[{"op": "add", "path": "/spec/mtu", "value": ${mtu}}]` }],
      }),
    );
  const apply = async (how = ''): Promise<string[]> => {
    const input = await kustomize.ok(['build', overlay]);
    return (await kubectl.ok(`apply ${how} -f -`, { input })).split('\n').filter(Boolean).toSorted();
  };
  write(1500);
  expect(await apply()).toEqual(['configmap/c-edge created', 'network.networking.datumapis.com/n-edge created']);
  expect(await apply()).toEqual(['configmap/c-edge unchanged', 'network.networking.datumapis.com/n-edge unchanged']);
  write(1600);
  expect(await apply('--server-side --force-conflicts')).toHaveLength(2);
  expect(await kubectl.ok('get network n-edge -o jsonpath={.spec.mtu}{.metadata.labels.tier}')).toBe('1600edge');
  expect(await kubectl.ok(`apply -k ${overlay}`)).toMatch(/n-edge (unchanged|configured)/);
  await kubectl.ok(`delete -k ${overlay}`);
  expect(await kubectl.ok('get networks,configmaps -o name')).toBe('');
});
