import type { Subnet, SubnetAddresses } from '../../kinds/generated/types.ts';

import type { RequestContext } from '../../store/types.ts';
import { isTrue } from '../objects/condition.ts';
import { finalizers, letGo } from '../objects/finalizers.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { createThrottle } from '../objects/throttle.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { allocate, type AllocateDeps, grow } from './allocate.ts';
import { type Allocation, assignedRange, isElsewhere, plan, type SubnetStatus, type Use, showsOldUse } from './plan.ts';
import { createWatches, name } from './watches.ts';

/** How often a range is asked for that the cloud chose and another subnet still has, in ms. */
const conflictPeriodMs = 1_000;

interface Options {
  /** How often the use of a subnet's addresses is shown anew while instances come and go. Default 1 s. */
  readonly usePeriodMs?: number;
}

/** Gives subnets their ranges out of the network's address space, and says when they are ready. */
export function controller(deps: AllocateDeps, { usePeriodMs = 1_000 }: Options = {}): Controller {
  const throttle = createThrottle(usePeriodMs);
  return {
    name,
    kind: 'Subnet',
    concerns: madeByOthers(name),
    watches: createWatches(),
    writes: [
      'Subnet.status.conditions[Allocated]',
      'Subnet.status.conditions[Ready]',
      'Subnet.status.conditions[Expanded]',
      'Subnet.status.startAddress',
      'Subnet.status.prefixLength',
      'Subnet.status.addresses',
    ],
    reconcile: (key) => reconcile(deps, key, throttle),
  };
}

async function reconcile(
  deps: AllocateDeps,
  key: ReconcileKey,
  throttle: ReturnType<typeof createThrottle>,
): Promise<Outcome> {
  const context = workerContext(name, key);
  const subnet = await deps.store.get(context, 'Subnet', key);
  if (subnet === undefined) return done;
  if (isDeleting(subnet)) return tearDown(deps, context, subnet);
  const known = allocatedTo(subnet);
  const allocation = await (known === undefined
    ? allocate(deps, context, subnet)
    : settle(deps, context, subnet, known));
  const use = allocation.ok ? await useOf(deps, context, subnet) : undefined;
  const waitMs = showsOldUse(subnet, use) ? throttle.waitMs(subnet.metadata.uid) : 0;
  await write(deps, context, subnet, plan(subnet, allocation), waitMs === 0 ? use : subnet.status?.addresses);
  // Whoever has what the cloud chose for this subnet is about to move as well.
  if (!allocation.ok && assignedRange(subnet) !== undefined) return againAfter(conflictPeriodMs);
  return waitMs === 0 ? done : againAfter(waitMs);
}

/** A subnet with a range: where the cloud chose another one, that one is taken over; else it grows if it is asked to. */
async function settle(deps: AllocateDeps, context: RequestContext, subnet: Subnet, block: string): Promise<Allocation> {
  if (!isElsewhere(subnet, block)) return grow(deps, context, subnet, block);
  const isFree = await deps.ipam.releaseBlock({ project: context.project, owner: subnet.metadata.uid });
  // A range of which addresses are given stays; the provider says that it is not the cloud's.
  return isFree ? allocate(deps, context, subnet) : { ok: true, block };
}

/** A subnet goes when no address of its range is given, and after whatever was made from it. */
async function tearDown(deps: AllocateDeps, context: RequestContext, subnet: Subnet): Promise<Outcome> {
  const use = await useOf(deps, context, subnet);
  const others = subnet.metadata.finalizers?.filter((one) => one !== finalizers.subnet) ?? [];
  const owner = { project: context.project, owner: subnet.metadata.uid };
  if (use.allocated === 0 && others.length === 0 && (await deps.ipam.releaseBlock(owner))) {
    await letGo(deps.store, context, 'Subnet', subnet, finalizers.subnet);
    return done;
  }
  const [reason, message] =
    use.allocated > 0 ? ['InUse', `${use.allocated} addresses are in use`] : ['Terminating', 'Subnet is being removed'];
  await writeStatus(deps.store, context, 'Subnet', subnet, {
    verdicts: [{ type: 'Ready', status: 'False', reason, message }],
    fields: { addresses: use },
  });
  return done;
}

function allocatedTo(subnet: Subnet): string | undefined {
  const { startAddress, prefixLength } = subnet.status ?? {};
  if (!isTrue(subnet, 'Allocated') || startAddress === undefined || prefixLength === undefined) return undefined;
  return `${startAddress}/${prefixLength}`;
}

async function useOf({ ipam }: AllocateDeps, { project }: RequestContext, subnet: Subnet): Promise<Use> {
  const use = await ipam.subnetUse({ project, subnet: subnet.metadata.uid });
  return { capacity: String(use?.capacity ?? 0n), allocated: Number(use?.allocated ?? 0n) };
}

async function write(
  { store }: AllocateDeps,
  context: RequestContext,
  subnet: Subnet,
  status: SubnetStatus,
  addresses: SubnetAddresses | undefined,
): Promise<void> {
  const { allocated, ready, expanded, startAddress, prefixLength } = status;
  await writeStatus(store, context, 'Subnet', subnet, {
    verdicts: [allocated, ready, ...expanded],
    fields: { startAddress, prefixLength, addresses },
  });
}
