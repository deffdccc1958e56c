import type { Workload } from '../../kinds/generated/types.ts';
import type { Key } from '../../kinds/object.ts';
import { isPaused } from '../../kinds/provider-annotations.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { addressFact } from '../clouds/gcp/addresses.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { driftVerdicts } from '../gcp-objects/drift.ts';
import { drop } from '../gcp-objects/drop.ts';
import { release } from '../gcp-objects/release.ts';
import { retryInMs, rowsOf, type Stage } from '../gcp-objects/stage.ts';
import { finalizers, hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { workloadUidLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { applyBalancer, dropInOrder, gatewayRows, type Piece } from './apply.ts';
import { type Backends, readBackends } from './backends.ts';
import { listenerRoutes } from './listeners.ts';
import { wantedBalancer } from './plan.ts';
import { gatewayStatus, goingVerdict, programmed } from './status.ts';

const name = 'gcp-gateway';

/** Workloads of which it is remembered that they have no gateway. */
const maxRemembered = 10_000;

/** The load balancers that a workload's gateway is: one for each project that it has machines in. */
export function controller(deps: GcpDeps): Controller {
  const gateways = gatewayWatch();
  return {
    name,
    kind: 'Workload',
    concerns: gateways.concerns,
    watches: [
      { kind: 'WorkloadDeployment', via: 'map', map: gateways.ofDeployment },
      { kind: 'Instance', via: 'map', map: gateways.ofInstance },
    ],
    writes: ['Workload.status.gateway', 'Workload.status.conditions[Drifted]'],
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const workload: Workload | undefined = await deps.store.get(context, 'Workload', key);
  if (workload === undefined || isPaused(workload)) return done;
  const { gateway, template } = workload.spec;
  if (gateway === undefined && !hasFinalizer(workload, finalizers.gateway)) return done;
  const rows = gatewayRows(await deps.cloudResources.ofOwners([workload.metadata.uid]));
  if (gateway === undefined || isDeleting(workload)) return tearDown(deps, context, workload, rows);

  const held = await holdObject(deps.store, context, 'Workload', workload, finalizers.gateway);
  const found = await readBackends(deps, context, held);
  const routes = listenerRoutes(gateway, template.spec);
  const by = { project: context.project, controller: name };
  const accounts = accountsOf(found, rows);
  const balancers = await settleAll(
    accounts.map((account) => {
      const own = rows.filter((row) => row.account === account);
      const backends = found.backends.filter(({ place }) => place.account === account);
      return applyBalancer(deps, own, wantedBalancer(held, { account, routes, backends, rows: own, by }));
    }),
  );
  const elsewhere = rows.filter(({ account }) => !accounts.includes(account));
  const left = await dropInOrder(elsewhere, (row) => drop(deps, row));
  const stages = stagesOf([...balancers.flatMap(({ pieces, leaving }) => [...pieces, ...leaving]), ...left]);
  const areGroups = found.backends.length > 0 && found.backends.every(({ isGroup }) => isGroup);
  const machines = areGroups ? undefined : found.backends.reduce((sum, one) => sum + one.machines.length, 0);
  await writeStatus(deps.store, context, 'Workload', held, {
    verdicts: driftVerdicts(held, rowsOf(stages)),
    fields: {
      gateway: gatewayStatus(
        held,
        balancers.map(({ address }) => address),
        programmed({ routes, balancers, machines }),
      ),
    },
  });
  return again(stages);
}

/** Projects with a balancer. One that has it keeps it, with its address, until it is known that all machines are elsewhere. */
function accountsOf({ accounts, complete }: Backends, rows: readonly CloudResource[]): string[] {
  const kept = complete ? [] : rows.map(({ account }) => account);
  return [...new Set([...accounts, ...kept])].toSorted();
}

/** Everything goes, each piece after those that refer to it; then the workload may. */
async function tearDown(
  deps: GcpDeps,
  context: RequestContext,
  workload: Workload,
  rows: readonly CloudResource[],
): Promise<Outcome> {
  if (!hasFinalizer(workload, finalizers.gateway)) return done;
  const goes = isDeleting(workload);
  const left = await dropInOrder(rows, (row) => (goes ? release(deps, workload, row) : drop(deps, row)));
  if (left.length > 0) {
    const addresses = rows.flatMap((row) => row.facts[addressFact] || []);
    const gateway = gatewayStatus(workload, addresses, goingVerdict(left));
    await writeStatus(deps.store, context, 'Workload', workload, { verdicts: [], fields: { gateway } });
    return again(stagesOf(left));
  }
  const shown = await writeStatus(deps.store, context, 'Workload', workload, {
    verdicts: driftVerdicts(workload, []),
    fields: { gateway: undefined },
  });
  await letGo(deps.store, context, 'Workload', shown, finalizers.gateway);
  return done;
}

function stagesOf(pieces: readonly Piece[]): Stage[] {
  return pieces.map(({ stage }) => stage);
}

function again(stages: readonly Stage[]): Outcome {
  // What is gone is to be made anew.
  if (stages.some(({ at }) => at === 'gone')) return againAfter(1);
  const afterMs = retryInMs(stages);
  return afterMs === undefined ? done : againAfter(afterMs);
}

/** Tells the changes that gateways follow; what belongs to workloads without one is let pass at little cost. */
function gatewayWatch(): {
  concerns(change: Change): boolean;
  ofDeployment(change: Change): Key[];
  ofInstance(change: Change, store: Store): Promise<Key[]>;
} {
  const without = new Set<string>();

  async function workloadOf(deployment: Key, uid: string, change: Change, store: Store): Promise<Key[]> {
    const context = workerContext(name, change);
    const { spec } = (await store.get(context, 'WorkloadDeployment', deployment)) ?? {};
    if (spec === undefined) return [];
    const key = { namespace: deployment.namespace, name: spec.workloadRef.name };
    const workload = await store.get(context, 'Workload', key);
    if (workload !== undefined && isOurs(workload)) return [key];
    if (without.size > maxRemembered) without.clear();
    without.add(uid);
    return [];
  }

  return {
    concerns(change) {
      const workload = change.object as Workload;
      if (!isOurs(workload) || change.type === 'DELETED') return false;
      without.delete(workload.metadata.uid);
      return isDeleting(workload) || !isByController(change);
    },
    ofDeployment({ key, object }) {
      const owner = controllerOf(object);
      if (owner?.kind !== 'Workload' || without.has(owner.uid)) return [];
      return [{ namespace: key.namespace, name: owner.name }];
    },
    async ofInstance(change, store) {
      const uid = change.object.metadata.labels?.[workloadUidLabel];
      const owner = controllerOf(change.object);
      if (uid === undefined || without.has(uid) || owner?.kind !== 'WorkloadDeployment') return [];
      return workloadOf({ namespace: change.key.namespace, name: owner.name }, uid, change, store);
    },
  };
}

function isOurs({ spec, metadata }: Workload): boolean {
  return spec.gateway !== undefined || metadata.finalizers?.includes(finalizers.gateway) === true;
}
