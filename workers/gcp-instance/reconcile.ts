import type { Instance, NetworkInterfaceStatus } from '../../kinds/generated/types.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../store/types.ts';
import { createImageResolver } from '../clouds/gcp/images.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { policyTagsOf } from '../gcp-objects/firewalls/world.ts';
import { isBy } from '../gcp-objects/is-by.ts';
import { dataDiskPaths, notYetPaths, supportedVerdicts } from '../gcp-objects/not-yet.ts';
import { isHeldBack } from '../gcp-objects/pause.ts';
import { describe } from '../gcp-objects/reasons.ts';
import { isAbandoning, release } from '../gcp-objects/release.ts';
import { retryInMs, type Stage } from '../gcp-objects/stage.ts';
import type { Verdict } from '../objects/condition.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { groupMachineLabel, workloadUidLabel } from '../objects/labels.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { groupController } from './group/controller.ts';
import { isMachine, wantedMachine, type MachineDeps } from './machine.ts';
import { addressesIn, interfaceStatus, machineVerdicts, missingVerdicts } from './plan.ts';
import { createPolicies } from './policies.ts';
import { createSurroundings } from './surroundings.ts';

const name = 'gcp-instance';

/** How often an instance looks again for what wakes it when it comes, in case that was missed. */
const missingPeriodMs = 5_000;

/** How often an instance that goes looks whether firewalls have let go of its addresses. */
const stillPeerPeriodMs = 500;

/** Instances and their machines: one machine for each instance, or all of a deployment as a group. */
export function controller(deps: GcpDeps): Controller[] {
  const machineDeps: MachineDeps = {
    ...deps,
    controller: name,
    surroundings: createSurroundings(deps),
    policies: createPolicies(deps),
    resolveImage: createImageResolver(deps.gcp),
  };
  return [instanceController(machineDeps), groupController(machineDeps)];
}

/** Instance Programmed and Running, and its addresses. */
function instanceController(machineDeps: MachineDeps): Controller {
  return {
    name,
    kind: 'Instance',
    // Who says that an instance is ready follows what is said here.
    concerns: (change) => change.type !== 'DELETED' && (isDeleting(change.object) || !isBy(change, name, 'instance')),
    watches: [{ kind: 'ConfigMap', via: 'referrer' }],
    writes: [
      'Instance.status.conditions[Paused]',
      'Instance.status.conditions[Programmed]',
      'Instance.status.conditions[Running]',
      'Instance.status.conditions[Drifted]',
      'Instance.status.conditions[Supported]',
      'Instance.status.networkInterfaces',
    ],
    concurrency: 8,
    reconcile: (key) => reconcile(machineDeps, key),
  };
}

async function reconcile(deps: MachineDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const instance: Instance | undefined = await deps.store.get(context, 'Instance', key);
  if (instance === undefined) return done;
  if (await isHeldBack(deps, context, 'Instance', instance)) return done;
  const { uid, labels } = instance.metadata;
  if (isDeleting(instance)) return tearDown(deps, context, instance);
  const { location, controller: { schedulingGates = [] } = {} } = instance.spec;
  if (location === undefined || schedulingGates.length > 0) return done;

  if (labels?.[groupMachineLabel] !== undefined) return showMember(deps, context, instance);
  const workloadUid = labels?.[workloadUidLabel] ?? '';
  const rows = await deps.cloudResources.ofOwners([uid, workloadUid]);
  const row = rows.find(({ ownerUid, type }) => ownerUid === uid && type === 'compute.instances');
  const place = await deps.surroundings.place(context, location);
  if (row !== undefined && isFollowed(row) && (place === undefined || (await isAsWanted(deps, context, instance, row))))
    return show(deps, context, instance, { at: row.state === 'ready' ? 'ready' : 'waiting', row });
  if (place === undefined) return done;
  // Before an address is given: an instance that goes must give it back.
  const held = await holdObject(deps.store, context, 'Instance', instance, gcpFinalizer);
  const wanted = await wantedMachine(deps, context, held, { place, workloadUid, rows, row });
  if (!isMachine(wanted) && row !== undefined && isFollowed(row))
    // Its template may ask for what is not there any more; the machine runs all the same.
    return show(deps, context, held, { at: 'ready', row });
  if (!isMachine(wanted)) {
    const { missing, networkInterfaces } = wanted;
    await write(deps, context, held, missingVerdicts(missing), networkInterfaces);
    return againAfter(missing.retryAfterMs ?? missingPeriodMs);
  }
  const stage = await ensure(deps, wanted.wanted, row);
  // A network or subnet that was remembered may be gone.
  if (stage.at === 'failed') deps.surroundings.clear();
  return show(deps, context, held, stage, wanted.addresses);
}

