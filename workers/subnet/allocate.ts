import type { Network, Subnet } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { Cidr, Ipam, Refusal } from '../../store/ipam/types.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { isTrue } from '../objects/condition.ts';
import { finalizers, hasFinalizer } from '../objects/finalizers.ts';
import { networkUidLabel, waitingLabel } from '../objects/labels.ts';
import { externalIpv6Range } from '../objects/ip-families.ts';
import { type Allocation, asksForMore, assignedRange, lacksRange, prefixLengthOf } from './plan.ts';

export interface AllocateDeps {
  readonly store: Store;
  readonly ipam: Ipam;
}

/**
 * Asks for the range of a subnet that has none. One that is refused is marked as waiting and asks once more: what is freed
 * before the mark is found by the second attempt, what is freed after it finds the mark.
 */
export async function allocate(deps: AllocateDeps, context: RequestContext, subnet: Subnet): Promise<Allocation> {
  const network = await networkOf(deps.store, context, subnet);
  if (network === undefined) {
    return refused(
      'NetworkContextNotFound',
      `NetworkContext ${subnet.spec.networkContext.name} or its network was not found`,
    );
  }
  // From here on a range may be held, so the subnet may not go without this controller.
  const waits = subnet.metadata.labels?.[waitingLabel] !== undefined;
  if (!hasFinalizer(subnet, finalizers.subnet) || subnet.metadata.labels?.[networkUidLabel] !== network.metadata.uid) {
    await mark(deps.store, context, subnet, network.metadata.uid, waits);
  }
  let answer = await attempt(deps, context, subnet, network);
  if (!answer.ok && !waits) {
    await mark(deps.store, context, subnet, network.metadata.uid, true);
    answer = await attempt(deps, context, subnet, (await networkOf(deps.store, context, subnet)) ?? network);
    if (answer.ok) await mark(deps.store, context, subnet, network.metadata.uid, false);
  } else if (answer.ok && waits) {
    await mark(deps.store, context, subnet, network.metadata.uid, false);
  }
  return answer;
}

/**
 * Asks for the larger range that a subnet with the range `block` wants, if it does. Refused, it keeps what it has, is marked
 * as waiting and asks once more, as above.
 */
export async function grow(
  { store, ipam }: AllocateDeps,
  context: RequestContext,
  subnet: Subnet,
  block: Cidr,
): Promise<Allocation> {
  const { startAddress, prefixLength } = subnet.spec;
  const networkUid = subnet.metadata.labels?.[networkUidLabel] ?? '';
  const waits = subnet.metadata.labels?.[waitingLabel] !== undefined;
  if (prefixLength === undefined || !asksForMore(subnet, block)) {
    if (waits) await mark(store, context, subnet, networkUid, false);
    return { ok: true, block };
  }
  const request = {
    project: context.project,
    owner: subnet.metadata.uid,
    prefixLength,
    ...(startAddress === undefined ? {} : { startAddress }),
  };
  let answer = await ipam.growBlock(request);
  if (!answer.ok && !waits) {
    await mark(store, context, subnet, networkUid, true);
    answer = await ipam.growBlock(request);
  }
  if (answer.ok) {
    await mark(store, context, subnet, networkUid, false);
    return { ...answer, growth: 'grown' };
  }
  return { ok: true, block, growth: await named(store, context, networkUid, answer) };
}

async function attempt(
  { store, ipam }: AllocateDeps,
  context: RequestContext,
  subnet: Subnet,
  network: Network,
): Promise<Allocation> {
  const { ipFamily: family, startAddress } = subnet.spec;
  const { name, uid } = network.metadata;
  if (!isTrue(network, 'Ready')) return refused('NetworkNotReady', `Network ${name} is not ready`);
  if (lacksRange(subnet, network) && assignedRange(subnet) === undefined)
    return refused('RangeRequired', `Network ${name} is in Policy mode: set startAddress and prefixLength`);
  const { ipv4Range, ipv6Range } = network.status?.ipam ?? {};
  const internet = externalIpv6Range(network);
  const assigned = assignedRange(subnet);
  if (family === 'IPv6' && internet !== undefined && assigned === undefined)
    return refused('ProgrammingInProgress', 'The cloud has not chosen the range yet');
  const range = family === 'IPv4' ? ipv4Range : (internet ?? ipv6Range);
  if (range === undefined) return refused('OutOfRange', `Network ${name} has no ${family} range`);
  const answer = await ipam.allocateBlock({
    project: context.project,
    network: uid,
    family,
    owner: subnet.metadata.uid,
    prefixLength: prefixLengthOf(subnet, range),
    ...(startAddress === undefined ? {} : { startAddress }),
    ...assigned,
  });
  return answer.ok ? answer : named(store, context, uid, answer);
}

/** The refusal with the name of the subnet that is in the way; people can do nothing with its uid. */
async function named(store: Store, context: RequestContext, networkUid: string, refusal: Refusal): Promise<Refusal> {
  if (refusal.reason !== 'AddressConflict') return refusal;
  const { items } = await store.list(context, 'Subnet', { labelSelector: `${networkUidLabel}=${networkUid}` });
  const holder = items.find(({ metadata }) => metadata.uid === refusal.holder)?.metadata.name ?? refusal.holder;
  return { ...refusal, message: refusal.message.replace(refusal.holder, holder) };
}

async function networkOf(
  store: Store,
  context: RequestContext,
  { metadata, spec }: Subnet,
): Promise<Network | undefined> {
  const namespace = metadata.namespace ?? '';
  const networkContext = await store.get(context, 'NetworkContext', { namespace, name: spec.networkContext.name });
  return networkContext && store.get(context, 'Network', { namespace, name: networkContext.spec.network.name });
}

/** Writes finalizer and labels of a subnet, where they are not so already. */
async function mark(
  store: Store,
  context: RequestContext,
  subnet: Subnet,
  networkUid: string,
  waiting: boolean,
): Promise<void> {
  const { uid } = subnet.metadata;
  const change = ({ metadata, ...rest }: Subnet): Subnet | undefined => {
    if (metadata.deletionTimestamp !== undefined) return undefined;
    const { [waitingLabel]: _, ...kept } = metadata.labels ?? {};
    const labels = { ...kept, [networkUidLabel]: networkUid, ...(waiting ? { [waitingLabel]: 'true' } : {}) };
    const all = new Set([...(metadata.finalizers ?? []), finalizers.subnet]);
    return { ...rest, metadata: { ...metadata, labels, finalizers: [...all] } };
  };
  await store.update(context, 'Subnet', keyOf(subnet), change, { uid, startFrom: subnet });
}

function refused(reason: string, message: string): Allocation {
  return { ok: false, reason, message };
}
