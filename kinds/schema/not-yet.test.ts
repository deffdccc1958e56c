import { describe, expect, test } from 'vitest';
import { unsupportedPaths } from '../compute/not-yet.ts';
import type { Instance, Workload } from '../generated/types.ts';
import { builtInRegistry } from '../registry.ts';
import { patched } from '../rules/fixture.ts';

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
    [
      'items',
      { [`${volumes}[1]`]: { name: 'c', configMap: { name: 'c', items: [] } } },
      [`${volumes}[1].configMap.items`],
    ],
    ['data disk', { [`${volumes}[1]`]: { name: 'd', disk: { template: { spec: {} } } } }, [`${volumes}[1].disk`]],
  ])('%s of a virtual machine', (_name, patch, paths) => {
    expect(unsupportedPaths(registry.get('Workload'), patched('Workload', patch) as Workload)).toEqual(paths);
  });

  test('of a sandbox: its disks, its gateway, values from elsewhere', () => {
    const sandbox = patched('Sandbox', { [`${container}.env[0]`]: { name: 'A', valueFrom: {} } }) as Workload;
    expect(unsupportedPaths(registry.get('Workload'), sandbox)).toEqual([
      `${container}.env[0].valueFrom`,
      'spec.gateway',
      `${volumes}[0].disk`,
    ]);
  });

  test('of an instance', () => {
    const disk = { name: 'd', disk: { template: { spec: {} } } };
    const instance = patched('Instance', { 'spec.volumes[1]': disk }) as Instance;
    expect(unsupportedPaths(registry.get('Instance'), instance)).toEqual(['spec.volumes[1].disk']);
  });
});