/** The machine of a group is the group's to make; here it is only shown. */
async function showMember(deps: MachineDeps, context: RequestContext, instance: Instance): Promise<Outcome> {
  const [row] = await deps.cloudResources.ofOwners([instance.metadata.uid]);
  if (row === undefined) return done;
  if (row.state === 'failed' && row.error !== undefined && row.retryAt !== undefined)
    await show(deps, context, instance, { at: 'failed', failure: row.error, retryAt: row.retryAt, row });
  else await show(deps, context, instance, { at: row.state === 'ready' ? 'ready' : 'waiting', row });
  return done;
}

/** A machine that is there or on its way: nothing to decide, only to show. What it was made from does not change it. */
function isFollowed({ state, verb }: CloudResource): boolean {
  return (state === 'ready' || state === 'running') && verb !== 'delete';
}

/** Whether nobody changed a machine, and it carries the policy tags that it should, as far as they can be given now. */
async function isAsWanted(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  row: CloudResource,
): Promise<boolean> {
  if (row.state !== 'ready') return true;
  if (row.specHash === undefined) return false;
  const { tags, pending } = await deps.policies.tagsOf(context, instance, row.account);
  return pending.length > 0 || tags.join() === policyTagsOf(row).join();
}

async function show(
  deps: GcpDeps,
  context: RequestContext,
  instance: Instance,
  stage: Stage,
  addresses?: readonly string[],
): Promise<Outcome> {
  const row = 'row' in stage ? stage.row : undefined;
  const known = addresses ?? (row === undefined ? [] : addressesIn(row, instance.spec.networkInterfaces.length));
  await write(
    deps,
    context,
    instance,
    machineVerdicts(stage),
    known.length === 0 ? undefined : interfaceStatus(known, row),
    row,
  );
  const afterMs = retryInMs([stage]);
  return afterMs === undefined ? done : againAfter(afterMs);
}

async function write(
  deps: GcpDeps,
  context: RequestContext,
  instance: Instance,
  verdicts: readonly Verdict[],
  networkInterfaces: NetworkInterfaceStatus[] | undefined,
  row?: CloudResource,
): Promise<void> {
  const unsupported = [...notYetPaths('Instance', instance.spec), ...dataDiskPaths(instance.spec, 'spec')];
  await writeStatus(deps.store, context, 'Instance', instance, {
    verdicts: [...verdicts, ...driftVerdicts(instance, [row]), ...supportedVerdicts(instance, unsupported)],
    ...(networkInterfaces === undefined ? {} : { fields: { networkInterfaces } }),
  });
}

/** The machine goes, then its addresses, then the instance. */
async function tearDown(deps: MachineDeps, context: RequestContext, instance: Instance): Promise<Outcome> {
  if (!hasFinalizer(instance, gcpFinalizer)) return done;
  const { uid: owner } = instance.metadata;
  const [row] = await deps.cloudResources.ofOwners([owner]);
  const stage = row === undefined ? { at: 'gone' as const } : await release(deps, instance, row);
  if (stage.at === 'gone') {
    const addresses = (instance.status?.networkInterfaces ?? []).flatMap(({ assignments }) =>
      [assignments?.networkIP, assignments?.networkIPv6].flatMap((address) => address || []),
    );
    if (await deps.policies.isStillPeer(context, instance, addresses)) return againAfter(stillPeerPeriodMs);
    // A machine that is left behind goes on using its addresses.
    if (!isAbandoning(instance)) await deps.ipam.releaseAddresses({ project: context.project, owner });
    await letGo(deps.store, context, 'Instance', instance, gcpFinalizer);
    return done;
  }
  const deletion: Verdict[] =
    stage.at === 'failed'
      ? [{ type: 'Programmed', status: 'False', reason: 'DeletionBlocked', message: describe(stage) }]
      : [{ type: 'Running', status: 'False', reason: 'Stopping', message: 'The machine is being deleted' }];
  await writeStatus(deps.store, context, 'Instance', instance, { verdicts: deletion });
  const afterMs = retryInMs([stage]);
  return afterMs === undefined ? done : againAfter(afterMs);
}
