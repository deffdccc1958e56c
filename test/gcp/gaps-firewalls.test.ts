import { expect, test } from 'vitest';
import type { Instance } from '../../kinds/generated/types.ts';
import { wantedPolicies } from '../../workers/gcp-deployment/plan.ts';
import { objectsOf } from '../support/cloud.ts';
import { fixture } from '../support/fixture.ts';
import { createLocations, createNetwork, gcpWorld, type GcpWorld, readyInstances } from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';

/**
 * Whether a TCP packet from an address outside reaches a machine, as the firewalls of its network say; undefined while the
 * machine is not there. Without an instance: the only machine.
 */
async function reaches(
  world: GcpWorld,
  instance: Instance | undefined,
  from: string,
  port: number,
): Promise<boolean | undefined> {
  const machines = Object.keys((await world.cloud()).objects['instances'] ?? {});
  const machine = machines.find((key) => instance === undefined || key.endsWith(`-${instance.metadata.uid}`));
  if (machine === undefined) return undefined;
  const asked = new URLSearchParams({ src: from, dst: machine, port: String(port) });
  const response = await fetch(`${world.gcpControl}/_emu/reachability?${asked}`);
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { allowed: boolean }).allowed;
}

interface Part {
  readonly ports?: readonly object[];
  readonly from?: readonly object[];
}

/** A workload of one machine in each city, with these rules on its interface. */
async function workload(world: GcpWorld, name: string, ingress: readonly Part[], cityCodes = ['DFW']): Promise<void> {
  const containers = [{ name: 'main', image: 'docker.io/library/nginx:1.29', ports: [{ name: 'http', port: 8000 }] }];
  await world.create('Workload', name, {
    spec: {
      template: {
        spec: {
          runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } },
          networkInterfaces: [{ network: { name: 'default' }, networkPolicy: { ingress } }],
        },
      },
      placements: [{ name: 'all', cityCodes, scaleSettings: { minReplicas: 1 } }],
    },
  });
}

async function start(): Promise<GcpWorld> {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a', 'us-west1-a');
  await createNetwork(world);
  return world;
}

const ofWorkload = (instances: readonly Instance[], name: string): Instance => {
  const found = instances.find(({ metadata }) => metadata.name.startsWith(`${name}-`));
  if (found === undefined) throw new Error(`no instance of ${name}`);
  return found;
};

