import type { NetworkContext, Subnet } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { blockersOfNetwork } from '../clouds/gcp/neighbours.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { isHeldBack } from '../gcp-objects/pause.ts';
import { describe } from '../gcp-objects/reasons.ts';
import { release } from '../gcp-objects/release.ts';
import { retryInMs, rowsOf, type Stage } from '../gcp-objects/stage.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { isTrue } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { blocked, farewell, lacksUla, networkUidOf, programmed, wantedNetwork } from './plan.ts';

const name = 'gcp-network-context';

/** How often a context looks at a network that another one makes. */
const othersPeriodMs = 1_000;

/** NetworkContext Programmed: the network's VPC network in the project of the context's location. */
export function controller(deps: GcpDeps): Controller {
  return {
    name,
    kind: 'NetworkContext',
    concerns: (change) =>
      change.type !== 'DELETED' &&
      (isDeleting(change.object) || !isByController(change) || !isTrue(change.object as NetworkContext, 'Programmed')),
    watches: [
      { kind: 'NetworkContext', via: 'map', map: siblingsOf },
      { kind: 'Network', via: 'map', map: contextsOf },
      { kind: 'Location', via: 'referrer' },
      { kind: 'Subnet', via: 'map', map: contextOfGoneSubnet },
    ],
    writes: [
      'NetworkContext.status.conditions[Paused]',
      'NetworkContext.status.conditions[Programmed]',
      'NetworkContext.status.conditions[Drifted]',
    ],
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const object: NetworkContext | undefined = await deps.store.get(context, 'NetworkContext', key);
  if (object === undefined) return done;
  if (await isHeldBack(deps, context, 'NetworkContext', object)) return done;
  const [network, location] = await Promise.all([
    deps.store.get(context, 'Network', { namespace: key.namespace, name: object.spec.network.name }),
    deps.store.get(context, 'Location', object.spec.location),
  ]);
  if (isDeleting(object)) return tearDown(deps, context, object, networkUidOf(object, network));
  const place = placeOf(location, deps.locationClass);
  if (network === undefined || place === undefined || networkUidOf(object, network) !== network.metadata.uid)
    return done;

  // Its range comes in a moment; nothing else tells.
  if (lacksUla(network)) return againAfter(othersPeriodMs);
  const held = await holdObject(deps.store, context, 'NetworkContext', object, gcpFinalizer);
  const wanted = wantedNetwork(network, held, place, { project: key.project, controller: name });
  const rows = await deps.cloudResources.ofOwners([network.metadata.uid]);
  const stage = await ensure(
    deps,
    wanted,
    rows.find(({ account, type }) => account === place.account && type === 'compute.networks'),
  );
  await writeStatus(deps.store, context, 'NetworkContext', held, {
    verdicts: [programmed(stage), ...driftVerdicts(held, rowsOf([stage]))],
  });
  // Another context makes the network; its change of status wakes this one, unless it goes before.
  const isOthers = stage.at === 'waiting' && stage.row?.ownerKey.name !== key.name;
  return isOthers ? againAfter(othersPeriodMs) : again(stage);
}

/** A context goes after its subnets; the last one of its network in the project takes the VPC network along. */
async function tearDown(
  deps: GcpDeps,
  context: RequestContext,
  object: NetworkContext,
  networkUid: string | undefined,
): Promise<Outcome> {
  if (!hasFinalizer(object, gcpFinalizer)) return done;
  const refersTo = { kind: 'NetworkContext', ...keyOf(object) };
  const subnets = (await deps.store.list(context, 'Subnet', { refersTo })).items.filter((subnet) =>
    hasFinalizer(subnet, gcpFinalizer),
  );
  if (subnets.length > 0) {
    await show(
      deps,
      context,
      object,
      `Waiting for subnets: ${subnets.map(({ metadata }) => metadata.name).join(', ')}`,
    );
    return done;
  }
  const rows = networkUid === undefined ? [] : await deps.cloudResources.ofOwners([networkUid]);
  const stages: Stage[] = [];
  for (const row of rows.filter(({ type }) => type === 'compute.networks')) {
    const siblings = await siblingsIn(deps, context, object, row.account);
    const role = siblings === undefined ? 'leave' : farewell(object.metadata.uid, siblings);
    if (role === 'leave') continue;
    const isGuarded = rows.some(({ type, account }) => type === 'compute.firewalls' && account === row.account);
    if (role === 'remove' && isGuarded) {
      // Their controller drops them as soon as the last machine is gone.
      await show(deps, context, object, 'Waiting for firewalls of network policies');
      return againAfter(othersPeriodMs);
    }
    const stage: Stage =
      role === 'wait' ? { at: 'waiting', row } : await release(deps, object, { ...row, ownerKey: keyOf(object) });
    if (stage.at === 'failed') await show(deps, context, object, await blockers(deps, stage));
    stages.push(stage);
  }
  if (stages.some(({ at }) => at !== 'gone')) return againAfterAll(stages);
  await letGo(deps.store, context, 'NetworkContext', object, gcpFinalizer);
  return done;
}

/** Other contexts of the network in this project; undefined when the object's own location is in another. */
async function siblingsIn(deps: GcpDeps, context: RequestContext, object: NetworkContext, account: string) {
  const refersTo = { kind: 'Network', namespace: keyOf(object).namespace, name: object.spec.network.name };
  const contexts = (await deps.store.list(context, 'NetworkContext', { refersTo })).items;
  const locations = await deps.store.getMany(
    context,
    'Location',
    contexts.map(({ spec }) => spec.location),
  );
  const isHere = (index: number) => {
    const place = placeOf(locations[index], '');
    // A location that is gone could have been anywhere.
    return place === undefined || place.account === account;
  };
  const own = contexts.findIndex(({ metadata }) => metadata.uid === object.metadata.uid);
  if (own >= 0 && !isHere(own)) return undefined;
  return contexts
    .filter((one, index) => index !== own && isHere(index) && hasFinalizer(one, gcpFinalizer))
    .map((one) => ({ uid: one.metadata.uid, deleting: isDeleting(one) }));
}

async function blockers(deps: GcpDeps, stage: Extract<Stage, { at: 'failed' }>): Promise<string> {
  if (stage.failure.class !== 'dependency') return describe(stage);
  try {
    const found = await blockersOfNetwork(deps.gcp, stage.row.account, stage.row.name);
    return found.length === 0 ? describe(stage) : `In the way: ${found.join(', ')}; ${describe(stage)}`;
  } catch (error) {
    if (isGcpError(error)) return describe(stage);
    throw error;
  }
}

async function show(deps: GcpDeps, context: RequestContext, object: NetworkContext, message: string): Promise<void> {
  await writeStatus(deps.store, context, 'NetworkContext', object, { verdicts: [blocked(message)] });
}

function again(stage: Stage): Outcome {
  return againAfterAll([stage]);
}

function againAfterAll(stages: readonly Stage[]): Outcome {
  const afterMs = retryInMs(stages);
  return afterMs === undefined ? done : againAfter(afterMs);
}

/** A context that was programmed, or goes, may be what others of its network wait for. */
async function siblingsOf(change: Change, store: Store): Promise<Key[]> {
  const context = change.object as NetworkContext;
  if (change.type !== 'DELETED' && !isDeleting(context) && !isTrue(context, 'Programmed')) return [];
  const refersTo = { kind: 'Network', namespace: change.key.namespace, name: context.spec.network.name };
  const { items } = await store.list(workerContext(name, change), 'NetworkContext', { refersTo });
  const waiting = items.filter(
    (one) => one.metadata.uid !== change.uid && (isDeleting(one) || !isTrue(one, 'Programmed')),
  );
  return waiting.map(keyOf);
}

/** What a user changes in a network matters to its contexts; its status does not. */
async function contextsOf(change: Change, store: Store): Promise<Key[]> {
  if (isByController(change)) return [];
  const { items } = await store.list(workerContext(name, change), 'NetworkContext', {
    refersTo: { kind: 'Network', ...change.key },
  });
  return items.map(keyOf);
}

function contextOfGoneSubnet({ type, key, object }: Change): Key[] {
  if (type !== 'DELETED' && !isDeleting(object)) return [];
  return [{ namespace: key.namespace, name: (object as Subnet).spec.networkContext.name }];
}
