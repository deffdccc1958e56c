import type { Instance, Network, NetworkContext, NetworkPolicy } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Change, RequestContext } from '../../store/types.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { drop } from '../gcp-objects/drop.ts';
import {
  applyFirewalls,
  dropFirewalls,
  firewallFacts,
  leftovers,
  type WantedFirewall,
} from '../gcp-objects/firewalls/firewall-set.ts';
import type { PolicyGroup } from '../gcp-objects/firewalls/groups.ts';
import { networksOf } from '../gcp-objects/firewalls/members.ts';
import { concernsMembers } from '../gcp-objects/firewalls/read-members.ts';
import {
  isInForce,
  policyController as name,
  policyTagsOf,
  readGroups,
  readPolicies,
  wantedFirewalls,
} from '../gcp-objects/firewalls/world.ts';
import { policyTagPrefix } from '../clouds/gcp/names.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { retryInMs, rowsOf, type Stage } from '../gcp-objects/stage.ts';
import { isTrue } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { policyStatus, type Progress } from './plan.ts';

/** How soon the machines are looked at again that have yet to take on, or lay down, a tag. */
const taggingPeriodMs = 1_000;

/** Firewalls that follow the policies of a network, for the groups of instances that they select. */
export function controller(deps: GcpDeps): Controller {
  return {
    name,
    kind: 'Network',
    concerns: (change) => !isByController(change),
    watches: [
      { kind: 'NetworkPolicy', via: 'map', map: networkOfPolicy },
      { kind: 'NetworkContext', via: 'map', map: networkOfContext },
      { kind: 'Instance', via: 'map', map: networksOfInstance },
    ],
    writes: [
      'NetworkPolicy.status.conditions[Accepted]',
      'NetworkPolicy.status.conditions[Programmed]',
      'NetworkPolicy.status.conditions[Drifted]',
      'NetworkPolicy.status.matchedInstances',
    ],
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const [network, policies] = await Promise.all([
    deps.store.get(context, 'Network', key),
    readPolicies(deps.store, context, key),
  ]);
  if (network === undefined) {
    await show(deps, context, policies, undefined);
    return done;
  }
  const rows = (await deps.cloudResources.ofOwners([network.metadata.uid])).filter(
    ({ type }) => type === 'compute.firewalls',
  );
  if (policies.length === 0 && rows.length === 0) return done;

  const groups = await readGroups(deps.store, context, network, policies);
  const machines = await readMachines(deps, context, key, groups);
  const accounts = await accountsOf(deps, context, key);
  const wanted = groups.flatMap((group) =>
    [...accounts].flatMap((account) => wantedFirewalls(network, group, account, key.project)),
  );
  const { left, kept } = partition(leftovers(rows, wanted), groups, machines);
  const stages =
    wanted.length === 0
      ? await dropFirewalls(left, (row) => drop(deps, row))
      : await applyFirewalls(deps, rows, wanted, left);
  const after = rowsOf(stages);
  const { complete, waiting } = await tagMachines(deps, key, {
    network,
    groups,
    accounts,
    wanted,
    rows: after,
    machines,
  });
  await show(deps, context, policies, { groups, stages, complete });
  return again(stages, waiting || kept.length > 0);
}

/** Rows of the machines of a network's instances, by the instance. */
type Machines = ReadonlyMap<string, CloudResource>;

/** Machines of members, and of what is on the network else: one that goes keeps its tag to the end. */
async function readMachines(
  deps: GcpDeps,
  context: RequestContext,
  network: Key,
  groups: readonly PolicyGroup[],
): Promise<Machines> {
  const { items } = await deps.store.list(context, 'Instance', { refersTo: { kind: 'Network', ...network } });
  if (items.length === 0 && groups.length === 0) return new Map();
  const rows = await deps.cloudResources.ofOwners(items.map(({ metadata }) => metadata.uid));
  const keys = new Map(items.map((instance) => [instance.metadata.uid, keyOf(instance)]));
  // A machine of a group wakes the group; who is asked for tags is the instance.
  return new Map(
    rows
      .filter(({ type }) => type === 'compute.instances')
      .map((row) => [row.ownerUid, { ...row, ownerKey: keys.get(row.ownerUid) ?? row.ownerKey }]),
  );
}

/** Projects in which the network is there. */
async function accountsOf(deps: GcpDeps, context: RequestContext, network: Key): Promise<Set<string>> {
  const { items } = await deps.store.list(context, 'NetworkContext', { refersTo: { kind: 'Network', ...network } });
  const ready = items.filter((one) => isTrue(one, 'Programmed') && !isDeleting(one));
  const locations = await deps.store.getMany(
    context,
    'Location',
    ready.map(({ spec }) => spec.location),
  );
  return new Set(
    locations.flatMap((location) => {
      const account = placeOf(location, deps.locationClass)?.account;
      return account === undefined ? [] : [account];
    }),
  );
}

/** Firewalls of a tag that is no group's any more stay until no machine carries it: it must not be open in between. */
function partition(
  rows: readonly CloudResource[],
  groups: readonly PolicyGroup[],
  machines: Machines,
): { left: CloudResource[]; kept: CloudResource[] } {
  const current = new Set(groups.map(({ tag }) => tag));
  const carried = new Set([...machines.values()].flatMap(policyTagsOf));
  const isChanging = [...machines.values()].some(({ state, verb }) => verb === 'patch' && state !== 'ready');
  const mustStay = ({ facts }: CloudResource): boolean => {
    const tag = facts[firewallFacts.tag] ?? '';
    return !current.has(tag) && (carried.has(tag) || isChanging);
  };
  return { left: rows.filter((row) => !mustStay(row)), kept: rows.filter(mustStay) };
}

interface Tagging {
  readonly network: Network;
  readonly groups: readonly PolicyGroup[];
  readonly accounts: ReadonlySet<string>;
  readonly wanted: readonly WantedFirewall[];
  readonly rows: readonly CloudResource[];
  readonly machines: Machines;
}

/**
 * Wakes the instances whose machines have yet to carry the tag of their group, now that its rules are in force, and those
 * that carry one of the network's that they should not.
 */
async function tagMachines(
  deps: GcpDeps,
  { project }: ReconcileKey,
  { network, groups, accounts, wanted, rows, machines }: Tagging,
): Promise<{ complete: Set<string>; waiting: boolean }> {
  const complete = new Set<string>();
  let waiting = false;
  for (const { tag, members } of groups) {
    const own = wanted.filter(({ facts }) => facts?.[firewallFacts.tag] === tag);
    if (!isInForce(own, rows)) continue;
    const lacking = members.filter(({ instance }) => {
      const machine = machines.get(instance.metadata.uid);
      // One that was refused, or is not made yet, asks for the rules when it is.
      return machine !== undefined && accounts.has(machine.account) && !carries(machine, tag);
    });
    const unmade = members.filter(({ instance }) => !machines.has(instance.metadata.uid));
    for (const { instance } of [...lacking, ...unmade]) await wake(deps, project, instance);
    if (lacking.length === 0) complete.add(tag);
    else waiting = true;
  }
  const grouped = new Set(groups.flatMap(({ members }) => members.map(({ instance }) => instance.metadata.uid)));
  const prefix = policyTagPrefix(network.metadata.uid);
  for (const [uid, machine] of machines) {
    if (grouped.has(uid) || !policyTagsOf(machine).some((tag) => tag.startsWith(prefix))) continue;
    await deps.enqueue('gcp-instance', { project, ...machine.ownerKey });
    waiting = true;
  }
  return { complete, waiting };
}

function carries(machine: CloudResource, tag: string): boolean {
  return policyTagsOf(machine).includes(tag) && (machine.verb !== 'patch' || machine.state === 'ready');
}

async function wake(deps: GcpDeps, project: string, instance: Instance): Promise<void> {
  await deps.enqueue('gcp-instance', { project, ...keyOf(instance) });
}

async function show(
  deps: GcpDeps,
  context: RequestContext,
  policies: readonly NetworkPolicy[],
  progress: Progress | undefined,
): Promise<void> {
  for (const policy of policies) {
    const { verdicts, matchedInstances } = policyStatus(policy, progress);
    const drift = driftVerdicts(policy, rowsOf(progress?.stages ?? []));
    await writeStatus(deps.store, context, 'NetworkPolicy', policy, {
      verdicts: [...verdicts, ...drift],
      fields: { matchedInstances },
    });
  }
}

function again(stages: readonly Stage[], isTagging: boolean): Outcome {
  const afterMs = retryInMs(stages);
  if (isTagging) return againAfter(Math.min(afterMs ?? taggingPeriodMs, taggingPeriodMs));
  return afterMs === undefined ? done : againAfter(afterMs);
}

function networkOfPolicy(change: Change): Key[] {
  // What this controller writes about a policy is no news to it.
  if (isByController(change) && change.type === 'MODIFIED') return [];
  const { metadata, spec } = change.object as NetworkPolicy;
  return [{ namespace: metadata.namespace ?? '', name: spec.network.name }];
}

function networkOfContext({ key, object }: Change): Key[] {
  return [{ namespace: key.namespace, name: (object as NetworkContext).spec.network.name }];
}

function networksOfInstance(change: Change): Key[] {
  return concernsMembers(change) ? networksOf(change.object as Instance) : [];
}
