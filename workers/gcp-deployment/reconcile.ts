import type { NetworkBinding, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Change, RequestContext } from '../../store/types.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { drop } from '../gcp-objects/drop.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { isBy } from '../gcp-objects/is-by.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { retryInMs, type Stage } from '../gcp-objects/stage.ts';
import { isTrue } from '../objects/condition.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { interfaceIndexLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { leftovers, policyVerdicts, type WantedPolicies, wantedPolicies } from './plan.ts';

const name = 'gcp-deployment';

/** Firewalls that follow the policies of a deployment's interfaces. */
export function controller(deps: GcpDeps): Controller {
  return {
    name,
    kind: 'WorkloadDeployment',
    concerns: isAboutTemplate,
    watches: [{ kind: 'NetworkBinding', via: 'map', map: deploymentOfReadyBinding }],
    writes: ['WorkloadDeployment.status.conditions[PolicyProgrammed]'],
    concurrency: 8,
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const deployment: WorkloadDeployment | undefined = await deps.store.get(context, 'WorkloadDeployment', key);
  if (deployment === undefined) return done;
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
  const stages = await apply(deps, context, deployment, rows, wanted, account);
  await writeStatus(deps.store, context, 'WorkloadDeployment', deployment, {
    verdicts: policyVerdicts(deployment, stages, wanted.problems),
  });
  return again(stages);
}

/** What takes away comes before what gives, and goes after it: nothing is open in between that should not be. */
async function apply(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  rows: readonly CloudResource[],
  wanted: WantedPolicies,
  account: string,
): Promise<Stage[]> {
  const left = leftovers(rows, wanted, account);
  const all = [...wanted.deny, ...wanted.allow];
  if (all.length > 0) await holdObject(deps.store, context, 'WorkloadDeployment', deployment, gcpFinalizer);
  const ensureAll = (some: typeof all) =>
    settleAll(
      some.map((one) =>
        ensure(
          deps,
          one,
          rows.find((row) => row.name === one.name && row.account === one.account),
        ),
      ),
    );
  const dropAll = (some: readonly CloudResource[]) => settleAll(some.map((row) => drop(deps, row)));

  const stages = await ensureAll([...wanted.deny]);
  if (stages.some(({ at }) => at !== 'ready')) return stages;
  stages.push(...(await ensureAll([...wanted.allow])));
  // Where there is no room for another firewall, the old ones have to make it.
  const mayDrop = stages.every(
    (stage) => stage.at === 'ready' || (stage.at === 'failed' && stage.failure.class === 'quota'),
  );
  if (!mayDrop) return stages;
  const given = await dropAll(left.allow);
  const taken = given.every(({ at }) => at === 'gone') ? await dropAll(left.deny) : [];
  return [...stages, ...[...given, ...taken].filter(({ at }) => at !== 'gone')];
}

/** Network of each interface, undefined until it is there in the deployment's location. */
async function readyNetworks(deps: GcpDeps, context: RequestContext, deployment: WorkloadDeployment) {
  const { items } = await deps.store.list(context, 'NetworkBinding', { owner: deployment.metadata.uid });
  const { networkInterfaces } = deployment.spec.template.spec;
  const keys = networkInterfaces.map(({ network }) => ({
    namespace: network.namespace ?? deployment.metadata.namespace ?? '',
    name: network.name,
  }));
  const networks = await deps.store.getMany(context, 'Network', keys);
  return networks.map((network, index) =>
    items.some((binding) => isReadyFor(binding, index, keys[index])) ? network : undefined,
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
  const { allow, deny } = leftovers(rows, { allow: [], deny: [], problems: [] }, '');
  const given = await settleAll(allow.map((row) => drop(deps, row)));
  const stages = given.every(({ at }) => at === 'gone')
    ? [...given, ...(await settleAll(deny.map((row) => drop(deps, row))))]
    : given;
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

function deploymentOfReadyBinding({ key, object }: Change): Key[] {
  const owner = controllerOf(object);
  const isReady = isTrue(object as NetworkBinding, 'Ready');
  return isReady && owner?.kind === 'WorkloadDeployment' ? [{ namespace: key.namespace, name: owner.name }] : [];
}

/** What its own controllers write about place and instances does not matter here; bindings say when a network is there. */
function isAboutTemplate(change: Change): boolean {
  if (change.type === 'DELETED') return false;
  if (isDeleting(change.object)) return true;
  const isPlaced = (change.object as WorkloadDeployment).status?.location !== undefined;
  return isPlaced && !isBy(change, name, 'scheduler', 'workload-deployment');
}
