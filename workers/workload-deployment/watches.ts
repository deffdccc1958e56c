import type { Instance, NetworkBinding, SubnetClaim, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, Store } from '../../store/types.ts';
import { conditionOf, machineFailure, isTrue } from '../objects/condition.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { isByController, madeByOthers, workerContext } from '../objects/worker-context.ts';
import type { Watch } from '../runtime/controller.ts';

export const name = 'workload-deployment';
const byOthers = madeByOthers(name);

/** A deployment is its controller's once it has a location, and to be taken down also without one. */
export function isScheduled(change: Change): boolean {
  const deployment = change.object as WorkloadDeployment;
  return byOthers(change) && (deployment.status?.location !== undefined || isDeleting(deployment));
}

/** What wakes a deployment, besides its own changes. Steps on the way that it does not look at do not. */
export const watches: readonly Watch[] = [
  { kind: 'Instance', via: 'map', map: deploymentOfInstance },
  { kind: 'NetworkBinding', via: 'map', map: deploymentOfBinding },
  { kind: 'SubnetClaim', via: 'map', map: deploymentsOfClaim },
  { kind: 'Network', via: 'map', map: deploymentsOfNetwork },
];

/**
 * An instance matters when it goes, and from when it is programmed or failed: the way there does not show in counts. One
 * that is programmed and running becomes ready next, and matters then.
 */
function deploymentOfInstance(change: Change): Key[] {
  const instance = change.object as Instance;
  if (change.type === 'DELETED') return ownerOf(instance);
  const isProgrammed = isTrue(instance, 'Programmed');
  const isNextReady = isProgrammed && isTrue(instance, 'Running') && !isTrue(instance, 'Ready');
  const hasCome = (isProgrammed && !isNextReady) || machineFailure(instance) !== undefined;
  return byOthers(change) && (isDeleting(instance) || hasCome) ? ownerOf(instance) : [];
}

/** A binding matters when it goes, is ready, or says what it waits for. */
function deploymentOfBinding({ type, object }: Change): Key[] {
  const ready = conditionOf(object as NetworkBinding, 'Ready');
  return type === 'DELETED' || ready?.status !== 'Unknown' ? ownerOf(object) : [];
}

/** A claim matters to all deployments in its context when it is ready, refused or gone. */
async function deploymentsOfClaim({ type, project, key, object }: Change, store: Store): Promise<Key[]> {
  const claim = object as SubnetClaim;
  const ready = conditionOf(claim, 'Ready');
  if (type !== 'DELETED' && (ready?.status === 'Unknown' || ready?.reason === 'SubnetNotReady')) return [];
  const refersTo = { kind: 'NetworkContext', namespace: key.namespace, name: claim.spec.networkContext.name };
  const bindings = await store.list(workerContext(name, { project }), 'NetworkBinding', { refersTo });
  return bindings.items.flatMap(ownerOf);
}

/** A user may give a network another family. */
async function deploymentsOfNetwork(change: Change, store: Store): Promise<Key[]> {
  if (change.type !== 'MODIFIED' || isByController(change)) return [];
  const refersTo = { kind: 'Network', ...change.key };
  const bindings = await store.list(workerContext(name, change), 'NetworkBinding', { refersTo });
  return bindings.items.flatMap(ownerOf);
}

function ownerOf(object: Change['object']): Key[] {
  const owner = controllerOf(object);
  return owner?.kind === 'WorkloadDeployment' ? [{ namespace: keyOf(object).namespace, name: owner.name }] : [];
}
