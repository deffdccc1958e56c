import type { NetworkBinding, NetworkContext } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import { StoreError } from '../../store/errors.ts';
import type { Ipam } from '../../store/ipam/types.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { conditionOf, isTrue } from '../objects/condition.ts';
import { createOwned } from '../objects/create-owned.ts';
import { claimIndexLabel } from '../objects/labels.ts';
import { isDeleting, ownedBy } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { networkOf } from './binding-steps.ts';
import { claimSteps, type ClaimWish, type ContextView, sharedClaims } from './claim-steps.ts';
import { familiesOf } from '../objects/ip-families.ts';
import { groupSubnetClass } from '../objects/subnet-classes.ts';

export interface Deps {
  readonly store: Store;
  readonly ipam: Ipam;
}

/** A network where a binding wants it; without a context it is not there yet. */
interface Place {
  readonly binding: NetworkBinding;
  readonly families: ContextView['families'];
  readonly context?: NetworkContext;
}

/**
 * Makes the claims that are missing where the bindings' networks are present, and says what these still lack; undefined
 * when every interface can have its addresses. `exhausted` says that an instance found no address: then full subnets are
 * looked for, and get a next one. `subnetClass` is what the claims ask for.
 */
export async function settleNetworks(
  deps: Deps,
  context: RequestContext,
  bindings: readonly (NetworkBinding | undefined)[],
  { subnetClass, exhausted }: { readonly subnetClass: string; readonly exhausted: boolean },
): Promise<string | undefined> {
  const present = bindings.filter((binding) => binding !== undefined);
  const places = await placesOf(deps.store, context, present);
  const contexts = new Map<string, Required<Place>>();
  for (const place of places) if (isThere(place)) contexts.set(place.context.metadata.uid, place);
  const found = [...contexts.values()];
  const views = await settleAll(found.map((place) => viewOf(deps, context, place, { subnetClass, exhausted })));
  const steps = views.map(claimSteps);
  await settleAll(
    steps.flatMap(({ create }, index) =>
      create.map((wish) => createClaim(deps.store, context, found[index]?.context, { ...wish, subnetClass })),
    ),
  );
  if (present.length < bindings.length) return 'Waiting for network bindings';
  const absent = places.find((place) => !isThere(place));
  return absent ? waitOf(absent.binding) : steps.find(({ waitingFor }) => waitingFor !== undefined)?.waitingFor;
}

function isThere(place: Place): place is Required<Place> {
  return place.context !== undefined;
}

function waitOf(binding: NetworkBinding): string {
  const ready = conditionOf(binding, 'Ready');
  if (ready?.status === 'False') return `${ready.reason}: ${ready.message}`;
  return `Waiting for NetworkBinding ${binding.metadata.name}`;
}

/**
 * Where the networks of bindings are present. A context that is ready counts although its binding does not say so yet: the
 * binding exists, so the context stays, and instances need not wait for the binding's controller.
 */
async function placesOf(store: Store, context: RequestContext, bindings: readonly NetworkBinding[]): Promise<Place[]> {
  const networks = await store.getMany(context, 'Network', bindings.map(networkOf));
  const owners = [...new Set(networks.flatMap((network) => network?.metadata.uid ?? []))];
  const lists = await Promise.all(owners.map((owner) => store.list(context, 'NetworkContext', { owner })));
  const contexts = lists.flatMap(({ items }) => items).filter((one) => isTrue(one, 'Ready') && !isDeleting(one));
  return bindings.map((binding, index) => {
    const { location } = binding.spec;
    const { namespace, name } = networkOf(binding);
    const found = contexts.find(
      ({ metadata, spec }) =>
        metadata.namespace === namespace &&
        spec.network.name === name &&
        spec.location.name === location.name &&
        spec.location.namespace === location.namespace,
    );
    const network = networks[index];
    const families = network === undefined ? [] : familiesOf(network);
    return { binding, families, ...(found === undefined ? {} : { context: found }) };
  });
}

async function viewOf(
  deps: Deps,
  context: RequestContext,
  { context: place, families }: Required<Place>,
  { subnetClass, exhausted }: { readonly subnetClass: string; readonly exhausted: boolean },
): Promise<ContextView> {
  const key = keyOf(place);
  const { items } = await deps.store.list(context, 'SubnetClaim', { refersTo: { kind: 'NetworkContext', ...key } });
  // Machines of groups have IPv4 only.
  const wanted = subnetClass === groupSubnetClass ? families.filter((family) => family === 'IPv4') : families;
  const view: ContextView = { context: key, subnetClass, families: wanted, claims: items, full: new Set() };
  return exhausted ? { ...view, full: await fullClaims(deps, context, view) } : view;
}

/** Claims whose subnets have no address left, by uid. */
async function fullClaims({ store, ipam }: Deps, context: RequestContext, view: ContextView): Promise<Set<string>> {
  const claims = sharedClaims(view).filter((claim) => isTrue(claim, 'Ready'));
  const keys = claims.map((claim): Key => ({
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
  owner: NetworkContext | undefined,
  { family, index, subnetClass }: ClaimWish & { readonly subnetClass: string },
): Promise<void> {
  if (owner === undefined) return;
  const { namespace, name } = keyOf(owner);
  const claim = await createOwned(store, context, 'SubnetClaim', {
    fullName: `${name}-${index}`,
    owner,
    object: {
      metadata: { namespace, labels: { [claimIndexLabel]: String(index) }, ownerReferences: [ownedBy(owner)] },
      spec: {
        subnetClass,
        networkContext: { name },
        location: owner.spec.location,
        ipFamily: family,
      },
    },
  });
  if (claim.spec.ipFamily !== family || claim.spec.subnetClass !== subnetClass) {
    throw new StoreError('Conflict', `${claim.metadata.name} was just made for ${claim.spec.ipFamily}`);
  }
}
