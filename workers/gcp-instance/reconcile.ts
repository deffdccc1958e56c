import type { Instance, NetworkInterfaceStatus } from '../../kinds/generated/types.ts';
import { mayBeReplaced, replacementKey } from '../../kinds/provider-annotations.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { RequestContext } from '../../store/types.ts';
import type { Disruption } from '../clouds/gcp/cloud-object.ts';
import { mustReplace } from '../clouds/gcp/errors.ts';
import { createDeprecationReader } from '../clouds/gcp/image-deprecation.ts';
import { createImageResolver } from '../clouds/gcp/images.ts';
import { networkIpv6Fact, startAgainFact } from '../clouds/gcp/instances.ts';
import type { Place } from '../clouds/gcp/places.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { drop } from '../gcp-objects/drop.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { isBy } from '../gcp-objects/is-by.ts';
import { supportedVerdicts, unsupportedPaths } from '../gcp-objects/not-yet.ts';
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
import { bootsAnew, bootVerdicts, lookAtBoot } from './boot.ts';
import { groupController } from './group/controller.ts';
import { memberStage } from './group/show-member.ts';
import { movePower } from './change-power.ts';
import { dataDisksOf, diskOwner } from './data-disks.ts';
import { imageVerdicts } from './image-verdicts.ts';
import {
  imageFact,
  isMachine,
  type MachineDeps,
  type MachineOrMissing,
  restartedAtFact,
  wantedMachine,
} from './machine.ts';
import {
  addressesIn,
  diskVerdict,
  interfaceStatus,
  machineVerdicts,
  missingVerdicts,
  updatedVerdicts,
  updatingVerdict,
} from './plan.ts';
import { powerStep } from './power.ts';
import { createPolicies } from './policies.ts';
import { releaseReserved } from './reserved-addresses.ts';
import { dropUnwanted, releaseDisks, settleDisks } from './settle-disks.ts';
import { createSurroundings } from './surroundings.ts';
import { chooseZone, type ZoneChoice, zoneOf } from './zone-choice.ts';

const name = 'gcp-instance';

/** How often an instance looks again for what wakes it when it comes, in case that was missed. */
const missingPeriodMs = 5_000;

/** How often an instance that goes looks whether firewalls have let go of its addresses. */
const stillPeerPeriodMs = 500;

type FoundMachine = Extract<MachineOrMissing, { wanted: unknown }> & {
  readonly row: CloudResource | undefined;
  readonly rows: readonly CloudResource[];
  readonly located: Place;
};

/** Addresses of the interfaces, what is said of a machine that is as declared, and what else is. */
type ShownBeside = [
  addresses?: readonly string[],
  upToDate?: Pick<FoundMachine, 'secretVersions'>,
  more?: readonly Verdict[],
];

