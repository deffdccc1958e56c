import type {
  Instance,
  NetworkBinding,
  NetworkPolicyIngressRule,
  WorkloadDeployment,
} from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { addressRows, reservesAddresses, unusedAddresses } from '../gcp-objects/address-slots.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { drop } from '../gcp-objects/drop.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { applyFirewalls, dropFirewalls, leftovers } from '../gcp-objects/firewalls/firewall-set.ts';
import { networksOf } from '../gcp-objects/firewalls/members.ts';
import { concernsMembers, readMembers } from '../gcp-objects/firewalls/read-members.ts';
import { isBy } from '../gcp-objects/is-by.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { isHeldBack } from '../gcp-objects/pause.ts';
import { release } from '../gcp-objects/release.ts';
import { retryInMs, rowsOf, type Stage } from '../gcp-objects/stage.ts';
import { isTrue } from '../objects/condition.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { interfaceIndexLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { type InterfaceNetwork, policyVerdicts, wantedPolicies } from './plan.ts';

const name = 'gcp-deployment';

/** How often a deployment that is to go looks whether its instances have given back their addresses. */
const inUsePeriodMs = 2_000;

/** Networks of which it is remembered that no policy of an interface names instances. */
const maxRemembered = 10_000;

/** Firewalls that follow the policies of a deployment's interfaces, and addresses that it has no place for any more. */
export function controller(deps: GcpDeps): Controller {
  const peers = peerWatch();
  return {
    name,
    kind: 'WorkloadDeployment',
    concerns(change) {
      peers.note(change.object as WorkloadDeployment);
      return isAboutTemplate(change);
    },
    watches: [
      { kind: 'NetworkBinding', via: 'map', map: deploymentOfReadyBinding },
      { kind: 'Instance', via: 'map', map: peers.deploymentsOf },
      { kind: 'Instance', via: 'map', map: deploymentOfGoneInstance },
    ],
    writes: [
      'WorkloadDeployment.status.conditions[Paused]',
      'WorkloadDeployment.status.conditions[PolicyProgrammed]',
      'WorkloadDeployment.status.conditions[Drifted]',
    ],
    concurrency: 8,
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const deployment: WorkloadDeployment | undefined = await deps.store.get(context, 'WorkloadDeployment', key);
  if (deployment === undefined) return done;
  if (await isHeldBack(deps, context, 'WorkloadDeployment', deployment)) return done;
  const place = deployment.status?.location;
  if (place === undefined && !isDeleting(deployment)) return done;
  const rows = await deps.cloudResources.ofOwners([deployment.metadata.uid]);
  if (place === undefined || isDeleting(deployment)) return tearDown(deps, context, deployment, rows);

  const [location, networks] = await Promise.all([
    deps.store.get(context, 'Location', place),
    readyNetworks(deps, context, deployment),
  ]);
  const account = placeOf(location, deps.locationClass)?.account;
  if (account === undefined) return done;
  const wanted = wantedPolicies(deployment, networks, account, { project: key.project, controller: name });
  if (wanted.firewalls.length > 0 || reservesAddresses(deployment))
    await holdObject(deps.store, context, 'WorkloadDeployment', deployment, gcpFinalizer);
  const stages = await applyFirewalls(deps, rows, wanted.firewalls, leftovers(rows, wanted.firewalls));
  await writeStatus(deps.store, context, 'WorkloadDeployment', deployment, {
    verdicts: [...policyVerdicts(deployment, stages, wanted.problems), ...driftVerdicts(deployment, rowsOf(stages))],
  });
  return again([...stages, ...(await giveBack(deps, context, deployment, rows))]);
}

/** Gives back the reserved addresses of places that the deployment has no more. */
async function giveBack(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  rows: readonly CloudResource[],
): Promise<Stage[]> {
  if (addressRows(rows).length === 0) return [];
  const { items } = await deps.store.list(context, 'Instance', { owner: deployment.metadata.uid });
  return settleAll(unusedAddresses(deployment, rows, items).map((row) => drop(deps, asOwn(deployment, row))));
}

/** What an instance made and left is followed from here. */
function asOwn(deployment: WorkloadDeployment, row: CloudResource): CloudResource {
  return { ...row, controller: name, ownerKind: deployment.kind, ownerKey: keyOf(deployment) };
}

/** Network of each interface, undefined until it is there in the deployment's location. */
async function readyNetworks(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
): Promise<(InterfaceNetwork | undefined)[]> {
  const { items } = await deps.store.list(context, 'NetworkBinding', { owner: deployment.metadata.uid });
  const { networkInterfaces } = deployment.spec.template.spec;
  const keys = networkInterfaces.map(({ network }) => ({
    namespace: network.namespace ?? deployment.metadata.namespace ?? '',
    name: network.name,
  }));
  const networks = await deps.store.getMany(context, 'Network', keys);
  return Promise.all(
    networks.map(async (network, index) => {
      const key = keys[index];
      const isReady = items.some((binding) => isReadyFor(binding, index, key));
      if (network === undefined || key === undefined || !isReady) return undefined;
      const members = networkInterfaces[index]?.networkPolicy?.ingress?.some(namesInstances)
        ? await readMembers(deps.store, context, key)
        : [];
      return { network, members };
    }),
  );
}

function isReadyFor(binding: NetworkBinding, index: number, network: Key | undefined): boolean {
  const { network: bound } = binding.spec;
  return (
    binding.metadata.labels?.[interfaceIndexLabel] === String(index) &&
    isTrue(binding, 'Ready') &&
    bound.name === network?.name &&
    (bound.namespace ?? binding.metadata.namespace) === network.namespace
  );
}

async function tearDown(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  rows: readonly CloudResource[],
): Promise<Outcome> {
  if (!hasFinalizer(deployment, gcpFinalizer)) return done;
  // A group of machines is taken down by its own controller.
  const firewalls = rows.filter(({ type }) => type === 'compute.firewalls');
  const stages = await dropFirewalls(firewalls, (row) => release(deps, deployment, row));
  const left = addressRows(rows);
  if (left.length > 0) {
    const { items } = await deps.store.list(context, 'Instance', { owner: deployment.metadata.uid, limit: 1 });
    // Those of instances that are still there go with them.
    if (items.length > 0) return againAfter(inUsePeriodMs);
    stages.push(...(await settleAll(left.map((row) => release(deps, deployment, asOwn(deployment, row))))));
  }
  if (stages.some(({ at }) => at !== 'gone')) {
    await writeStatus(deps.store, context, 'WorkloadDeployment', deployment, {
      verdicts: policyVerdicts(deployment, stages, []),
    });
    return again(stages);
  }
  await letGo(deps.store, context, 'WorkloadDeployment', deployment, gcpFinalizer);
  return done;
}

function again(stages: readonly Stage[]): Outcome {
  const afterMs = retryInMs(stages);
  return afterMs === undefined ? done : againAfter(afterMs);
}

/** What was reserved for an instance may be needed by nobody after it. */
function deploymentOfGoneInstance({ type, key, object }: Change): Key[] {
  const owner = controllerOf(object);
  if (type !== 'DELETED' || owner?.kind !== 'WorkloadDeployment') return [];
  const { networkInterfaces } = (object as Instance).spec;
  const reserves = networkInterfaces.some(({ externalAddress }) => externalAddress === 'Reserved');
  return reserves ? [{ namespace: key.namespace, name: owner.name }] : [];
}

function deploymentOfReadyBinding({ key, object }: Change): Key[] {
  const owner = controllerOf(object);
  const isReady = isTrue(object as NetworkBinding, 'Ready');
  return isReady && owner?.kind === 'WorkloadDeployment' ? [{ namespace: key.namespace, name: owner.name }] : [];
}

/**
 * Finds the deployments whose interface policies name instances, on a network of an instance that came, changed or goes. That a
 * network has none is remembered until one comes: changes arrive in the order in which they were made.
 */
function peerWatch(): {
  note(deployment: WorkloadDeployment): void;
  deploymentsOf(change: Change, store: Store): Promise<Key[]>;
} {
  const without = new Set<string>();
  const textOf = (project: string, { namespace, name: network }: Key): string => `${project}/${namespace}/${network}`;
  async function on(network: Key, change: Change, store: Store): Promise<Key[]> {
    const text = textOf(change.project, network);
    if (without.has(text)) return [];
    const refersTo = { kind: 'Network', ...network };
    const { items } = await store.list(workerContext(name, change), 'WorkloadDeployment', { refersTo });
    const naming = items.filter(namesPeers);
    if (without.size > maxRemembered) without.clear();
    if (naming.length === 0) without.add(text);
    return naming.map(keyOf);
  }
  return {
    note(deployment) {
      if (namesPeers(deployment)) without.clear();
    },
    async deploymentsOf(change, store) {
      if (!concernsMembers(change)) return [];
      const networks = networksOf(change.object as Instance);
      return (await Promise.all(networks.map((network) => on(network, change, store)))).flat();
    },
  };
}

function namesPeers({ spec }: WorkloadDeployment): boolean {
  return spec.template.spec.networkInterfaces.some(({ networkPolicy }) => networkPolicy?.ingress?.some(namesInstances));
}

function namesInstances({ from }: NetworkPolicyIngressRule): boolean {
  return from?.some(({ instanceSelector }) => Boolean(instanceSelector)) === true;
}

/** What its own controllers write about place and instances does not matter here; bindings say when a network is there. */
function isAboutTemplate(change: Change): boolean {
  if (change.type === 'DELETED') return false;
  if (isDeleting(change.object)) return true;
  const isPlaced = (change.object as WorkloadDeployment).status?.location !== undefined;
  return isPlaced && !isBy(change, name, 'scheduler', 'workload-deployment', 'gcp-autoscaler', 'gcp-group');
}
