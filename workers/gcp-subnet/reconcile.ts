import type { Network, Subnet } from '../../kinds/generated/types.ts';
import { keyOf } from '../../kinds/object.ts';
import type { RequestContext } from '../../store/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import { ipv6RangeFact } from '../clouds/gcp/subnetworks.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { isHeldBack } from '../gcp-objects/pause.ts';
import { describe } from '../gcp-objects/reasons.ts';
import { isAbandoning, release } from '../gcp-objects/release.ts';
import { retryInMs, rowsOf } from '../gcp-objects/stage.ts';
import { conditionOf, isTrue, type Verdict } from '../objects/condition.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { familiesOf } from '../objects/ip-families.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { settleIpv6, wakeInstances } from './ipv6.ts';
import { companionOf, ipv6Beside, subnetsBeside } from './pairs.ts';
import { ipv6OnlyVerdict, notProgrammed, programmed, rangeFact, rangeOf, wantedSubnetwork } from './plan.ts';

const name = 'gcp-subnet';

/** How often a subnet that is to go is looked at while its addresses are in use. */
const inUsePeriodMs = 2_000;

/** Instances remember their subnets for some seconds, so they are woken for IPv6 at once, and again when they have forgotten. */
const wakeAgainMs = 4_000;
const newForMs = 30_000;

