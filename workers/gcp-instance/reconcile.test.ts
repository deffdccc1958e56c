import { expect, test } from 'vitest';
import { conditionText, gcpWorld, type GcpWorld } from '../../test/support/gcp-world.ts';
import { objectsOf } from '../../test/support/cloud.ts';

export async function places(world: GcpWorld, ...zones: string[]): Promise<void> {
  const cities = ['DFW', 'DLS', 'LHR'];
  for (const [index, zone] of zones.entries()) {
    await world.create('Location', zone, {
      spec: {
        locationClassName: 'self-managed',
        topology: { 'topology.datum.net/city-code': cities[index] },
        provider: { gcp: { projectId: 'acme-edge', region: zone.replace(/-[a-z]$/, ''), zone } },
      },
    });
  }
  await world.create('Network', 'default', { spec: { ipam: { mode: 'Auto' } } });
}

test('a workload becomes a machine, and nothing of it is left', async () => {
  const world = await gcpWorld();
  await places(world, 'us-south1-a');
  await world.create('Workload', 'web', {
    spec: {
      template: {
        spec: {
          runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers: [{ name: 'a', image: 'docker.io/library/nginx:1' }] } },
          networkInterfaces: [{ network: { name: 'default' }, networkPolicy: { ingress: [{ ports: [{ port: 22 }] }] } }],
        },
      },
      placements: [{ name: 'us', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
    },
  });
  const start = Date.now();
  const [instance] = await world.eventuallyAll('Instance', (all) => all.length === 1 && conditionText(all[0], 'Ready') === 'True Running');
  console.log('ready after', Date.now() - start);
  expect(instance?.status?.networkInterfaces?.[0]?.assignments?.networkIP).toMatch(/^10\.128\./);
  const cloud = await world.cloud();
  expect(objectsOf(cloud, 'instances').map(({ name }) => name)).toEqual([`instance-${instance?.metadata.uid}`]);
  console.log(cloud.counts);
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => Object.values(counts).every((count) => count === 0));
});
