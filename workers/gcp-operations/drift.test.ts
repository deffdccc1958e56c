import { expect, test } from 'vitest';
import { objectsOf } from '../../test/support/cloud.ts';
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

// What somebody changes in the cloud behind our back is found, and handled as its owner says.

async function machine(
  annotations: Record<string, string>,
): Promise<{ world: GcpWorld; resource: string; name: string }> {
  const world = await gcpWorld({ observeEveryMs: 100 });
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web');
  const [instance] = await readyInstances(world, 1);
  const { name = '', uid = '' } = instance?.metadata ?? {};
  await world.open.store.update(asAdmin, 'Instance', { namespace: 'default', name }, (current) => ({
    ...current,
    metadata: { ...current.metadata, annotations },
  }));
  return { world, name, resource: `projects/acme-edge/zones/us-south1-a/instances/instance-${uid}` };
}

async function tagsOf(world: GcpWorld): Promise<string[]> {
  return objectsOf(await world.cloud(), 'instances').flatMap(({ tags }) => tags.items ?? []);
}

const drifted = (object: unknown) => conditionText(object, 'Drifted');

test('tags of a machine are changed back, and that is said', async () => {
  const { world, name, resource } = await machine({});
  const before = await tagsOf(world);
  await drift(world, resource, { tags: { items: ['stranger'] } });
  const instance = await world.eventually('Instance', name, (one) => drifted(one) === 'False Corrected');
  expect(messageOf(instance, 'Drifted')).toContain('tags: ["stranger"], declared ["deployment-');
  await world.eventuallyCloud((state) => String(objectsOf(state, 'instances')[0]?.['tags'].items) === String(before));
});

test('what is only to be reported is left alone, until it is as declared again', async () => {
  const { world, name, resource } = await machine({ 'provider.datumapis.com/drift-policy': 'Report' });
  const before = await tagsOf(world);
  await drift(world, resource, { tags: { items: ['stranger'] } });
  const instance = await world.eventually('Instance', name, (one) => drifted(one) === 'True ChangedInCloud');
  expect(messageOf(instance, 'Drifted')).toContain('tags: ["stranger"], declared ["deployment-');
  expect(conditionText(instance, 'Programmed')).toBe('True Programmed');
  expect(await tagsOf(world)).toEqual(['stranger']);
  await drift(world, resource, { tags: { items: before } });
  await world.eventually('Instance', name, (one) => drifted(one) === 'False AsDeclared');
});

test('what is to be ignored is taken as it is', async () => {
  const { world, name, resource } = await machine({ 'provider.datumapis.com/drift-policy': 'Ignore' });
  const projection = async () => {
    const { rows } = await world.open.pool.query<{ projection: string }>(
      `select facts ->> 'projection' as projection from cloud_resource where type = 'compute.instances' and spec_hash is not null`,
    );
    return rows[0]?.projection;
  };
  const before = await projection();
  await drift(world, resource, { tags: { items: ['stranger'] } });
  await expect.poll(async () => [undefined, before].includes(await projection()), { timeout: 60_000 }).toBe(false);
  expect(await tagsOf(world)).toEqual(['stranger']);
  expect(drifted(await world.eventually('Instance', name, () => true))).toBe('undefined undefined');
});

test('a policy that is no policy is refused', async () => {
  const world = await gcpWorld();
  await expect(
    world.create('Network', 'odd', {
      metadata: { annotations: { 'provider.datumapis.com/drift-policy': 'Fix' } },
      spec: { ipam: { mode: 'Auto' } },
    }),
  ).rejects.toThrow(
    'metadata.annotations[provider.datumapis.com/drift-policy]: Unsupported value: "Fix": supported values: "Correct", "Report", "Ignore"',
  );
});
