import { expect, test } from 'vitest';
import { serviceAccountName } from '../../workers/clouds/gcp/names.ts';
import { addFault, type CloudState, objectsOf } from '../support/cloud.ts';
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
} from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';
import { permissionsIn } from '../../workers/clouds/gcp/preflight.ts';

const volumes = {
  runtime: {
    resources: { instanceType: 'datumcloud/d1-standard-2' },
    sandbox: {
      containers: [
        {
          name: 'main',
          image: 'docker.io/library/nginx:1.29',
          volumeAttachments: [{ name: 'credentials', mountPath: '/etc/credentials' }],
        },
      ],
    },
  },
  volumes: [{ name: 'credentials', secret: { secretName: 'credentials' } }],
};

/** Paths of all objects of a type: `projects/p/…`. */
const pathsOf = (state: CloudState, type: string): string[] => Object.keys(state.objects[type] ?? {}).toSorted();

async function createSecret(world: GcpWorld): Promise<void> {
  await world.create('Secret', 'credentials', { data: { password: Buffer.from('hunter2').toString('base64') } });
}

test('gap 8: an account that is somebody else’s is not used, whatever it is called', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  // The network comes last, so that the name of the account is known before it is made.
  const workload = await createWorkload(world, 'web');
  const accountId = serviceAccountName(workload.metadata.uid);
  await asStranger(world, 'POST', 'v1/projects/acme-edge/serviceAccounts', {
    accountId,
    serviceAccount: { description: 'mine' },
  });
  await createNetwork(world);
  await world.eventuallyAll('Instance', (all) =>
    messageOf(all[0], 'Programmed').includes(`${accountId}: NameConflict: an object of this name exists`),
  );
  const cloud = await world.cloud();
  expect(objectsOf(cloud, 'serviceAccounts')).toMatchObject([{ description: 'mine' }]);
  expect(objectsOf(cloud, 'instances')).toEqual([]);
});

test('gap 9: a workload in two cloud projects has network, account and secret in each', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await world.create('Location', 'other', {
    spec: {
      locationClassName: 'self-managed',
      topology: { 'topology.datum.net/city-code': 'DLS' },
      provider: { gcp: { projectId: 'acme-other', region: 'us-west1', zone: 'us-west1-a' } },
    },
  });
  await createNetwork(world);
  await createSecret(world);
  await createWorkload(world, 'web', { template: volumes, cityCodes: ['DFW', 'DLS'] });
  await readyInstances(world, 2);
  const cloud = await world.cloud();
  for (const type of ['networks', 'subnetworks', 'serviceAccounts', 'secrets', 'instances']) {
    const projects = pathsOf(cloud, type).map((path) => path.split('/')[1]);
    expect([type, projects]).toEqual([type, ['acme-edge', 'acme-other']]);
  }
  // Nothing is made anew when it is looked at again.
  const ids = (state: CloudState) => objectsOf(state, 'networks').map(({ id }) => id as string);
  await world.wake('gcp-workload', 'web');
  await world.wake('gcp-network-context', 'default-default-other');
  expect(ids(await world.cloud())).toEqual(ids(cloud));
  await world.delete('Workload', 'web');
  await world.eventuallyCloud(({ counts }) => counts['secrets'] === 0 && counts['serviceAccounts'] === 0);
});

test('gap 20: what others change or delete under a network that was ready is found and put right', async () => {
  const world = await gcpWorld({ observeEveryMs: 200 });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const [path = ''] = pathsOf(await world.cloud(), 'networks');
  await drift(world, path, { mtu: 1300 });
  await world.eventuallyCloud((state) => objectsOf(state, 'networks').every(({ mtu = 1460 }) => mtu === 1460));
  await world.eventuallyAll('NetworkContext', (all) => conditionText(all[0], 'Drifted') === 'False Corrected');
});

test('gap 21: finalizers stay until Google has nothing left, and it is said what is in the way', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  await readyInstances(world, 1);
  const [path = ''] = pathsOf(await world.cloud(), 'networks');
  await asStranger(world, 'POST', 'compute/v1/projects/acme-edge/global/firewalls', {
    name: 'foreign',
    network: path.replace(/^/, 'https://www.googleapis.com/compute/v1/'),
    allowed: [{ IPProtocol: 'tcp' }],
  });
  await world.delete('Workload', 'web');
  await world.eventuallyAll('Instance', (all) => all.length === 0);
  await world.delete('Network', 'default');
  await world.eventuallyAll('NetworkContext', (all) =>
    all.some(({ status }) => status?.conditions?.some(({ message }) => message.includes('foreign')) === true),
  );
  expect(pathsOf(await world.cloud(), 'networks')).toEqual([path]);
  await drift(world, 'projects/acme-edge/global/firewalls/foreign');
  await world.eventuallyCloud(({ counts }) => counts['networks'] === 0);
  await world.eventuallyAll('Network', (all) => all.length === 0);
});

