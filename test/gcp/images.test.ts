import { expect, test } from 'vitest';
import { addImages } from '../../kinds/compute/images.ts';
import {
  conditionText,
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  messageOf,
  readyInstances,
} from '../support/gcp-world.ts';

const old = 'projects/ubuntu-os-cloud/global/images/ubuntu-2204-jammy-v20240927';
const newest = 'projects/ubuntu-os-cloud/global/images/ubuntu-2204-jammy-v20260903';
addImages({ 'acme/old-jammy': { minDiskGib: 10, sources: { gcp: old } } });

const sshKeys = 'olga:ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFvu1ampWcwUbU93FFttOsdNDEOfyT1VbZxn3kx+FHF4';

/** A template of virtual machines that boot from an image. */
function template(image: string) {
  const spec = {
    runtime: {
      resources: { instanceType: 'datumcloud/d1-standard-2' },
      virtualMachine: { volumeAttachments: [{ name: 'boot' }] },
    },
    networkInterfaces: [{ network: { name: 'default' } }],
    volumes: [{ name: 'boot', disk: { template: { spec: { populator: { image: { name: image } } } } } }],
  };
  return { metadata: { annotations: { 'compute.datumapis.com/ssh-keys': sshKeys } }, spec };
}

test('an instance says which image its machine has, and what Google says against it', async () => {
  const world = await gcpWorld();
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'old', { spec: { template: template('acme/old-jammy') } });
  await createWorkload(world, 'new', { spec: { template: template('datumcloud/ubuntu-2204-lts') } });
  const instances = await readyInstances(world, 2);
  const named = (start: string) =>
    instances.find(({ metadata }) => metadata.name.startsWith(start))?.metadata.name ?? '';
  const deprecated = await world.eventually(
    'Instance',
    named('old-'),
    (one) => conditionText(one, 'ImageSupported') === 'False ImageDeprecated',
  );
  expect(deprecated.status?.image).toBe(old);
  expect(messageOf(deprecated, 'ImageSupported')).toBe(`Google calls ${old} DEPRECATED; ${newest} takes its place`);
  const resolved = await world.eventually('Instance', named('new-'), (one) => one.status?.image !== undefined);
  expect(resolved.status?.image).toBe(newest);
  expect(conditionText(resolved, 'ImageSupported')).toBe('undefined undefined');
});
