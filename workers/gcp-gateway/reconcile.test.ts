import { expect, test } from 'vitest';
import type { Workload } from '../../kinds/generated/types.ts';
import { objectsOf, schemaViolations } from '../../test/support/cloud.ts';
import {
  asStranger,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  readyInstances,
} from '../../test/support/gcp-world.ts';
import { change } from '../../test/support/group-world.ts';

const gateway = {
  template: { spec: { listeners: [{ name: 'public', port: 80, protocol: 'TCP' }] } },
  tcpRoutes: [{ rules: [{ backendRefs: [{ name: 'http' }] }] }],
};

const pieces = [
  'globalForwardingRules',
  'targetTcpProxies',
  'backendServices',
  'healthChecks',
  'networkEndpointGroups',
  'globalAddresses',
];

function verdictOf({ status }: Workload): string {
  const found = status?.gateway?.conditions?.find(({ type }) => type === 'Programmed');
  return `${found?.status} ${found?.reason}: ${found?.message}`;
}

async function start(options: Parameters<typeof gcpWorld>[0], workload: Parameters<typeof createWorkload>[2] = {}) {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a', 'us-south1-b');
  await createNetwork(world);
  await createWorkload(world, 'web', { ...workload, spec: { gateway, ...workload.spec } });
  return world;
}

const programmed = (world: GcpWorld, message: string) =>
  world.eventually('Workload', 'web', (one) => verdictOf(one) === `True GatewayResourcesReady: ${message}`);

test('a gateway leads connections to the machines of two places, follows what is declared, and leaves nothing', async () => {
  const world = await start({ latency: 'short' }, { replicas: 2, cityCodes: ['DFW', 'DLS'] });
  await readyInstances(world, 4);
  const shown = await programmed(world, 'Connections to ports 80 are led to 4 machines');
  const state = await world.cloud();
  const [address] = objectsOf(state, 'addresses').filter((one) => !one['region']);
  expect(shown.status?.gateway?.addresses).toEqual([{ type: 'IPAddress', value: address?.['address'] }]);
  const [rule] = objectsOf(state, 'forwardingRules');
  expect(rule).toMatchObject({ portRange: '80-80', IPAddress: address?.['address'] });
  const [service] = objectsOf(state, 'backendServices');
  const groups = service?.['backends'] as { group: string }[];
  expect(groups).toHaveLength(2);
  for (const { group } of groups) {
    const path = `compute/v1/projects/acme-edge/global/backendServices/${service?.['name']}/getHealth`;
    const { healthStatus } = (await asStranger(world, 'POST', path, { group })) as { healthStatus: object[] };
    expect(healthStatus).toMatchObject([
      { healthState: 'HEALTHY', port: 8000 },
      { healthState: 'HEALTHY', port: 8000 },
    ]);
  }
  await change(world, ({ gateway: declared, placements }) => {
    declared?.template.spec.listeners.splice(
      0,
      1,
      { name: 'a', port: 443, protocol: 'TCP' },
      { name: 'b', port: 8443, protocol: 'TCP' },
    );
    for (const { scaleSettings } of placements) scaleSettings.minReplicas = 1;
  });
  await programmed(world, 'Connections to ports 443, 8443 are led to 2 machines');
  await world.eventuallyCloud(({ counts }) => counts['forwardingRules'] === 2 && counts['backendServices'] === 2);
  expect(await schemaViolations(world)).toEqual([]);
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Workload', (all) => all.length === 0);
  const { counts } = await world.cloud();
  expect(pieces.map((type) => counts[type] ?? 0)).toEqual(pieces.map(() => 0));
  const { rows } = await world.open.pool.query(`select type, name from cloud_resource where owner_kind = 'Workload'`);
  expect(rows).toEqual([]);
});

test('in group mode the groups are the backends', async () => {
  const world = await start({}, { replicas: 2, spec: { instanceMode: 'Group' } });
  await readyInstances(world, 2);
  await programmed(world, 'Connections to ports 80 are led to the groups of machines');
  const state = await world.cloud();
  const [service] = objectsOf(state, 'backendServices');
  expect(service).toMatchObject({
    portName: 'http',
    backends: [{ group: expect.stringContaining('/instanceGroups/') }],
  });
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => pieces.every((type) => !counts[type]));
});