test('gap 22: account and secrets of a workload go after its machines', async () => {
  const world = await gcpWorld({ latency: 'short' });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createSecret(world);
  await createWorkload(world, 'web', { template: volumes, replicas: 2 });
  await readyInstances(world, 2);
  await world.open.store.delete(asAdmin, 'Workload', { namespace: 'default', name: 'web' });
  const orphaned: CloudState['counts'][] = [];
  await world.eventuallyCloud(({ counts }) => {
    const { instances = 0, serviceAccounts = 0, secrets = 0 } = counts;
    if (instances > 0 && (serviceAccounts === 0 || secrets === 0)) orphaned.push(counts);
    return instances === 0 && serviceAccounts === 0 && secrets === 0;
  });
  expect(orphaned).toEqual([]);
});

test('gap 25: the provider may run machines as the accounts that it made, and as no other', async () => {
  const email = 'datum-provider@acme-edge.iam.gserviceaccount.com';
  const permissions = Object.values(permissionsIn({ identity: () => email }, 'acme-edge')).flat();
  expect(permissions).not.toContain('iam.serviceAccounts.actAs');
  expect(Object.values(permissionsIn({ identity: () => undefined }, 'acme-edge')).flat()).toContain(
    'iam.serviceAccounts.actAs',
  );
  const world = await gcpWorld({ provider: { email, permissions } });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  const networkInterfaces = [{ network: { name: 'default' }, externalAddress: 'Reserved' }];
  await createWorkload(world, 'web', { template: { networkInterfaces } });
  await readyInstances(world, 1);
  await world.delete('Workload', 'web');
  const left = await world.eventuallyCloud(({ counts }) => counts['serviceAccounts'] === 1);
  expect(left.counts).toMatchObject({ instances: 0, addresses: 0 });
});

test('gap 25: a machine has the scope of secrets only if it uses some, and no address on the internet without need', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createSecret(world);
  const networkInterfaces = [{ network: { name: 'default' }, externalAddress: 'None' }];
  await createWorkload(world, 'plain', { template: { networkInterfaces } });
  await createWorkload(world, 'reader', { template: { ...volumes, networkInterfaces } });
  await readyInstances(world, 2);
  const machines = objectsOf(await world.cloud(), 'instances');
  const scopes = machines.flatMap(({ serviceAccounts }) => serviceAccounts[0].scopes as string[]);
  expect(scopes.toSorted()).toEqual([
    'https://www.googleapis.com/auth/cloud-platform',
    'https://www.googleapis.com/auth/userinfo.email',
  ]);
  for (const { canIpForward, networkInterfaces: nics } of machines) {
    expect(canIpForward ?? false).toBe(false);
    expect(nics[0].accessConfigs).toBeUndefined();
  }
});

test('gap 10: no machine is made before its secret has a version and its account may read it, however often one looks', async () => {
  const world = await gcpWorld();
  const refused = { kind: 'error', error: 'forbidden' };
  await addFault(world, { method: 'POST', path: '/secrets/[^/]+:setIamPolicy$', count: 3, fault: refused });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createSecret(world);
  await createWorkload(world, 'web', { template: volumes });
  await world.eventually('Instance', 'web-all-dfw-0', (one) =>
    messageOf(one, 'Programmed').includes('PERMISSION_DENIED'),
  );
  // What the older system went on after: the next looks.
  for (let look = 0; look < 5; look += 1) await world.wake('gcp-instance', 'web-all-dfw-0');
  await readyInstances(world, 1);
  const { requests } = (await (await fetch(`${world.gcpControl}/_emu/requests`)).json()) as {
    requests: { number: number; method: string; path: string; status: number }[];
  };
  const numberOf = (pattern: RegExp): number =>
    requests.find(({ method, path, status }) => method === 'POST' && status === 200 && pattern.test(path))?.number ?? 0;
  const machine = numberOf(/\/instances$/);
  for (const before of [/:addVersion$/, /\/secrets\/[^/]+:setIamPolicy$/, /\/serviceAccounts$/]) {
    expect(numberOf(before)).toBeGreaterThan(0);
    expect(numberOf(before)).toBeLessThan(machine);
  }
});
