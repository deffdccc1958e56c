import { expect } from 'vitest';
import type { Instance, Workload } from '../../kinds/generated/types.ts';
import { type CloudState, objectsOf, schemaViolations } from './cloud.ts';
import {
  createLocations,
  createNetwork,
  createWorkload,
  gcpWorld,
  type GcpWorld,
  type GcpWorldOptions,
} from './gcp-world.ts';
import { asAdmin } from './store.ts';

/** Label of an instance that stands for a machine of a group. */
export const machineLabel = 'compute.datumapis.com/group-machine';

/** A world with the workload `web` of three instances in group mode, in DFW. */
export async function groupWorld(
  options: GcpWorldOptions = {},
  workload: Parameters<typeof createWorkload>[2] = {},
): Promise<GcpWorld> {
  const world = await gcpWorld(options);
  await createLocations(world, 'us-south1-a');
  await createNetwork(world);
  await createWorkload(world, 'web', { replicas: 3, ...workload, spec: { instanceMode: 'Group', ...workload?.spec } });
  return world;
}

/** Changes the spec of the workload `web`. */
export async function change(world: GcpWorld, alter: (spec: Workload['spec']) => void): Promise<void> {
  await world.open.store.update(asAdmin, 'Workload', { namespace: 'default', name: 'web' }, (workload) => {
    alter(workload.spec);
    return workload;
  });
}

/** Another image of the container. */
export const withImage = (image: string) => (spec: Workload['spec']) => {
  const [container] = spec.template.spec.runtime.sandbox?.containers ?? [];
  if (container !== undefined) container.image = image;
};
/** Another number of instances. */
export const withReplicas = (replicas: number) => (spec: Workload['spec']) => {
  for (const { scaleSettings } of spec.placements) scaleSettings.minReplicas = replicas;
};
/** Image of an instance's container. */
export const imageOf = ({ spec }: Instance): string | undefined => spec.runtime.sandbox?.containers[0]?.image;
const machineNames = (state: CloudState): string[] => objectsOf(state, 'instances').map(({ name }) => name as string);
/** Machines that the instances stand for, sorted. */
export const namesOf = (instances: readonly Instance[]): string[] =>
  instances.map(({ metadata }) => metadata.labels?.[machineLabel] ?? '').toSorted();

/** The instances are exactly the machines, each with the addresses of its own. */
export async function expectSame(world: GcpWorld, instances: readonly Instance[]): Promise<void> {
  const state = await world.cloud();
  expect(namesOf(instances)).toEqual(machineNames(state).toSorted());
  for (const { metadata, status } of instances) {
    const machine = objectsOf(state, 'instances').find(({ name }) => name === metadata.labels?.[machineLabel]);
    const [nic] = machine?.['networkInterfaces'] ?? [];
    expect(status?.networkInterfaces).toEqual([
      { assignments: { networkIP: nic.networkIP, externalIP: nic.accessConfigs[0].natIP } },
    ]);
  }
  expect(await schemaViolations(world)).toEqual([]);
}
