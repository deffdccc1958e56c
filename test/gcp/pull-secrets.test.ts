import { expect, test } from 'vitest';
import type { Secret } from '../../kinds/generated/types.ts';
import { type CloudState, objectsOf } from '../support/cloud.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  messageOf,
  readyInstances,
} from '../support/gcp-world.ts';
import { asAdmin } from '../support/store.ts';

const configOf = (password: string): Record<string, string> => ({
  '.dockerconfigjson': Buffer.from(JSON.stringify({ auths: { 'x.io': { username: 'u', password } } })).toString(
    'base64',
  ),
});

function guestIn(cloud: CloudState): Record<string, unknown> {
  const [machine] = objectsOf(cloud, 'instances');
  const metadata = machine?.['metadata'] as { items: { key: string; value: string }[] } | undefined;
  return JSON.parse(metadata?.items.find(({ key }) => key === 'datum-guest')?.value ?? '{}') as Record<string, unknown>;
}

test('a sandbox pulls its images with the secrets that it names; the machine is told where they are, not what', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  const containers = [{ name: 'main', image: 'x.io/private:1' }];
  const runtime = {
    resources: { instanceType: 'datumcloud/d1-standard-2' },
    sandbox: { containers, imagePullSecrets: [{ name: 'registry' }] },
  };
  await createWorkload(world, 'web', { template: { runtime } });
  const [waiting] = await world.eventuallyAll('Instance', (all) =>
    conditionText(all[0], 'Programmed').includes('SecretNotFound'),
  );
  expect(messageOf(waiting, 'Programmed')).toBe('Unable to find secret "registry"');

  const type = 'kubernetes.io/dockerconfigjson';
  await world.create('Secret', 'registry', { type, data: configOf('hunter2') });
  const [instance] = await readyInstances(world, 1);
  expect(conditionText(instance, 'Supported')).toBe('undefined undefined');
  expect(instance?.status?.secretVersions).toEqual([{ name: 'registry', version: '1' }]);
  const cloud = await world.cloud();
  const [secret] = objectsOf(cloud, 'secrets');
  const path = (version: number) =>
    expect.stringMatching(new RegExp(`^projects/acme-edge/secrets/.*/versions/${version}$`));
  expect(secret).toBeDefined();
  expect(guestIn(cloud)).toMatchObject({
    pullSecrets: [{ key: '.dockerconfigjson', version: path(1) }],
    versions: [path(1)],
  });
  const machine = JSON.stringify(objectsOf(cloud, 'instances'));
  for (const text of ['hunter2', configOf('hunter2')['.dockerconfigjson'] ?? '']) expect(machine).not.toContain(text);
  expect(machine).toContain('cloud-platform');

  await world.open.store.update(asAdmin, 'Secret', { namespace: 'default', name: 'registry' }, (one: Secret) => ({
    ...one,
    data: configOf('other'),
  }));
  const later = await world.eventuallyCloud((state) => JSON.stringify(guestIn(state)).includes('/versions/2'));
  expect(guestIn(later)).toMatchObject({ pullSecrets: [{ version: path(2) }] });
});
