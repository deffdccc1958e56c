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

function guestOf(machine: Record<string, unknown> | undefined): string {
  const metadata = machine?.['metadata'] as { items: { key: string; value: string }[] } | undefined;
  return metadata?.items.find(({ key }) => key === 'datum-guest')?.value ?? '';
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
  const text = guestOf(machine);
  expect(text).toContain(`projects/acme-edge/secrets/${name}/versions/1`);
  expect(text).toContain('/etc/configmaps/settings');
  for (const leaked of ['hunter2', Buffer.from('hunter2-and-more').toString('base64')])
    expect(JSON.stringify(machine)).not.toContain(leaked);

  await world.delete('Workload', 'web');
  await world.eventuallyCloud(
    ({ counts }) => counts['serviceAccounts'] === 0 && counts['secrets'] === 0 && counts['versions'] === 0,
  );
});

const write = (world: GcpWorld, value: string) =>
  world.open.store.update(asAdmin, 'Secret', { namespace: 'default', name: 'credentials' }, (secret) => ({
    ...secret,
    data: { password: Buffer.from(value).toString('base64') },
  }));

async function versionsOf(world: GcpWorld): Promise<unknown[]> {
  return objectsOf(await world.cloud(), 'versions').map(({ state }) => state);
}

test('gap 11: a running machine is told the new version of a secret, and the old one goes after its grace', async () => {
  const world = await start({ latency: 'short', secretGrace: { disableAfterMs: 1_500, destroyAfterMs: 3_000 } });
  await createSecret(world, 'one');
  await createSettings(world);
  await createWorkload(world, 'web', { template: volumes });
  const [instance] = await readyInstances(world, 1);
  const name = instance?.metadata.name ?? '';
  const [before] = objectsOf(await world.cloud(), 'instances');
  await write(world, 'two');
  const told = await world.eventually('Instance', name, (one) => one.status?.secretVersions?.[0]?.version === '2');
  expect(told.status?.secretVersions).toEqual([{ name: 'credentials', version: '2' }]);
  const [after] = objectsOf(await world.cloud(), 'instances');
  expect(guestOf(after)).toContain('/versions/2');
  expect(after?.['id']).toBe(before?.['id']);
  await expect
    .poll(async () => (await versionsOf(world)).toSorted(), { timeout: 60_000 })
    .toEqual(['DESTROYED', 'ENABLED']);
  await world.eventually('Instance', name, (one) => conditionText(one, 'Updating') === 'False UpToDate');
});

test('gap 16: a running machine is told what is in a config map now', async () => {
  const world = await start();
  await createSecret(world, 'one');
  await createSettings(world);
  await createWorkload(world, 'web', { template: volumes });
  await readyInstances(world, 1);
  await world.open.store.update(asAdmin, 'ConfigMap', { namespace: 'default', name: 'settings' }, (map) => ({
    ...map,
    data: { motd: 'good bye' },
  }));
  await world.eventuallyCloud((state) =>
    guestOf(objectsOf(state, 'instances')[0]).includes(Buffer.from('good bye').toString('base64')),
  );
});

test('gap 12: each secret is one of its own in the cloud, and none that is not used stays', async () => {
  const world = await start();
  await createSecret(world, 'x'.repeat(40_000));
  await world.create('Secret', 'more', { data: { key: Buffer.from('y'.repeat(40_000)).toString('base64') } });
  const { runtime } = volumes;
  const two = [
    { name: 'credentials', secret: { secretName: 'credentials' } },
    { name: 'settings', secret: { secretName: 'more' } },
  ];
  await createWorkload(world, 'web', { template: { runtime, volumes: two } });
  await readyInstances(world, 1);
  expect((await world.cloud()).counts).toMatchObject({ secrets: 2, versions: 2 });
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => {
    const volume = { name: 'settings', secret: { secretName: 'credentials' } };
    const spec = { ...workload.spec.template.spec, volumes: [two[0], volume] as never };
    return { ...workload, spec: { ...workload.spec, template: { ...workload.spec.template, spec } } };
  });
  await world.eventuallyCloud(({ counts }) => counts['secrets'] === 1);
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

test('gap 10: identity and secrets come through a cloud that fails half of the time', async () => {
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

const withContainer = (container: object, more: object = {}) => ({
  runtime: {
    resources: { instanceType: 'datumcloud/d1-standard-2' },
    sandbox: { containers: [{ name: 'main', image: 'docker.io/library/nginx:1.29', ...container }] },
  },
  ...more,
});

test('gap 18: variables come from keys of config maps and secrets, whose values are nowhere in the cloud', async () => {
  const world = await start();
  await createSecret(world, 'hunter2');
  await createSettings(world);
  const env = [
    { name: 'MOTD', valueFrom: { configMapKeyRef: { name: 'settings', key: 'motd' } } },
    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'credentials', key: 'password' } } },
    { name: 'NONE', valueFrom: { secretKeyRef: { name: 'absent', key: 'k', optional: true } } },
  ];
  await createWorkload(world, 'web', { template: withContainer({ env }) });
  const [instance] = await readyInstances(world, 1);
  const [machine] = objectsOf(await world.cloud(), 'instances');
  const guest = JSON.parse(guestOf(machine)) as {
    pod: { spec: { containers: { env: object[] }[] } };
    versions: string[];
  };
  expect(guest.pod.spec.containers[0]?.env).toEqual([
    { name: 'MOTD', value: 'hello' },
    { name: 'PASSWORD', fromSecret: { version: guest.versions[0], key: 'password' } },
  ]);
  expect(JSON.stringify(machine)).not.toContain(Buffer.from('hunter2').toString('base64'));
  expect(conditionText(instance, 'Supported')).toBe('undefined undefined');
});

test('gap 15: a key that is not there is named, and the machine is made when it comes', async () => {
  const world = await start();
  await createSettings(world);
  const items = [{ key: 'later', path: 'conf/later', mode: 0o600 }];
  const volume = { name: 'v', configMap: { name: 'settings', items } };
  const optional = { name: 'o', secret: { secretName: 'absent', optional: true } };
  const attached = { volumeAttachments: ['v', 'o'].map((name) => ({ name, mountPath: `/${name}` })) };
  await createWorkload(world, 'web', { template: withContainer(attached, { volumes: [volume, optional] }) });
  const [waiting] = await world.eventuallyAll(
    'Instance',
    ([one]) => conditionText(one, 'Programmed') === 'False ConfigMapKeyNotFound',
  );
  expect(messageOf(waiting, 'Programmed')).toBe('Config map "settings" has no key "later"');
  await world.open.store.update(asAdmin, 'ConfigMap', { namespace: 'default', name: 'settings' }, (map) => ({
    ...map,
    data: { ...map.data, later: 'now' },
  }));
  await readyInstances(world, 1);
  const [machine] = objectsOf(await world.cloud(), 'instances');
  expect(JSON.parse(guestOf(machine))).toMatchObject({
    configMaps: [{ folder: '/etc/configmaps/settings~v', items, mode: 0o644 }],
    secrets: [],
  });
});

test('a path that leads out of its volume is refused', async () => {
  const world = await start();
  const volume = { name: 'v', configMap: { name: 'settings', items: [{ key: 'k', path: '../etc/passwd' }] } };
  const attached = { volumeAttachments: [{ name: 'v', mountPath: '/v' }] };
  await expect(
    createWorkload(world, 'web', { template: withContainer(attached, { volumes: [volume] }) }),
  ).rejects.toThrow(/volumes\[0\]\.configMap\.items\[0\]\.path: Invalid value: "\.\.\/etc\/passwd"/);
});
