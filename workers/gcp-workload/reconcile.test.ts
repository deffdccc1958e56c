import { expect, test } from 'vitest';
import { serviceAccountName } from '../clouds/gcp/names.ts';
import { addFault, clearFaults, objectsOf } from '../../test/support/cloud.ts';
import {
  asStranger,
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

const volumes = {
  runtime: {
    resources: { instanceType: 'datumcloud/d1-standard-2' },
    sandbox: {
      containers: [
        {
          name: 'main',
          image: 'docker.io/library/nginx:1.29',
          volumeAttachments: [
            { name: 'credentials', mountPath: '/etc/credentials' },
            { name: 'settings', mountPath: '/etc/settings' },
          ],
        },
      ],
    },
  },
  volumes: [
    { name: 'credentials', secret: { secretName: 'credentials' } },
    { name: 'settings', configMap: { name: 'settings' } },
  ],
};

async function start(options?: Parameters<typeof gcpWorld>[0]): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  return world;
}

const createSecret = (world: GcpWorld, value: string) =>
  world.create('Secret', 'credentials', { data: { password: Buffer.from(value).toString('base64') } });
const createSettings = (world: GcpWorld) => world.create('ConfigMap', 'settings', { data: { motd: 'hello' } });

function userDataOf(machine: Record<string, unknown> | undefined): string {
  const metadata = machine?.['metadata'] as { items: { key: string; value: string }[] } | undefined;
  return metadata?.items.find(({ key }) => key === 'user-data')?.value ?? '';
}

test('a machine gets the number of a version that only its own account may read, and never the value', async () => {
  const world = await start({ latency: 'short' });
  await createSecret(world, 'hunter2-and-more');
  await createSettings(world);
  const workload = await createWorkload(world, 'web', { template: volumes });
  await readyInstances(world, 1);
  const cloud = await world.cloud();
  const [account] = objectsOf(cloud, 'serviceAccounts');
  const [secret] = objectsOf(cloud, 'secrets');
  const [machine] = objectsOf(cloud, 'instances');
  const email = `${serviceAccountName(workload.metadata.uid)}@acme-edge.iam.gserviceaccount.com`;
  expect(account).toMatchObject({ email });
  expect(machine).toMatchObject({ serviceAccounts: [{ email }] });
  const name = String(secret?.['name']).split('/').at(-1);
  expect(name).toMatch(new RegExp(`^secret-${workload.metadata.uid}-[a-z2-7]{10}$`));
  const policy = await asStranger(world, 'GET', `v1/projects/acme-edge/secrets/${name}:getIamPolicy`);
  expect(policy['bindings']).toEqual([
    { role: 'roles/secretmanager.secretAccessor', members: [`serviceAccount:${email}`] },
  ]);

  const version = await asStranger(world, 'GET', `v1/projects/acme-edge/secrets/${name}/versions/1:access`);
  const payload = Buffer.from((version['payload'] as { data: string }).data, 'base64').toString();
  expect(JSON.parse(payload)).toEqual({ password: Buffer.from('hunter2-and-more').toString('base64') });
  const text = userDataOf(machine);
  expect(text).toContain(`projects/acme-edge/secrets/${name}/versions/1`);
  expect(text).toContain('/etc/configmaps/settings/motd');
  for (const leaked of ['hunter2', Buffer.from('hunter2-and-more').toString('base64')])
    expect(JSON.stringify(machine)).not.toContain(leaked);

  await world.delete('Workload', 'web');
  await world.eventuallyCloud(
    ({ counts }) => counts['serviceAccounts'] === 0 && counts['secrets'] === 0 && counts['versions'] === 0,
  );
});

