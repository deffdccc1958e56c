import { expect, test } from 'vitest';
import { type CloudState, isEmpty, objectsOf } from '../../test/support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  messageOf,
  readyInstances,
} from '../../test/support/gcp-world.ts';
import { asAdmin } from '../../test/support/store.ts';

/** `allow INGRESS 3001 tcp:8000 10.0.0.0/8`, of firewalls of network policies only, sorted. */
function rulesOf(state: CloudState): string[] {
  return objectsOf(state, 'firewalls')
    .filter(({ name }) => String(name).startsWith('network-'))
    .map((firewall) => {
      const matches = (firewall['allowed'] ?? firewall['denied'])
        .map(({ IPProtocol, ports = [] }: { IPProtocol: string; ports?: string[] }) => [IPProtocol, ...ports].join(':'))
        .join();
      const ranges = (firewall['sourceRanges'] ?? firewall['destinationRanges']).join();
      return `${firewall['allowed'] ? 'allow' : 'deny'} ${firewall['direction']} ${firewall['priority']} ${matches} ${ranges}`;
    })
    .toSorted();
}

function policyTags(state: CloudState): string[][] {
  return objectsOf(state, 'instances').map(({ tags }) =>
    (tags.items as string[]).filter((tag) => tag.startsWith('policies-')),
  );
}

async function start(): Promise<GcpWorld> {
  const world = await gcpWorld({ latency: 'short' });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  return world;
}

async function workload(world: GcpWorld, name: string): Promise<void> {
  const containers = [{ name: 'main', image: 'docker.io/library/nginx:1.29', ports: [{ name: 'http', port: 8000 }] }];
  await world.create('Workload', name, {
    spec: {
      template: {
        metadata: { labels: { app: name } },
        spec: {
          runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } },
          networkInterfaces: [{ network: { name: 'default' } }],
        },
      },
      placements: [{ name: 'all', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }],
    },
  });
}

const web = { instanceSelector: { matchLabels: { app: 'web' } } };
const isProgrammed = (object: unknown) => conditionText(object, 'Programmed') === 'True Programmed';

test('a policy becomes firewalls for the machines that it selects, follows every change, and goes without a trace', async () => {
  const world = await start();
  await workload(world, 'web');
  await workload(world, 'client');
  const instances = await readyInstances(world, 2);
  const client = instances.find(({ metadata }) => metadata.name.startsWith('client'));
  const address = client?.status?.networkInterfaces?.[0]?.assignments?.networkIP;
  await world.create('NetworkPolicy', 'web', {
    spec: {
      network: { name: 'default' },
      ...web,
      ingress: [
        {
          ports: [{ port: 'http' }],
          from: [
            { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.7/32'] } },
            { instanceSelector: { matchLabels: { app: 'client' } } },
          ],
        },
      ],
    },
  });
  const policy = await world.eventually('NetworkPolicy', 'web', isProgrammed);
  expect(conditionText(policy, 'Accepted')).toBe('True Accepted');
  expect(policy.status?.matchedInstances).toBe(1);
  const cloud = await world.cloud();
  expect(rulesOf(cloud)).toEqual([
    `allow INGRESS 3001 tcp:8000 ${address}/32,198.51.100.0/24`,
    'deny INGRESS 3000 tcp:8000 198.51.100.7/32',
  ]);
  // Exactly the machine that is meant carries the one tag that the firewalls target.
  const [tag] = policyTags(cloud).flat();
  expect(policyTags(cloud).toSorted((a, b) => a.length - b.length)).toEqual([[], [tag]]);
  for (const firewall of objectsOf(cloud, 'firewalls').filter(({ name }) => String(name).startsWith('network-')))
    expect(firewall['targetTags']).toEqual([tag]);

  await world.open.store.update(asAdmin, 'NetworkPolicy', { namespace: 'default', name: 'web' }, (current) => ({
    ...current,
    spec: { ...current.spec, priority: 5, ingress: [{ ports: [{ port: 443 }] }] },
  }));
  await world.eventuallyCloud((state) => String(rulesOf(state)) === 'allow INGRESS 1011 tcp:443 0.0.0.0/0');
  await world.delete('NetworkPolicy', 'web');
  await world.eventuallyCloud((state) => rulesOf(state).length === 0 && policyTags(state).flat().length === 0);

  await world.delete('Workload', 'web');
  await world.delete('Workload', 'client');
  await world.eventuallyAll('Instance', (all) => all.length === 0);
});

test('a machine is made only when the rules of its policies are in force, and leaves nothing behind', async () => {
  const world = await start();
  await world.create('NetworkPolicy', 'closed', { spec: { network: { name: 'default' }, policyTypes: ['Egress'] } });
  expect((await world.eventually('NetworkPolicy', 'closed', isProgrammed)).status?.matchedInstances).toBe(0);
  await createWorkload(world, 'web');
  const early = await world.eventuallyCloud(({ counts }) => (counts['instances'] ?? 0) > 0);
  expect(rulesOf(early)).toEqual(['deny EGRESS 65534 all 0.0.0.0/0']);
  expect(policyTags(early).flat()).toHaveLength(1);
  await readyInstances(world, 1);
  await world.eventually('NetworkPolicy', 'closed', (one) => one.status?.matchedInstances === 1 && isProgrammed(one));
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Instance', (all) => all.length === 0);
  await world.delete('Network', 'default');
  await world.eventuallyCloud(isEmpty);
});

test('a policy says what it waits for and what it cannot follow', async () => {
  const world = await start();
  await world.create('NetworkPolicy', 'lost', { spec: { network: { name: 'elsewhere' }, ingress: [{}] } });
  const lost = await world.eventually(
    'NetworkPolicy',
    'lost',
    (one) => conditionText(one, 'Accepted') === 'False NetworkNotFound',
  );
  expect(messageOf(lost, 'Accepted')).toBe('Network elsewhere does not exist');
  await world.create('Network', 'elsewhere', { spec: { ipam: { mode: 'Auto' } } });
  await world.eventually('NetworkPolicy', 'lost', isProgrammed);

  await workload(world, 'web');
  await readyInstances(world, 1);
  await world.create('NetworkPolicy', 'odd', {
    spec: { network: { name: 'default' }, ...web, ingress: [{ ports: [{ port: 'nope' }] }, { ports: [{ port: 22 }] }] },
  });
  const odd = await world.eventually(
    'NetworkPolicy',
    'odd',
    (one) => conditionText(one, 'Programmed') === 'False RuleNotFollowed',
  );
  expect(messageOf(odd, 'Programmed')).toBe('spec.ingress[0].ports[0]: no TCP port of the template is named "nope"');
  await world.eventuallyCloud((state) => String(rulesOf(state)) === 'allow INGRESS 3001 tcp:22 0.0.0.0/0');
});
