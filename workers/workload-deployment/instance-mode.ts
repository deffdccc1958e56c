import type { Instance, InstanceMode, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { groupMachineLabel } from '../objects/labels.ts';

/**
 * How a deployment's instances are made. Decided once, when it comes to its location: instances that are there go on as they
 * began, whatever the location says since.
 */
export async function instanceMode(
  store: Store,
  context: RequestContext,
  { spec, status }: WorkloadDeployment,
  instances: readonly Instance[],
): Promise<InstanceMode> {
  if (status?.instanceMode !== undefined) return status.instanceMode;
  const [first] = instances;
  if (first !== undefined) return first.metadata.labels?.[groupMachineLabel] === undefined ? 'Direct' : 'Group';
  if (spec.instanceMode !== undefined) return spec.instanceMode;
  const location = status?.location && (await store.get(context, 'Location', status.location));
  return location?.spec.provider.gcp?.instanceMode ?? 'Direct';
}