test('a secret that is written anew becomes a new version, which machines made from then on read', async () => {
  const world = await start();
  await createSecret(world, 'one');
  await createSettings(world);
  await createWorkload(world, 'web', { template: volumes });
  await readyInstances(world, 1);
  await world.open.store.update(asAdmin, 'Secret', { namespace: 'default', name: 'credentials' }, (secret) => ({
    ...secret,
    data: { password: Buffer.from('two').toString('base64') },
  }));
  await world.eventuallyCloud(({ counts }) => counts['versions'] === 2);
});

test('a secret or config map that does not exist is named, and the machine is made when it comes', async () => {
  const world = await start();
  await createWorkload(world, 'web', { template: volumes });
  const [first] = await world.eventuallyAll(
    'Instance',
    (all) => conditionText(all[0], 'Programmed') === 'False SecretNotFound',
  );
  expect(messageOf(first, 'Programmed')).toBe('Unable to find secret "credentials"');
  await createSecret(world, 'late');
  const [second] = await world.eventuallyAll(
    'Instance',
    (all) => conditionText(all[0], 'Programmed') === 'False ConfigMapNotFound',
  );
  expect(second?.status?.networkInterfaces?.[0]?.assignments?.networkIP).toBeDefined();
  await createSettings(world);
  await readyInstances(world, 1);
});

test('an account that cannot be made is shown at the instances, until it can', async () => {
  const world = await start();
  const fault = {
    kind: 'http',
    status: 429,
    reason: 'RESOURCE_EXHAUSTED',
    message: 'Maximum number of service accounts on project reached.',
  };
  await addFault(world, { method: 'POST', path: '/serviceAccounts$', fault });
  await createWorkload(world, 'web');
  const [instance] = await world.eventuallyAll(
    'Instance',
    (all) => conditionText(all[0], 'Programmed') === 'False ServiceAccountFailedToCreate',
  );
  expect(messageOf(instance, 'Programmed')).toContain('Maximum number of service accounts');
  await clearFaults(world);
  await readyInstances(world, 1);
});

test('identity and secrets come through a cloud that fails half of the time', async () => {
  const world = await start();
  await createSecret(world, 'x');
  await createSettings(world);
  await addFault(world, { path: '/(serviceAccounts|secrets)', probability: 0.4, fault: { kind: 'lost-answer' } });
  await createWorkload(world, 'web', { template: volumes });
  await readyInstances(world, 1);
  expect((await world.cloud()).counts).toMatchObject({ serviceAccounts: 1, secrets: 1 });
});

test('a value that Secret Manager cannot keep is said so', async () => {
  const world = await start();
  await createSecret(world, 'x'.repeat(60_000));
  await createSettings(world);
  await createWorkload(world, 'web', { template: volumes });
  const [instance] = await world.eventuallyAll(
    'Instance',
    (all) => conditionText(all[0], 'Programmed') === 'False InvalidConfiguration',
  );
  expect(messageOf(instance, 'Programmed')).toContain('SecretTooLarge');
});

test('what is not built yet is said at workload and instance, and keeps nothing from being ready', async () => {
  const world = await start();
  await createSettings(world);
  const env = [{ name: 'MOTD', valueFrom: { configMapKeyRef: { name: 'settings', key: 'motd' } } }];
  const containers = [{ name: 'main', image: 'docker.io/library/nginx:1.29', env }];
  await createWorkload(world, 'web', {
    template: { runtime: { resources: { instanceType: 'datumcloud/d1-standard-2' }, sandbox: { containers } } },
  });
  const [instance] = await readyInstances(world, 1);
  expect(conditionText(instance, 'Supported')).toBe('False NotYetImplemented');
  expect(messageOf(instance, 'Supported')).toContain('spec.runtime.sandbox.containers[0].env[0].valueFrom');
  const workload = await world.eventually(
    'Workload',
    'web',
    (one) => conditionText(one, 'Supported') === 'False NotYetImplemented',
  );
  expect(messageOf(workload, 'Supported')).toContain(
    'spec.template.spec.runtime.sandbox.containers[0].env[0].valueFrom',
  );
});
