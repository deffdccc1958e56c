import { expect, test } from 'vitest';
import type { CloudState } from '../../test/support/cloud.ts';
import { addFault, objectsOf } from '../../test/support/cloud.ts';
import {
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
import { asAdmin } from '../../test/support/store.ts';

const holed = { ports: [{ port: 'http' }], from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] } }] };
const single = { ports: [{ port: 8001, endPort: 8002 }], from: [{ ipBlock: { cidr: '198.51.100.7/32' } }] };

/** `allow 65534 tcp:8000 from 0.0.0.0/0`, sorted. */
function rulesOf(state: CloudState): string[] {
  const text = (firewall: Record<string, any>) => {
    const entries = firewall['allowed'] ?? firewall['denied'];
    const matches = entries
      .map((entry: { IPProtocol: string; ports?: string[] }) => [entry.IPProtocol, ...(entry.ports ?? [])].join(':'))
      .join();
    return `${firewall['allowed'] ? 'allow' : 'deny'} ${firewall['priority']} ${matches} from ${firewall['sourceRanges'].join()}`;
  };
  return objectsOf(state, 'firewalls').map(text).toSorted();
}

async function start(options?: Parameters<typeof gcpWorld>[0]): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a', 'us-west1-a');
  await createNetwork(world);
  return world;
}

async function setIngress(world: GcpWorld, ingress: readonly object[]): Promise<void> {
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => {
    const [nic] = workload.spec.template.spec.networkInterfaces;
    if (nic) nic.networkPolicy = { ingress: ingress as never };
    return workload;
  });
}

test('rules are firewalls for exactly the interface of one deployment, and follow the template', async () => {
  const world = await start({ latency: 'short' });
  await createWorkload(world, 'web', { ingress: [holed, single], cityCodes: ['DFW', 'DLS'] });
  await readyInstances(world, 2);
  const each = [
    'allow 65534 tcp:8000 from 0.0.0.0/0',
    'allow 65534 tcp:8001-8002 from 198.51.100.7/32',
    'deny 65533 tcp:8000 from 203.0.113.0/24',
  ];
  const cloud = await world.eventuallyCloud((state) => rulesOf(state).length === 6);
  expect(rulesOf(cloud)).toEqual([...each, ...each].toSorted());
  const deployments = await world.eventuallyAll('WorkloadDeployment', (all) => all.length === 2);
  for (const { metadata } of deployments) {
    const own = objectsOf(cloud, 'firewalls').filter(
      ({ targetTags }) => String(targetTags) === `deployment-${metadata.uid}-net-0`,
    );
    expect(own).toHaveLength(3);
  }
  await setIngress(world, [single]);
  await world.eventuallyCloud((state) => String(rulesOf(state)) === `${each[1]},${each[1]}`);
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['firewalls'] === 0);
});

test('what a rule denies is in force before what it allows, and as long', async () => {
  const world = await start({ latency: 'short' });
  await createWorkload(world, 'web', { ingress: [holed] });
  await readyInstances(world, 1);
  const both = ['allow 65534 tcp:8000 from 0.0.0.0/0', 'deny 65533 tcp:8000 from 203.0.113.0/24'];
  const seen = new Set<string>();
  const isSafe = (state: CloudState) => {
    seen.add(String(rulesOf(state)));
    return String(rulesOf(state)) === String(both);
  };
  await world.eventuallyCloud(isSafe);
  await world.delete('Workload', 'web');
  await world.eventuallyCloud((state) => {
    isSafe(state);
    return state.counts['firewalls'] === 0;
  });
  // Never the permission alone.
  expect([...seen].filter((rules) => rules === both[0])).toEqual([]);
});

test('a firewall that Google refuses is said at the deployment, until it is there', async () => {
  const world = await start();
  const fault = {
    kind: 'http',
    status: 403,
    reason: 'quotaExceeded',
    message: "Quota 'FIREWALLS' exceeded. Limit: 100.0 globally.",
  };
  await addFault(world, { method: 'POST', path: '/firewalls$', count: 1, fault });
  await createWorkload(world, 'web', { ingress: [single] });
  const [deployment] = await world.eventuallyAll(
    'WorkloadDeployment',
    (all) => conditionText(all[0], 'PolicyProgrammed') === 'False FirewallNotProgrammed',
  );
  expect(messageOf(deployment, 'PolicyProgrammed')).toContain("Quota 'FIREWALLS' exceeded");
  await world.eventuallyAll(
    'WorkloadDeployment',
    (all) => conditionText(all[0], 'PolicyProgrammed') === 'True Programmed',
  );
  await readyInstances(world, 1);
});

test('what others change in a firewall is put right', async () => {
  const world = await start({ observeEveryMs: 300 });
  await createWorkload(world, 'web', { ingress: [single] });
  await readyInstances(world, 1);
  const [firewall] = objectsOf(await world.eventuallyCloud((state) => rulesOf(state).length === 1), 'firewalls');
  await drift(world, `projects/acme-edge/global/firewalls/${firewall?.['name']}`, {
    sourceRanges: ['0.0.0.0/0'],
    disabled: true,
  });
  await world.eventuallyCloud((state) =>
    objectsOf(state, 'firewalls').every(
      ({ sourceRanges, disabled }) => String(sourceRanges) === '198.51.100.7/32' && disabled === false,
    ),
  );
});
