import type { Subnet } from '../../kinds/generated/types.ts';
import type { RequestContext } from '../../store/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
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
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { ipv6Verdict, notProgrammed, programmed, rangeFact, rangeOf, wantedSubnetwork } from './plan.ts';

const name = 'gcp-subnet';

/** How often a subnet that is to go is looked at while its addresses are in use. */
const inUsePeriodMs = 2_000;

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
  if (range === undefined || isSettled(subnet, range, row)) return done;

  const [location, networkContext] = await Promise.all([
    deps.store.get(context, 'Location', subnet.spec.location),
    deps.store.get(context, 'NetworkContext', { namespace: key.namespace, name: subnet.spec.networkContext.name }),
  ]);
  const place = placeOf(location, deps.locationClass);
  if (place === undefined || networkContext === undefined) return done;
  if (subnet.spec.ipFamily === 'IPv6') return show(deps, context, subnet, ipv6Verdict);
  if (!isTrue(networkContext, 'Programmed')) {
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

  const held = await holdObject(deps.store, context, 'Subnet', subnet, gcpFinalizer);
  const stage = await ensure(
    deps,
    wantedSubnetwork(held, range, network, place, { project: key.project, controller: name }),
    row,
  );
  await show(deps, context, held, programmed(stage), ...driftVerdicts(held, rowsOf([stage])));
  const afterMs = retryInMs([stage]);
  return afterMs === undefined ? done : againAfter(afterMs);
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
