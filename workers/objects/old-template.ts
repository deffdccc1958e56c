import { templateIn } from '../../kinds/compute/rollback.ts';
import type { InstanceTemplate, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { templateHashLabel } from './labels.ts';

/** The template with this hash among the workload's revisions; undefined when it is no longer kept. */
export async function oldTemplate(
  store: Store,
  context: RequestContext,
  { metadata, spec }: WorkloadDeployment,
  hash: string,
): Promise<InstanceTemplate | undefined> {
  const { items } = await store.list(context, 'ControllerRevision', {
    namespace: metadata.namespace ?? '',
    owner: spec.workloadRef.uid,
    labelSelector: `${templateHashLabel}=${hash}`,
  });
  return items.map(templateIn).find((template) => template !== undefined);
}
