import type { Network, NetworkContext, Subnet, SubnetClaim } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { createOwned } from '../objects/create-owned.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { isLimited, quotaRetryMs, quotaVerdict, unlessLimited } from '../objects/quota.ts';
import { writeStatus } from '../objects/status.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import {
  asksOtherwise,
  type ClaimStatus,
  makesSubnet,
  notReady,
  plan,
  requestOf,
  subnetObject,
  subnetOf,
} from './plan.ts';

const name = 'subnet-claim';

/** Gives a claim its subnet and shows what became of it; the range itself is the subnet controller's. */
export function controller({ store }: { readonly store: Store }): Controller {
  return {
    name,
    kind: 'SubnetClaim',
    concerns: madeByOthers(name),
    watches: [
      { kind: 'Subnet', via: 'map', map: claimsOfSubnet },
      { kind: 'NetworkContext', via: 'map', map: claimsOfContext },
    ],
    writes: [
      'SubnetClaim.status.conditions[Ready]',
      'SubnetClaim.status.subnetRef',
      'SubnetClaim.status.startAddress',
      'SubnetClaim.status.prefixLength',
    ],
    reconcile: (key) => reconcile(store, key),
  };
}

async function reconcile(store: Store, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const claim = await store.get(context, 'SubnetClaim', key);
  if (claim === undefined || isDeleting(claim)) return done;
  const { ready, ...fields } = await resolve(store, context, claim);
  await writeStatus(store, context, 'SubnetClaim', claim, {
    verdicts: [ready],
    fields: { subnetRef: undefined, startAddress: undefined, prefixLength: undefined, ...fields },
  });
  return ready.reason === 'QuotaExceeded' ? againAfter(quotaRetryMs) : done;
}

async function resolve(store: Store, context: RequestContext, claim: SubnetClaim): Promise<ClaimStatus> {
  const { namespace } = keyOf(claim);
  const contextKey = { namespace, name: claim.spec.networkContext.name };
  const [networkContext, own] = await Promise.all([
    store.get(context, 'NetworkContext', contextKey),
    store.list(context, 'Subnet', { owner: claim.metadata.uid }),
  ]);
  if (networkContext === undefined) return { ready: notReady(`NetworkContext ${contextKey.name} was not found`) };
  const network = await store.get(context, 'Network', { namespace, name: networkContext.spec.network.name });
  if (network === undefined) return { ready: notReady(`Network ${networkContext.spec.network.name} was not found`) };

  const made = makesSubnet(claim, network);
  const others = made
    ? []
    : (await store.list(context, 'Subnet', { refersTo: { kind: 'NetworkContext', ...contextKey } })).items;
  const subnet = subnetOf(claim, [...own.items, ...others]);
  if (subnet !== undefined) return plan(claim, await askAgain(store, context, claim, subnet));
  if (!made) return plan(claim, undefined);
  if (isDeleting(networkContext)) return { ready: notReady(`NetworkContext ${contextKey.name} is being deleted`) };
  const subnetMade = await unlessLimited(makeSubnet(store, context, claim, networkContext, network));
  return isLimited(subnetMade) ? { ready: quotaVerdict('Ready', subnetMade) } : plan(claim, subnetMade);
}

function makeSubnet(
  store: Store,
  context: RequestContext,
  claim: SubnetClaim,
  networkContext: NetworkContext,
  network: Network,
): Promise<Subnet> {
  const object = subnetObject(claim, networkContext, network.metadata.uid);
  return createOwned(store, context, 'Subnet', { fullName: claim.metadata.name, owner: claim, object });
}

/** A subnet that was refused its range, or is too small, asks for what the claim asks for now. */
async function askAgain(store: Store, context: RequestContext, claim: SubnetClaim, subnet: Subnet): Promise<Subnet> {
  if (!asksOtherwise(claim, subnet)) return subnet;
  const { object } = await store.update(context, 'Subnet', keyOf(subnet), (current) => {
    if (!asksOtherwise(claim, current)) return undefined;
    const { startAddress: _, prefixLength: __, ...kept } = current.spec;
    return { ...current, spec: { ...kept, ...requestOf(claim) } };
  });
  return object;
}

/** The claim that a subnet was made for; a user's subnet may serve any claim of its context. */
async function claimsOfSubnet(change: Change, store: Store): Promise<Key[]> {
  const owner = controllerOf(change.object);
  if (owner?.kind === 'SubnetClaim') return [{ namespace: change.key.namespace, name: owner.name }];
  const { networkContext } = (change.object as Subnet).spec;
  return claimsIn(change, store, { namespace: change.key.namespace, name: networkContext.name });
}

/** A context matters to its claims when it comes. */
async function claimsOfContext(change: Change, store: Store): Promise<Key[]> {
  return change.type === 'MODIFIED' ? [] : claimsIn(change, store, change.key);
}

async function claimsIn({ project }: Change, store: Store, contextKey: Key): Promise<Key[]> {
  const claims = await store.list(workerContext(name, { project }), 'SubnetClaim', {
    refersTo: { kind: 'NetworkContext', ...contextKey },
  });
  return claims.items.map(keyOf);
}
