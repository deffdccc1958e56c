import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCloudResources } from '../../store/cloud-resources.ts';
import { bind, grant, namespaces } from '../../test/support/access-objects.ts';
import { accessWorld } from '../../test/support/access-world.ts';
import { kindSamples } from '../../test/support/kind-samples.ts';
import { asAdmin } from '../../test/support/store.ts';
import { cloudConsoleUrl } from './cloud-console-url.ts';

const query = `{ instances(namespace: "a") { nodes { metadata { name } cloudResources {
  cloud account scope type name targetId state verb operation plannedAt attempts retryAt error { code class message } url } } } }`;

test('an object shows what was made for it, to those who may get it', async () => {
  const world = await accessWorld();
  await namespaces(world, 'a');
  const rows = createCloudResources(world.open.pool);
  const plannedAt = new Date('2026-11-22T10:00:00Z');
  for (const name of ['one', 'two', 'none']) {
    const object = { ...kindSamples.Instance, metadata: { namespace: 'a', name } };
    const made = await world.store.create(asAdmin, 'Instance', object as never);
    if (name === 'none') continue;
    const plan = await rows.plan({
      project: 'default',
      cloud: 'gcp',
      account: 'acme-edge',
      scope: 'zones/us-south1-a',
      type: 'compute.instances',
      name: `instance-${name}`,
      ownerKind: 'Instance',
      ownerUid: made.object.metadata.uid,
      ownerKey: { namespace: 'a', name },
      controller: 'gcp-instance',
      verb: 'insert',
      requestId: randomUUID(),
      plannedAt,
      attempts: 2,
      facts: { note: 'of a controller' },
    });
    const error = { code: 'QUOTA_EXCEEDED', class: 'quota', message: 'no CPUs are left' };
    const outcome = name === 'one' ? { state: 'running', operation: 'op-1' } : { state: 'failed', error };
    await rows.record(plan?.requestId ?? '', outcome as never);
  }
  await bind(world, 'viewer', 'view', 'a');
  const { data } = await world.person('viewer').graphql(query);
  const resource = (name: string) => ({
    cloud: 'gcp',
    account: 'acme-edge',
    scope: 'zones/us-south1-a',
    type: 'compute.instances',
    name: `instance-${name}`,
    targetId: null,
    state: 'running',
    verb: 'insert',
    operation: 'op-1',
    plannedAt: plannedAt.toISOString(),
    attempts: 2,
    retryAt: null,
    error: null,
    url: `https://console.cloud.google.com/compute/instancesDetail/zones/us-south1-a/instances/instance-${name}?project=acme-edge`,
  });
  expect(data.instances.nodes).toEqual([
    { metadata: { name: 'none' }, cloudResources: [] },
    { metadata: { name: 'one' }, cloudResources: [resource('one')] },
    {
      metadata: { name: 'two' },
      cloudResources: [
        {
          ...resource('two'),
          state: 'failed',
          operation: null,
          error: { code: 'QUOTA_EXCEEDED', class: 'quota', message: 'no CPUs are left' },
        },
      ],
    },
  ]);

  const instances = { apiGroups: ['compute.datumapis.com'], resources: ['instances'], verbs: ['list'] };
  await grant(world, 'lister', [instances], 'a');
  const { errors } = await world.person('lister').graphql(query);
  expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('names are no way out of the page of the cloud that they are in', () => {
  const place = { cloud: 'gcp', account: 'a&b', scope: 'regions/r', name: '../x?y', state: 'ready' } as const;
  expect(cloudConsoleUrl({ ...place, type: 'compute.subnetworks' })).toBe(
    'https://console.cloud.google.com/networking/subnetworks/details/r/..%2Fx%3Fy?project=a%26b',
  );
  expect(cloudConsoleUrl({ ...place, type: 'toString' })).toBeUndefined();
  expect(cloudConsoleUrl({ ...place, type: 'compute.networks', state: 'gone' })).toBeUndefined();
});
