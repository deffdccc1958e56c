import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloudState, isEmpty } from '../support/cloud.ts';
import { eventually } from '../support/graphql.ts';
import { clientOf } from './support/client.ts';
import { findKubectls } from './support/clients.ts';
import { serverOfFile } from './support/server.ts';

const server = serverOfFile({});
const samples = join(import.meta.dirname, '..', '..', 'examples', 'samples');
const file = (name: string): string => `-f ${join(samples, `${name}.yaml`)}`;
const workloads = ['workload-vm', 'workload-sandbox', 'workload-gateway'].map(file).join(' ');
const newest = findKubectls().at(-1);

describe.each(['', ' --server-side'])('the samples with kubectl apply%s', (how) => {
  it('become machines, are shown, and go', { timeout: 180_000 }, async (context) => {
    context.skip(newest === undefined, 'no kubectl is here');
    // It is there: the test was skipped otherwise.
    const kubectl = clientOf(server(), newest!.path);
    await kubectl.ok(`apply${how} ${file('locations')} ${file('network')}`);
    const applied = (await kubectl.ok(`apply${how} -f ${samples}`)).split('\n').filter(Boolean);
    expect(applied).toHaveLength(10);
    const again = await kubectl.ok(`apply${how} -f ${samples}`);
    // A list that the server fills in, as that of placements, differs for kubectl whatever the server does with it.
    if (how === '') expect(again.replaceAll(/^workload\S+ configured$/gm, '')).not.toMatch(/configured|created/);
    expect(await kubectl.ok('wait --for=condition=Available workload/web --timeout=60s')).toContain(
      'web condition met',
    );
    await kubectl.ok('wait --for=condition=Available workload --all --timeout=60s');
    await kubectl.ok('wait --for=condition=Ready instance --all --timeout=60s');

    const table = (await kubectl.ok('get instances -o wide')).trimEnd().split('\n');
    expect(table[0]).toMatch(/^NAME +AGE +READY +REASON +NETWORK IP +EXTERNAL IP +MESSAGE$/);
    const web = table.find((line) => line.startsWith('web-us-south-dfw-0'));
    expect(web).toMatch(/^\S+ +\d+s +True +Running +10\.\d+\.\d+\.\d+ +\d+\.\d+\.\d+\.\d+/);
    expect(await kubectl.ok('get workloads')).toMatch(
      /^NAME +AGE +AVAILABLE +REASON +DEPLOYMENTS +REPLICAS +READY +DESIRED +UP-TO-DATE$/m,
    );
    const described = await kubectl.ok('describe workload web');
    expect(described).toMatch(/Type: +Available/);
    expect(described).not.toContain('hunter2');
    // Reconcilers tell what they did.
    expect(await kubectl.ok('get events')).toMatch(/instance\/web-us-south-dfw-0|workload\/web/);
    expect(await kubectl.ok('get events -o json')).not.toMatch(/hunter2|aHVudGVyMgo/);

    await kubectl.ok(`delete ${workloads}`, { timeoutMs: 120_000 });
    await kubectl.ok(`delete ${file('network')} ${file('locations')}`, { timeoutMs: 120_000 });
    const kinds =
      'workloads,workloaddeployments,instances,networks,networkcontexts,networkbindings,subnets,subnetclaims,locations';
    expect(await kubectl.ok(`get ${kinds} -o name`)).toBe('');
    await eventually(() => cloudState(server().ready), isEmpty, 60_000);
  });
});