/** Instances and their machines: one machine for each instance, or all of a deployment as a group. */
export function controller(deps: GcpDeps): Controller[] {
  const machineDeps: MachineDeps = {
    ...deps,
    controller: name,
    surroundings: createSurroundings(deps),
    policies: createPolicies(deps),
    resolveImage: createImageResolver(deps.gcp, deps.now),
    deprecationOf: createDeprecationReader(deps.gcp, deps.now),
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
      'Instance.status.conditions[Booted]',
      'Instance.status.conditions[Updating]',
      'Instance.status.conditions[Drifted]',
      'Instance.status.conditions[Supported]',
      'Instance.status.conditions[ImageSupported]',
      'Instance.status.image',
      'Instance.status.zone',
      'Instance.status.networkInterfaces',
      'Instance.status.secretVersions',
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
  const rows = await deps.cloudResources.ofOwners([uid, workloadUid, diskOwner(instance)]);
  const known = machineRow(rows, uid);
  const located = await deps.surroundings.place(context, location);
  const { place, tried, leaves } = located === undefined ? nowhere : zoneFor(instance, located, known);
  // Nothing was made there; what is made next is in another zone.
  if (leaves && known !== undefined) await deps.cloudResources.forget(known.requestId);
  const row = leaves ? undefined : known;
  const isThere = row !== undefined && isFollowed(row);
  if (isThere && (place === undefined || row.state !== 'ready'))
    return show(deps, context, instance, { at: row.state === 'ready' ? 'ready' : 'waiting', row });
  if (place === undefined || located === undefined) return done;
  // Before an address is given: an instance that goes must give it back.
  const held = await holdObject(deps.store, context, 'Instance', instance, gcpFinalizer);
  const found = await wantedMachine(deps, context, held, { place, triedZones: tried, workloadUid, rows, row });
  if (!isMachine(found)) return lacking(deps, context, held, found, isThere ? row : undefined);

  const by = { project: context.project, controller: name };
  const disks = await settleDisks(deps, held, found.disks, { place, rows, by });
  const missing = 'reason' in disks ? disks : diskVerdict(disks);
  if (missing !== undefined) {
    const networkInterfaces = interfaceStatus(found.addresses, undefined);
    const outcome = await lacking(deps, context, held, { missing, networkInterfaces }, isThere ? row : undefined);
    const afterMs = 'reason' in disks ? missing.retryAfterMs : retryInMs(disks);
    if (afterMs !== undefined) return againAfter(afterMs);
    // What is under way announces itself.
    return 'reason' in disks ? outcome : done;
  }
  return settle(deps, context, held, { ...found, row, rows, located });
}

const nowhere = { place: undefined, tried: [], leaves: false } as const;

/** The zone of an instance's machine: one with disks of its own stays with them. */
function zoneFor(instance: Instance, located: Place, row: CloudResource | undefined): ZoneChoice {
  const disks = dataDisksOf(instance);
  return chooseZone(located, row, { mayMove: Array.isArray(disks) && disks.length === 0, nowMs: Date.now() });
}

/** The machine of a group is the group's to make; here it gets the tags of its policies and is shown. */
async function showMember(deps: MachineDeps, context: RequestContext, instance: Instance): Promise<Outcome> {
  const stage = await memberStage(deps, context, instance);
  if (stage === undefined) return done;
  if ('at' in stage) return showBooting(deps, context, instance, stage);
  await write(deps, context, instance, missingVerdicts(stage), undefined);
  return againAfter(missingPeriodMs);
}

/** Takes a machine whose disks are there one step, and then its power. */
async function settle(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  { wanted, addresses, ipv6Subnets, disks, secretVersions, row, rows, located }: FoundMachine,
): Promise<Outcome> {
  const announce = async (differences: readonly string[], disruption: Disruption): Promise<void> => {
    const verdicts = [updatingVerdict(differences, disruption)];
    await writeStatus(deps.store, context, 'Instance', instance, { verdicts });
  };
  const stage = await ensure(deps, { ...wanted, announce }, row);
  if (stage.at === 'failed') {
    if (stage.failure.code === mustReplace.code && mayBeReplaced(instance)) {
      await announce([stage.failure.message], 'NeedsReplace');
      await drop(deps, stage.row);
      return againAfter(0);
    }
    // A network or subnet that was remembered may be gone.
    deps.surroundings.clear();
  }
  if (stage.at !== 'ready') {
    const outcome = await show(deps, context, instance, withHint(stage), addresses);
    const isOut = stage.at === 'failed' && zoneFor(instance, located, stage.row).leaves;
    return isOut ? againAfter(0) : outcome;
  }
  await noteIpv6(deps, context, instance, stage.row, ipv6Subnets);
  const dropped = await dropUnwanted(deps, rows, disks);
  const moved = await settlePower(deps, instance, stage.row);
  const upToDate = moved === undefined ? { secretVersions } : undefined;
  const verdicts = await imageVerdicts(deps, instance, stage.row);
  const outcome = await showBooting(deps, context, instance, moved ?? stage, addresses, upToDate, verdicts);
  const afterMs = retryInMs(dropped);
  return afterMs === undefined ? outcome : againAfter(afterMs);
}

/** What Google gave from an IPv6 subnet counts as given there; it goes with the other addresses of the instance. */
async function noteIpv6(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  { facts }: CloudResource,
  subnets: readonly (string | undefined)[],
): Promise<void> {
  const { uid: owner, namespace = '' } = instance.metadata;
  for (const [interfaceIndex, subnet] of subnets.entries()) {
    const address = facts[networkIpv6Fact(interfaceIndex)];
    const shown = instance.status?.networkInterfaces?.[interfaceIndex]?.assignments?.networkIPv6;
    if (subnet === undefined || !address || address === shown) continue;
    const { project } = context;
    await deps.ipam.allocateAddress({ project, namespace, subnet, owner, interfaceIndex, address });
  }
}

/** Says how to consent to what costs the boot disk. */
function withHint(stage: Stage): Stage {
  if (stage.at !== 'failed' || stage.failure.code !== mustReplace.code) return stage;
  const message = `${stage.failure.message}; annotate the instance with ${replacementKey}: "true" to have it made anew`;
  return { ...stage, failure: { ...stage.failure, message } };
}

async function settlePower(deps: MachineDeps, instance: Instance, row: CloudResource): Promise<Stage | undefined> {
  const { facts } = row;
  const { powerState: wanted, restartedAt = '' } = instance.spec;
  const startAgain = facts[startAgainFact] === 'true';
  const restart = (restartedAt ?? '') !== (facts[restartedAtFact] ?? '') && restartedAt !== '';
  const verb = powerStep({ status: facts['status'] ?? '', wanted, startAgain, restart });
  if (verb === undefined) return undefined;
  return movePower(deps, row, verb, { ...bootsAnew, [startAgainFact]: '', [restartedAtFact]: restartedAt ?? '' });
}

/** Shows what a machine lacks; one that is there runs on all the same. */
async function lacking(
  deps: GcpDeps,
  context: RequestContext,
  instance: Instance,
  { missing, networkInterfaces }: Extract<MachineOrMissing, { missing: unknown }>,
  row: CloudResource | undefined,
): Promise<Outcome> {
  const afterMs = missing.retryAfterMs ?? missingPeriodMs;
  if (row === undefined) {
    await write(deps, context, instance, missingVerdicts(missing), networkInterfaces);
    return againAfter(afterMs);
  }
  const shown = addressesIn(row, instance.spec.networkInterfaces.length);
  const { reason, message } = missing;
  const verdicts = [
    ...machineVerdicts({ at: 'ready', row }),
    { type: 'Updating', status: 'False', reason, message } satisfies Verdict,
  ];
  await write(deps, context, instance, verdicts, interfaceStatus(shown, row), row);
  return againAfter(afterMs);
}

/** A machine that is there or on its way. */
function isFollowed({ state, verb }: CloudResource): boolean {
  return (state === 'ready' || state === 'running') && verb !== 'delete';
}

function machineRow(rows: readonly CloudResource[], uid: string): CloudResource | undefined {
  return rows.find(({ ownerUid, type }) => ownerUid === uid && type === 'compute.instances');
}

/** Shows an instance whose machine is there, and whether it comes up. */
async function showBooting(
  deps: MachineDeps,
  context: RequestContext,
  instance: Instance,
  stage: Stage,
  ...shown: ShownBeside
): Promise<Outcome> {
  if (stage.at !== 'ready') return show(deps, context, instance, stage, ...shown);
  const { row, againAfterMs } = await lookAtBoot(deps, context, instance, stage.row);
  const outcome = await show(deps, context, instance, { ...stage, row }, ...shown);
  return againAfterMs === undefined || 'againAfterMs' in outcome ? outcome : againAfter(againAfterMs);
}

async function show(
  deps: GcpDeps,
  context: RequestContext,
  instance: Instance,
  stage: Stage,
  ...[addresses, upToDate, more = []]: ShownBeside
): Promise<Outcome> {
  const row = 'row' in stage ? stage.row : undefined;
  const known = addresses ?? (row === undefined ? [] : addressesIn(row, instance.spec.networkInterfaces.length));
  await write(
    deps,
    context,
    instance,
    [...machineVerdicts(stage), ...(upToDate === undefined ? [] : updatedVerdicts(instance)), ...more],
    known.length === 0 ? undefined : interfaceStatus(known, row),
    row,
    upToDate?.secretVersions,
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
  secretVersions?: FoundMachine['secretVersions'],
): Promise<void> {
  const unsupported = unsupportedPaths('Instance', instance);
  const image = row?.facts[imageFact];
  const zone = row && zoneOf(row);
  await writeStatus(deps.store, context, 'Instance', instance, {
    verdicts: [
      ...verdicts,
      ...bootVerdicts(instance, row),
      ...driftVerdicts(instance, [row]),
      ...supportedVerdicts(instance, unsupported),
    ],
    fields: {
      ...(networkInterfaces === undefined ? {} : { networkInterfaces }),
      ...(image ? { image } : {}),
      ...(zone ? { zone } : {}),
      ...(secretVersions === undefined || (secretVersions.length === 0 && !instance.status?.secretVersions)
        ? {}
        : { secretVersions: [...secretVersions] }),
    },
  });
}

/** The machine goes, then its disks and what it had reserved, then its inner addresses, then the instance. */
async function tearDown(deps: MachineDeps, context: RequestContext, instance: Instance): Promise<Outcome> {
  if (!hasFinalizer(instance, gcpFinalizer)) return done;
  const { uid: owner } = instance.metadata;
  const rows = await deps.cloudResources.ofOwners([owner, diskOwner(instance)]);
  const row = machineRow(rows, owner);
  const machine = row === undefined ? { at: 'gone' as const } : await release(deps, instance, row);
  const disks = machine.at === 'gone' ? await releaseDisks(deps, instance, rows) : [];
  const given = machine.at === 'gone' ? await releaseReserved(deps, context, instance) : [];
  const stage = [machine, ...disks, ...given].find(({ at }) => at !== 'gone');
  if (stage === undefined) {
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
