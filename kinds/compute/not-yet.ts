import type { Instance, InstanceSpec, Workload, WorkloadDeployment } from '../generated/types.ts';
import type { Kind } from '../kind.ts';
import { notYetPaths } from '../schema/not-yet.ts';

/**
 * Paths of what an object asks for and nobody does yet: fields with @notYet, and disks beside the one that a virtual
 * machine boots from. They belong into condition Supported and keep nothing from becoming Ready.
 */
export function unsupportedPaths(
  kind: Pick<Kind, 'schema'>,
  object: Instance | Workload | WorkloadDeployment,
): string[] {
  const disks =
    object.kind === 'Instance'
      ? dataDisks('spec', object.spec)
      : dataDisks('spec.template.spec', object.spec.template.spec);
  return [...notYetPaths(kind.schema, object), ...disks];
}

function dataDisks(path: string, { runtime, volumes = [] }: InstanceSpec): string[] {
  const boot = runtime.virtualMachine?.volumeAttachments[0]?.name;
  return volumes.flatMap(({ name, disk }, index) => (disk && name !== boot ? [`${path}.volumes[${index}].disk`] : []));
}
