import { describe, expect, test } from 'vitest';
import { builtInRegistry } from '../registry.ts';
import { patched } from '../rules/fixture.ts';
import { notYetPaths } from './not-yet.ts';

const registry = builtInRegistry();
const scale = 'spec.placements[0].scaleSettings';
const container = 'spec.template.spec.runtime.sandbox.containers[0]';
const volumes = 'spec.template.spec.volumes';

describe('what nobody does yet', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ['nothing', {}, []],
    ['metrics', { [scale]: { minReplicas: 1, maxReplicas: 2, metrics: [] } }, []],
    ['group mode', { 'spec.instanceMode': 'Group' }, []],
    ['rollouts', { 'spec.updateStrategy': { type: 'RollingUpdate', rollingUpdate: { maxSurge: '10%' } } }, []],
    ['items', { [`${volumes}[1]`]: { name: 'c', configMap: { name: 'c', items: [] } } }, []],
    ['a data disk', { [`${volumes}[1]`]: { name: 'd', disk: { template: { spec: {} } } } }, []],
  ])('%s of a virtual machine', (_name, patch, paths) => {
    expect(notYetPaths(registry.get('Workload').schema, patched('Workload', patch))).toEqual(paths);
  });

  test('of a sandbox with a gateway: labels of that', () => {
    const sandbox = patched('Sandbox', {
      [`${container}.env[0]`]: { name: 'A', valueFrom: {} },
      'spec.gateway.template.metadata': { labels: { tier: 'edge' } },
    });
    expect(notYetPaths(registry.get('Workload').schema, sandbox)).toEqual(['spec.gateway.template.metadata']);
  });
});
