import type { NetworkBinding, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { createOwned } from '../objects/create-owned.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { interfaceIndexLabel } from '../objects/labels.ts';
import { ownedBy } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { type BindingSteps, type BindingWish, isFor } from './binding-steps.ts';

/** Carries out what `bindingSteps` says; answers the bindings by interface. */
export async function applyBindings(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  steps: BindingSteps,
): Promise<(NetworkBinding | undefined)[]> {
  await settleAll(steps.remove.map((binding) => deleteExisting(store, context, binding)));
  const created = await settleAll(steps.create.map((wish) => createBinding(store, context, deployment, wish)));
  const current = [...steps.current];
  for (const [at, { index }] of steps.create.entries()) current[index] = created[at];
  return current;
}

function createBinding(
  store: Store,
  context: RequestContext,
  deployment: WorkloadDeployment,
  { index, network }: BindingWish,
): Promise<NetworkBinding> {
  const { name, namespace = '' } = deployment.metadata;
  const location = deployment.status?.location;
  return createOwned(store, context, 'NetworkBinding', {
    fullName: `${name}-net-${index}`,
    owner: deployment,
    object: {
      metadata: { namespace, labels: { [interfaceIndexLabel]: String(index) }, ownerReferences: [ownedBy(deployment)] },
      spec: { network, location },
    },
    isSame: (binding) => isFor(binding, network, location),
  });
}
