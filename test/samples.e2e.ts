import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloudState, isEmpty, objectsOf, schemaViolations } from './support/cloud.ts';
import { ask, eventually } from './support/graphql.ts';
import { startProductProcess } from './support/product.ts';
import { allReady, applySamples, deleteAll } from './support/sample-world.ts';

const root = join(import.meta.dirname, '..');

/** Instances of all samples: web 1, monitor 2 + 2 + 1, edge-proxy 1 + 1 + 1. */
const sampleInstances = 9;

describe('the samples', () => {
  it('are copies of the given ones', (context) => {
    const given = join(root, '..', 'shared', 'samples');
    const names = readdirSyncOrEmpty(given);
    context.skip(names.length === 0, 'the given samples are not beside this checkout');
    expect(readdirSync(join(root, 'examples', 'samples')).toSorted()).toEqual(names.toSorted());
    for (const name of names)
      expect(readFileSync(join(root, 'examples', 'samples', name), 'utf8')).toBe(
        readFileSync(join(given, name), 'utf8'),
      );
  });

  it('become machines, and nothing of them is left when they are deleted', async () => {
    const product = await startProductProcess({ env: { DATUM_GCP_CHECK: '1' } });
    const { ready } = product;
    expect(await applySamples(product.dataDir)).not.toContain('refused');
    const instances = await allReady(ready, sampleInstances);
    expect(await applySamples(product.dataDir)).not.toContain('refused');

    const { subnets } = await ask<{
      subnets: {
        nodes: {
          metadata: { uid: string };
          spec: { location: { name: string } };
          status: { startAddress: string; prefixLength: number };
        }[];
      };
    }>(
      ready,
      '{ subnets { nodes { metadata { uid } spec { location { name } } status { startAddress prefixLength } } } }',
    );
    const addresses = new Set<string>();
    for (const instance of instances) {
      const { networkIP, externalIP } = instance.status?.networkInterfaces?.[0]?.assignments ?? {};
      const subnet = subnets.nodes.find(({ spec }) => spec.location.name === instance.spec.location.name);
      const block = new BlockList();
      block.addSubnet(subnet?.status.startAddress ?? '', subnet?.status.prefixLength ?? 32);
      expect(block.check(networkIP ?? ''), `${instance.metadata.name} ${networkIP}`).toBe(true);
      expect(externalIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      addresses.add(networkIP ?? '');
    }
    expect(addresses.size).toBe(sampleInstances);

    const cloud = await cloudState(ready);
    expect(cloud.counts).toMatchObject({
      networks: 1,
      subnetworks: 3,
      instances: sampleInstances,
      serviceAccounts: 3,
      secrets: 1,
    });
    expect(
      objectsOf(cloud, 'instances')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(instances.map(({ metadata }) => `instance-${metadata.uid}`).toSorted());
    expect(
      objectsOf(cloud, 'subnetworks')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(subnets.nodes.map(({ metadata }) => `subnet-${metadata.uid}`).toSorted());
    expect(JSON.stringify(objectsOf(cloud, 'instances'))).not.toMatch(/hunter2|aHVudGVyMgo/);
    expect(
      objectsOf(cloud, 'firewalls')
        .filter(({ denied }) => denied)
        .every(({ priority, sourceRanges }) => priority === 65533 && String(sourceRanges) === '203.0.113.0/24'),
    ).toBe(true);

    await deleteAll(ready);
    await eventually(() => cloudState(ready), isEmpty);
    expect(await schemaViolations(ready)).toEqual([]);
    const left = await ask(
      ready,
      '{ networkContexts { nodes { id } } subnets { nodes { id } } subnetClaims { nodes { id } } networkBindings { nodes { id } } instances { nodes { id } } }',
    );
    for (const { nodes } of Object.values(left as Record<string, { nodes: unknown[] }>)) expect(nodes).toEqual([]);
  });

  it('a workload whose network does not exist yet waits for it and goes on by itself', async () => {
    const product = await startProductProcess();
    const { ready } = product;
    const only = join(product.dataDir, '..', 'only');
    execFileSync('mkdir', ['-p', only]);
    for (const name of ['locations.yaml', 'workload-vm.yaml'])
      execFileSync('cp', [join(root, 'examples', 'samples', name), only]);
    expect(await applySamples(product.dataDir, only)).not.toContain('refused');
    type Read = { workload: { status: { conditions: { type: string; reason: string; message: string }[] } } };
    const read = () =>
      ask<Read>(
        ready,
        '{ workload(namespace: "default", name: "web") { status { conditions { type reason message } } } }',
      );
    const waiting = await eventually(read, ({ workload }) =>
      workload.status.conditions.some(({ reason }) => reason === 'NetworkNotFound'),
    );
    expect(waiting.workload.status.conditions.find(({ type }) => type === 'Available')?.message).toBe(
      'Unable to find networks: default',
    );
    await applySamples(product.dataDir);
    await allReady(ready, sampleInstances);
  });
});

function readdirSyncOrEmpty(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
