import type { NetworkBinding, NetworkContext, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Ipam } from '../../store/ipam/types.ts';
import { StoreError } from '../../store/errors.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { conditionOf, isTrue } from '../objects/condition.ts';
import { createOwned } from '../objects/create-owned.ts';
import { claimIndexLabel, interfaceIndexLabel } from '../objects/labels.ts';
import { isDeleting, ownedBy } from '../objects/owner.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { settleAll } from '../objects/settle-all.ts';
import { type BindingSteps, type BindingWish, isFor, networkOf } from './binding-steps.ts';
import { claimSteps, type ClaimWish, type ContextView, sharedClaims, workloadSubnetClass } from './claim-steps.ts';

export interface Deps {
  readonly store: Store;
  readonly ipam: Ipam;
}

/** Carries out what `bindingSteps` says; answers the bindings by interface. */
export async function applyBindings(
  { store }: Deps,
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
  return createOwned(store, context, 'NetworkBinding', {
    fullName: `${name}-net-${index}`,
    owner: deployment,
    object: {
      metadata: { namespace, labels: { [interfaceIndexLabel]: String(index) }, ownerReferences: [ownedBy(deployment)] },
      spec: { network, location: deployment.status?.location },
    },
    isSame: (binding) => isFor(binding, network, deployment.status?.location),
  });
}

/**
 * Makes the claims that are missing in the contexts of the bindings, and says what the networks still lack; undefined
 * when every interface can have its addresses. `exhausted` says that an instance found no address: then full subnets are
 * looked for, and get a next one.
 */
export async function settleNetworks(
  deps: Deps,
  context: RequestContext,
  bindings: readonly (NetworkBinding | undefined)[],
  exhausted: boolean,
): Promise<string | undefined> {
  const present = bindings.filter((binding) => binding !== undefined);
  const waiting =
    bindings.length > present.length
      ? 'Waiting for network bindings'
      : present.map(stateOf).find((state) => state !== undefined);
  const ready = present.filter((binding) => stateOf(binding) === undefined);
  const views = await contextViews(deps, context, ready, exhausted);
  const steps = views.map(claimSteps);
  await settleAll(steps.flatMap(({ create }) => create).map((wish) => createClaim(deps.store, context, wish)));
  return waiting ?? steps.map(({ waitingFor }) => waitingFor).find((one) => one !== undefined);
}

/** What a binding waits for; undefined when it is ready. */
function stateOf(binding: NetworkBinding): string | undefined {
  if (isTrue(binding, 'Ready') && binding.status?.networkContextRef !== undefined) return undefined;
  const ready = conditionOf(binding, 'Ready');
  return ready?.status === 'False'
    ? `${ready.reason}: ${ready.message}`
    : `Waiting for NetworkBinding ${binding.metadata.name}`;
}

async function contextViews(
  { store, ipam }: Deps,
  context: RequestContext,
  bindings: readonly NetworkBinding[],
  exhausted: boolean,
): Promise<ContextView[]> {
  const byContext = new Map<string, { readonly context: Key; readonly network: Key }>();
  for (const binding of bindings) {
    const ref = binding.status?.networkContextRef;
    if (ref !== undefined) byContext.set(`${ref.namespace}/${ref.name}`, { context: ref, network: networkOf(binding) });
  }
  const places = [...byContext.values()];
  const [networks, ...claims] = await Promise.all([
    store.getMany(
      context,
      'Network',
      places.map(({ network }) => network),
    ),
    ...places.map((place) =>
      store.list(context, 'SubnetClaim', { refersTo: { kind: 'NetworkContext', ...place.context } }),
    ),
  ]);
  const views = places.map((place, index): ContextView => ({
    context: place.context,
    families: networks[index]?.spec.ipFamilies ?? ['IPv4'],
    claims: claims[index]?.items ?? [],
    full: new Set(),
  }));
  return exhausted
    ? settleAll(views.map(async (view) => ({ ...view, full: await fullClaims({ store, ipam }, context, view) })))
    : views;
}

/** Claims whose subnets have no address left, by uid. */
async function fullClaims({ store, ipam }: Deps, context: RequestContext, view: ContextView): Promise<Set<string>> {
  const claims = sharedClaims(view).filter((claim) => isTrue(claim, 'Ready'));
  const keys = claims.map((claim) => ({
    namespace: view.context.namespace,
    name: claim.status?.subnetRef?.name ?? '',
  }));
  const subnets = await store.getMany(context, 'Subnet', keys);
  const full = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const subnet = subnets[index];
    const use = subnet && (await ipam.subnetUse({ project: context.project, subnet: subnet.metadata.uid }));
    if (use !== undefined && use.allocated >= use.capacity) full.add(claim.metadata.uid);
  }
  return full;
}

async function createClaim(
  store: Store,
  context: RequestContext,
  { context: key, family, index }: ClaimWish,
): Promise<void> {
  const owner: NetworkContext | undefined = await store.get(context, 'NetworkContext', key);
  if (owner === undefined || isDeleting(owner)) return; // its binding becomes unready, which wakes the deployment
  const claim = await createOwned(store, context, 'SubnetClaim', {
    fullName: `${key.name}-${index}`,
    owner,
    object: {
      metadata: {
        namespace: keyOf(owner).namespace,
        labels: { [claimIndexLabel]: String(index) },
        ownerReferences: [ownedBy(owner)],
      },
      spec: {
        subnetClass: workloadSubnetClass,
        networkContext: { name: key.name },
        location: owner.spec.location,
        ipFamily: family,
      },
    },
  });
  if (claim.spec.ipFamily !== family)
    throw new StoreError('Conflict', `${claim.metadata.name} was just made for ${claim.spec.ipFamily}`);
}
