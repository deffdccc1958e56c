import { expect, test } from 'vitest';
import type { Workload } from '../../kinds/generated/types.ts';
import { objectsOf, schemaViolations } from '../../test/support/cloud.ts';
import {
  asStranger,
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  drift,
  gcpWorld,
  type GcpWorld,
  messageOf,
  readyInstances,
} from '../../test/support/gcp-world.ts';
import { change } from '../../test/support/group-world.ts';

const gateway = {
  template: { spec: { listeners: [{ name: 'public', port: 80, protocol: 'TCP' }] } },
  tcpRoutes: [{ rules: [{ backendRefs: [{ name: 'http' }] }] }],
};

const pieces = [
  'forwardingRules',
  'targetTcpProxies',
  'backendServices',
  'healthChecks',
  'networkEndpointGroups',
  'addresses',
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
  const [address] = objectsOf(state, 'addresses');
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

test('what others change is put right, and what they detach is attached again', async () => {
  const world = await start({ observeEveryMs: 300 });
  await readyInstances(world, 1);
  await programmed(world, 'Connections to ports 80 are led to 1 machine');
  const state = await world.cloud();
  const name = String(objectsOf(state, 'backendServices')[0]?.['name']);
  const group = String(objectsOf(state, 'networkEndpointGroups')[0]?.['name']);
  const machine = String(objectsOf(state, 'instances')[0]?.['name']);
  const project = 'compute/v1/projects/acme-edge';
  const endpoints = `${project}/zones/us-south1-a/networkEndpointGroups/${group}`;
  await drift(world, `projects/acme-edge/global/backendServices/${name}`, { timeoutSec: 77 });
  await asStranger(world, 'POST', `${endpoints}/detachNetworkEndpoints`, {
    networkEndpoints: [{ instance: machine, port: 8000 }],
  });
  await world.eventuallyCloud((one) => objectsOf(one, 'backendServices')[0]?.['timeoutSec'] === 30);
  await expect.poll(async () => (await asStranger(world, 'GET', endpoints))['size'], { timeout: 60_000 }).toBe(1);
  const shown = await world.eventually('Workload', 'web', (one) => conditionText(one, 'Drifted') === 'False Corrected');
  expect(messageOf(shown, 'Drifted')).toMatch(/^Changed back: .*(timeoutSec: 77, declared 30|endpoints: \[\])/);
});

test('a gateway that is taken away leaves the machines alone, and nothing of itself', async () => {
  const world = await start({});
  await readyInstances(world, 1);
  await programmed(world, 'Connections to ports 80 are led to 1 machine');
  await change(world, (spec) => {
    delete spec.gateway;
  });
  await world.eventually('Workload', 'web', (one) => one.status?.gateway === undefined);
  const { counts } = await world.eventuallyCloud((state) => pieces.every((type) => !state.counts[type]));
  expect(counts['instances']).toBe(1);
});

test('a listener without a route is named', async () => {
  const world = await start({}, { spec: { gateway: { ...gateway, tcpRoutes: [] } } });
  const shown = await world.eventually('Workload', 'web', (one) => verdictOf(one).startsWith('False RouteNotFound'));
  expect(verdictOf(shown)).toContain('No route leads from public to a port of the machines');
  expect((await world.cloud()).counts['forwardingRules']).toBe(0);
});
