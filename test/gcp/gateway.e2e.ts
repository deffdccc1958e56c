import { describe, expect, test } from 'vitest';
import type { Workload } from '../../kinds/generated/types.ts';
import { addFault, objectsOf, schemaViolations } from '../support/cloud.ts';
import { dying } from '../support/dying.ts';
import {
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  type GcpWorldOptions,
  readyInstances,
} from '../support/gcp-world.ts';
import { change, withReplicas } from '../support/group-world.ts';
import { seeded } from '../support/scale.ts';

// The whole life of a load balancer while calls, answers and the worker itself are lost.

const listener = (name: string, port: number) => ({ name, port, protocol: 'TCP' as const });
const gateway = {
  template: { spec: { listeners: [listener('public', 80)] } },
  tcpRoutes: [{ rules: [{ backendRefs: [{ name: 'http' }] }] }],
};
const pieces = [
  'forwardingRules',
  'targetTcpProxies',
  'backendServices',
  'healthChecks',
  'networkEndpointGroups',
  'addresses',
  'firewalls',
];

async function gatewayWorld(options: GcpWorldOptions = {}): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a', 'us-south1-b');
  await createNetwork(world);
  await createWorkload(world, 'web', { replicas: 2, cityCodes: ['DFW', 'DLS'], spec: { gateway } });
  return world;
}

function serving(world: GcpWorld, ports: string, machines: number): Promise<Workload> {
  const message = `Connections to ports ${ports} are led to ${machines} machines`;
  return world.eventually('Workload', 'web', ({ metadata, status }) => {
    const found = status?.gateway?.conditions?.find(({ type }) => type === 'Programmed');
    return found?.status === 'True' && found.message === message && found.observedGeneration === metadata.generation;
  });
}

/** Makes a gateway, changes its listeners and its machines, and takes it away; looks each time that nothing is there twice. */
async function wholeLife(world: GcpWorld): Promise<void> {
  await readyInstances(world, 4);
  const first = await serving(world, '80', 4);
  await change(world, ({ gateway: declared }) => {
    declared?.template.spec.listeners.splice(0, 1, listener('a', 443), listener('b', 8443));
  });
  const second = await serving(world, '443, 8443', 4);
  // The address stays whatever becomes of the listeners.
  expect(second.status?.gateway?.addresses).toEqual(first.status?.gateway?.addresses);
  await change(world, withReplicas(1));
  await readyInstances(world, 2);
  await serving(world, '443, 8443', 2);
  const state = await world.eventuallyCloud(
    ({ counts }) => counts['forwardingRules'] === 2 && counts['targetTcpProxies'] === 2,
  );
  expect(state.counts).toMatchObject({ backendServices: 2, healthChecks: 1, networkEndpointGroups: 2, addresses: 1 });
  expect(
    objectsOf(state, 'forwardingRules')
      .map(({ portRange }) => portRange)
      .toSorted(),
  ).toEqual(['443-443', '8443-8443']);
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Workload', (all) => all.length === 0);
  await world.eventuallyCloud(({ counts }) => pieces.every((type) => counts[type] === 0));
  expect(await schemaViolations(world)).toEqual([]);
  const { rows } = await world.open.pool.query(`select type, name from cloud_resource where owner_kind = 'Workload'`);
  expect(rows).toEqual([]);
}

describe('whatever goes wrong, a gateway is there once, and leaves nothing', () => {
  const calls = {
    path: '(global/(addresses|healthChecks|backendServices|targetTcpProxies|forwardingRules)|networkEndpointGroups)',
  };
  test.each<[string, Parameters<typeof addFault>[1]]>([
    ['answers are lost', { ...calls, method: 'POST', count: 8, fault: { kind: 'lost-answer' } }],
    [
      'calls are done and answered with 500',
      { ...calls, method: 'POST', count: 8, fault: { kind: 'commit-then-error' } },
    ],
    [
      'calls are answered with 503',
      { ...calls, count: 10, fault: { kind: 'http', status: 503, reason: 'backendError' } },
    ],
    ['a fifth of all answers is lost', { probability: 0.2, fault: { kind: 'lost-answer' } }],
  ])('when %s', async (_, fault) => {
    const world = await gatewayWorld();
    await addFault(world, fault);
    await wholeLife(world);
  });

  test('when the worker dies at every eighth write, before or after it', async () => {
    const random = seeded('a gateway that dies');
    await wholeLife(
      await gatewayWorld({
        around: (writes) =>
          dying(
            writes,
            () => random() < 1 / 8,
            () => random() < 0.5,
          ),
      }),
    );
  });
});
