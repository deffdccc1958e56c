import type { Network, NetworkIpamStatus } from '../../kinds/generated/types.ts';
import type { Ipam, Refusal } from '../../store/ipam/types.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { finalizers, holdObject, letGo } from '../objects/finalizers.ts';
import { networkUidLabel } from '../objects/labels.ts';
import { isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { createThrottle } from '../objects/throttle.ts';
import { madeByUsers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { familiesOf } from '../objects/ip-families.ts';
import { ipamStatus, rangeOf, readiness, showsUse, teardown } from './plan.ts';
import { name, watches } from './watches.ts';

interface Deps {
  readonly store: Store;
  readonly ipam: Ipam;
}

interface Options {
  /** How often the use of a network's address space is shown anew while subnets and addresses come and go. Default 1 s. */
  readonly usePeriodMs?: number;
}

/** Users that a message names. */
const namedUsers = 3;

/** Gives a network its address space, shows its use, and keeps it while something uses it. */
export function controller(deps: Deps, { usePeriodMs = 1_000 }: Options = {}): Controller {
  const throttle = createThrottle(usePeriodMs);
  return {
    name,
    kind: 'Network',
    concerns: madeByUsers,
    watches,
    writes: ['Network.status.conditions[Ready]', 'Network.status.ipam'],
    reconcile: (key) => reconcile(deps, key, throttle),
  };
}

async function reconcile(
  { store, ipam }: Deps,
  key: ReconcileKey,
  throttle: ReturnType<typeof createThrottle>,
): Promise<Outcome> {
  const context = workerContext(name, key);
  const found = await store.get(context, 'Network', key);
  if (found === undefined) return done;
  if (isDeleting(found)) return tearDown({ store, ipam }, context, found);
  const network = await holdObject(store, context, 'Network', found, finalizers.network);
  const ready = readiness(await makeSpaces(ipam, context, network));
  const waitMs = showsUse(network) ? throttle.waitMs(network.metadata.uid) : 0;
  const use = waitMs === 0 ? await useOf({ store, ipam }, context, network) : network.status?.ipam;
  await writeStatus(store, context, 'Network', network, { verdicts: [ready], fields: { ipam: use } });
  return waitMs === 0 ? done : againAfter(waitMs);
}

async function useOf({ store, ipam }: Deps, context: RequestContext, network: Network): Promise<NetworkIpamStatus> {
  const { uid } = network.metadata;
  const [use, subnets] = await Promise.all([
    ipam.networkUse({ project: context.project, network: uid }),
    store.list(context, 'Subnet', { labelSelector: `${networkUidLabel}=${uid}` }),
  ]);
  return ipamStatus(network, use, subnets.items);
}

async function makeSpaces(ipam: Ipam, { project }: RequestContext, network: Network): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const family of familiesOf(network)) {
    const range = rangeOf(network, family);
    const space = await ipam.ensureSpace({
      project,
      uid: network.metadata.uid,
      family,
      ...(range === undefined ? {} : { range }),
    });
    if (!space.ok) refusals.push(space);
  }
  return refusals;
}

async function tearDown({ store, ipam }: Deps, context: RequestContext, network: Network): Promise<Outcome> {
  const { uid, name: networkName, namespace = '' } = network.metadata;
  const refersTo = { kind: 'Network', namespace, name: networkName };
  const limit = namedUsers;
  const [bindings, instances, contexts] = await Promise.all([
    store.list(context, 'NetworkBinding', { refersTo, limit }),
    store.list(context, 'Instance', { refersTo, limit }),
    store.list(context, 'NetworkContext', { owner: uid }),
  ]);
  const users = [...bindings.items, ...instances.items];
  const next = teardown({
    home: namespace,
    users: users.slice(0, namedUsers),
    moreUsers: users.length > namedUsers || bindings.hasMore || instances.hasMore,
    contexts: contexts.items,
  });
  if (next.step === 'wait') {
    await writeStatus(store, context, 'Network', network, { verdicts: [next.ready] });
    await settleAll(next.remove.map((one) => deleteExisting(store, context, one)));
    return done;
  }
  if (!(await ipam.dropSpace({ project: context.project, uid }))) {
    throw new Error(`Network ${namespace}/${networkName}: ranges of its subnets are still held`);
  }
  await letGo(store, context, 'Network', network, finalizers.network);
  return done;
}