/** Subnet Programmed: the subnetwork in the region of the subnet's location. */
export function controller(deps: GcpDeps): Controller {
  return {
    name,
    kind: 'Subnet',
    concerns: (change) =>
      change.type !== 'DELETED' &&
      (isDeleting(change.object) || !isByController(change) || mayBeUnsettled(change.object as Subnet)),
    watches: [
      { kind: 'NetworkContext', via: 'referrer' },
      { kind: 'Location', via: 'referrer' },
      { kind: 'Subnet', via: 'map', map: ipv6Beside(name) },
    ],
    writes: [
      'Subnet.status.conditions[Paused]',
      'Subnet.status.conditions[Programmed]',
      'Subnet.status.conditions[Drifted]',
    ],
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const subnet: Subnet | undefined = await deps.store.get(context, 'Subnet', key);
  if (subnet === undefined) return done;
  if (await isHeldBack(deps, context, 'Subnet', subnet)) return done;
  const [row] = await deps.cloudResources.ofOwners([subnet.metadata.uid]);
  if (isDeleting(subnet)) return tearDown(deps, context, subnet, row);
  const range = rangeOf(subnet);
  const isIpv6 = subnet.spec.ipFamily === 'IPv6';
  // The range of an IPv6 subnet may be the cloud's to choose.
  if (range === undefined && !isIpv6) return done;

  const [location, networkContext] = await Promise.all([
    deps.store.get(context, 'Location', subnet.spec.location),
    deps.store.get(context, 'NetworkContext', { namespace: key.namespace, name: subnet.spec.networkContext.name }),
  ]);
  const place = placeOf(location, deps.locationClass);
  if (place === undefined || networkContext === undefined) return done;
  const settled = range !== undefined && isSettled(subnet, range, row);
  if (!isTrue(networkContext, 'Programmed')) {
    if (settled) return done;
    return show(
      deps,
      context,
      subnet,
      notProgrammed('NotProgrammed', `Waiting for NetworkContext ${networkContext.metadata.name}`),
    );
  }
  const network = await deps.store.get(context, 'Network', {
    namespace: key.namespace,
    name: networkContext.spec.network.name,
  });
  if (network === undefined) return done;
  if (isIpv6 || range === undefined) return reconcileIpv6(deps, context, subnet, network);
  const companion = familiesOf(network).includes('IPv6')
    ? companionOf(subnet, await subnetsBeside(deps.store, context, subnet))
    : undefined;
  // Google does not take IPv6 away again.
  const isDual = companion !== undefined || Boolean(row?.facts[ipv6RangeFact]);
  if (settled && isDual === Boolean(row?.facts[ipv6RangeFact])) {
    await wakeCompanion(deps, context, companion);
    return done;
  }
  const held = await holdObject(deps.store, context, 'Subnet', subnet, gcpFinalizer);
  const stage = await ensure(
    deps,
    wantedSubnetwork(held, { range, isDual }, network, place, { project: key.project, controller: name }),
    row,
  );
  await show(deps, context, held, programmed(stage), ...driftVerdicts(held, rowsOf([stage])));
  if (stage.at === 'ready') await wakeCompanion(deps, context, companion);
  const afterMs = retryInMs([stage]);
  return afterMs === undefined ? done : againAfter(afterMs);
}

async function reconcileIpv6(
  deps: GcpDeps,
  context: RequestContext,
  subnet: Subnet,
  network: Network,
): Promise<Outcome> {
  if (!familiesOf(network).includes('IPv4')) return show(deps, context, subnet, ipv6OnlyVerdict);
  const held = await holdObject(deps.store, context, 'Subnet', subnet, gcpFinalizer);
  const verdict = await settleIpv6(deps, context, held, name);
  await show(deps, context, held, verdict);
  if (verdict.status !== 'True') return done;
  const since = Date.parse(conditionOf(held, 'Programmed')?.lastTransitionTime ?? '');
  const ageMs = isTrue(held, 'Programmed') ? Date.now() - since : 0;
  if (ageMs < newForMs) await wakeInstances(deps, context, network, held);
  return ageMs < wakeAgainMs ? againAfter(wakeAgainMs) : done;
}

/** An IPv6 subnet waits for the range that comes with the subnetwork of its IPv4 one. */
async function wakeCompanion(deps: GcpDeps, context: RequestContext, companion: Subnet | undefined): Promise<void> {
  if (companion === undefined || isTrue(companion, 'Programmed')) return;
  await deps.enqueue(name, { project: context.project, ...keyOf(companion) });
}

/** A programmed subnet's status changes with its addresses, which is nothing to the cloud; its range changes if it grows. */
function mayBeUnsettled(subnet: Subnet): boolean {
  return !isTrue(subnet, 'Programmed') || conditionOf(subnet, 'Expanded') !== undefined;
}

/** A subnet's status changes with every address that is given; then there is nothing to do here. */
function isSettled(subnet: Subnet, range: string, row: CloudResource | undefined): boolean {
  return (
    isTrue(subnet, 'Programmed') &&
    row?.state === 'ready' &&
    row.specHash !== undefined &&
    row.facts[rangeFact] === range
  );
}

/** A subnetwork goes once none of its addresses is in use. */
async function tearDown(
  deps: GcpDeps,
  context: RequestContext,
  subnet: Subnet,
  row: CloudResource | undefined,
): Promise<Outcome> {
  if (!hasFinalizer(subnet, gcpFinalizer)) return done;
  const use = await deps.ipam.subnetUse({ project: context.project, subnet: subnet.metadata.uid });
  if (use !== undefined && use.allocated > 0n && !isAbandoning(subnet)) {
    await show(
      deps,
      context,
      subnet,
      notProgrammed('DeletionBlocked', 'Addresses of the subnet are in use by instances'),
    );
    return againAfter(inUsePeriodMs);
  }
  const stage = row === undefined ? { at: 'gone' as const } : await release(deps, subnet, row);
  if (stage.at === 'gone') {
    await letGo(deps.store, context, 'Subnet', subnet, gcpFinalizer);
    return done;
  }
  if (stage.at === 'failed') await show(deps, context, subnet, notProgrammed('DeletionBlocked', describe(stage)));
  const afterMs = retryInMs([stage]);
  return afterMs === undefined ? done : againAfter(afterMs);
}

async function show(
  deps: GcpDeps,
  context: RequestContext,
  subnet: Subnet,
  ...verdicts: readonly Verdict[]
): Promise<Outcome> {
  await writeStatus(deps.store, context, 'Subnet', subnet, { verdicts });
  return done;
}