test('gap 1: what `except` names is closed', async () => {
  const world = await start();
  const holed = { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.64/26', '198.51.100.7/32'] } };
  await workload(world, 'web', [{ ports: [{ port: 8000 }], from: [holed] }]);
  const [instance] = await readyInstances(world, 1);
  const open = (from: string) => reaches(world, instance, from, 8000);
  expect(await Promise.all(['198.51.100.8', '198.51.100.63', '198.51.100.128'].map(open))).toEqual([true, true, true]);
  expect(await Promise.all(['198.51.100.7', '198.51.100.64', '198.51.100.127', '203.0.113.1'].map(open))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test('gap 2: the rules of one deployment reach no other machine', async () => {
  const world = await start();
  await workload(world, 'open', [{ ports: [{ port: 8000 }] }], ['DFW', 'DLS']);
  await workload(world, 'closed', [{ ports: [{ port: 22 }] }]);
  const instances = await readyInstances(world, 3);
  expect(await reaches(world, ofWorkload(instances, 'open'), '203.0.113.1', 8000)).toBe(true);
  expect(await reaches(world, ofWorkload(instances, 'closed'), '203.0.113.1', 8000)).toBe(false);
  const cloud = await world.cloud();
  for (const { name, targetTags } of objectsOf(cloud, 'firewalls')) {
    expect([name, targetTags.length]).toEqual([name, 1]);
    // Machines of different deployments share no tag that a firewall targets.
    const carriers = objectsOf(cloud, 'instances').filter(({ tags }) => tags.items.includes(targetTags[0]));
    expect([name, carriers.length]).toEqual([name, 1]);
  }
});

test('gap 3: no peers are everybody, and a peer that names nobody is refused instead of being everybody', async () => {
  const world = await start();
  await workload(world, 'all', [{ ports: [{ port: 8000 }] }, { ports: [{ port: 8001 }], from: [] }]);
  const [instance] = await readyInstances(world, 1);
  expect(await reaches(world, instance, '203.0.113.1', 8000)).toBe(true);
  expect(await reaches(world, instance, '203.0.113.1', 8001)).toBe(true);
  for (const peer of [{}, { ipBlock: null }, { ipBlock: {} }])
    await expect(workload(world, 'empty', [{ ports: [{ port: 8000 }], from: [peer] }])).rejects.toMatchObject({
      code: 'Invalid',
    });
});

test('gap 4: no ports are all ports', async () => {
  const world = await start();
  await workload(world, 'web', [{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }]);
  const [instance] = await readyInstances(world, 1);
  for (const port of [1, 22, 8000, 65_535])
    expect([
      port,
      await reaches(world, instance, '198.51.100.1', port),
      await reaches(world, instance, '203.0.113.1', port),
    ]).toEqual([port, true, false]);
});

test('gap 5: each firewall has ranges of one family', () => {
  const blocks = ['10.0.0.0/8', '2001:db8::/32'].map((cidr) => ({ ipBlock: { cidr } }));
  const deployment = fixture('WorkloadDeployment', 'web', {
    spec: {
      template: {
        spec: {
          runtime: { sandbox: { containers: [{ name: 'a', image: 'x' }] } },
          networkInterfaces: [
            { network: { name: 'net' }, networkPolicy: { ingress: [{ ports: [{ port: 22 }], from: blocks }, {}] } },
          ],
        },
      },
    },
  });
  const network = fixture('Network', 'net', { spec: { ipFamilies: ['IPv4', 'IPv6'] } });
  const by = { project: 'default', controller: 'gcp-deployment' };
  const { firewalls, problems } = wantedPolicies(deployment, [{ network, members: [] }], 'p', by);
  expect(problems).toEqual([]);
  const ranges = firewalls.map(({ body }) => body.sourceRanges ?? []);
  expect(ranges.toSorted()).toEqual([['0.0.0.0/0'], ['10.0.0.0/8'], ['2001:db8::/32'], ['::/0']]);
});

test('gap 6: a port that nobody names is said, and the rules and interfaces after it are followed', async () => {
  const world = await start();
  const template = {
    metadata: { labels: { app: 'web' } },
    spec: {
      runtime: {
        resources: { instanceType: 'datumcloud/d1-standard-2' },
        sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29' }] },
      },
      networkInterfaces: [{ network: { name: 'default' } }],
    },
  };
  const placements = [{ name: 'all', cityCodes: ['DFW'], scaleSettings: { minReplicas: 1 } }];
  await world.create('Workload', 'web', { spec: { template, placements } });
  await world.create('NetworkPolicy', 'named', {
    spec: {
      network: { name: 'default' },
      ingress: [{ ports: [{ port: 'nobody' }] }, { ports: [{ port: 8000 }] }],
    },
  });
  const [instance] = await readyInstances(world, 1);
  const policy = await world.eventually('NetworkPolicy', 'named', ({ status }) =>
    Boolean(status?.conditions?.some(({ message }) => message.includes('"nobody"'))),
  );
  expect(policy.status?.matchedInstances).toBe(1);
  await world.eventuallyCloud((state) => objectsOf(state, 'firewalls').length > 0);
  expect(await reaches(world, instance, '203.0.113.1', 8000)).toBe(true);
});

test('gap 7: an edited rule closes what it opened before, and leaves no firewall behind', async () => {
  const world = await start();
  await workload(world, 'web', [{ ports: [{ port: 8000 }] }, { ports: [{ port: 9000 }] }]);
  await readyInstances(world, 1);
  const before = await world.cloud();
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (current) => {
    const [nic] = current.spec.template.spec.networkInterfaces;
    if (nic) nic.networkPolicy = { ingress: [{ ports: [{ port: 9000 }] }, { ports: [{ port: 7000 }] }] };
    return current;
  });
  const after = await world.eventuallyCloud((state) => {
    const ports = objectsOf(state, 'firewalls').flatMap(({ allowed }) => allowed[0].ports as string[]);
    return String(ports.toSorted()) === '7000,9000';
  });
  // The rule that stayed is the same firewall, though it stands elsewhere in the list.
  const named = (state: typeof before, port: string) =>
    objectsOf(state, 'firewalls').find(({ allowed }) => allowed[0].ports[0] === port)?.['id'];
  expect(named(after, '9000')).toBe(named(before, '9000'));
  // A template of other rules may mean another machine.
  const open = (port: number) => reaches(world, undefined, '203.0.113.1', port);
  await expect
    .poll(async () => [await open(7000), await open(8000), await open(9000)], { timeout: 60_000 })
    .toEqual([true, false, true]);
});
