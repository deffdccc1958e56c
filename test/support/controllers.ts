import { controller as instance } from '../../workers/instance/reconcile.ts';
import { controller as networkBinding } from '../../workers/network-binding/reconcile.ts';
import { controller as networkContext } from '../../workers/network-context/reconcile.ts';
import { controller as network } from '../../workers/network/reconcile.ts';
import { controller as scheduler } from '../../workers/scheduler/reconcile.ts';
import { controller as subnetClaim } from '../../workers/subnet-claim/reconcile.ts';
import { controller as subnet } from '../../workers/subnet/reconcile.ts';
import { controller as workloadDeployment } from '../../workers/workload-deployment/reconcile.ts';
import { controller as workload } from '../../workers/workload/reconcile.ts';
import type { Controller } from '../../workers/runtime/controller.ts';
import { instantCloud, type InstantCloud } from './instant-provider.ts';
import { createWorld, type MakeController, type World, type WorldOptions } from './world.ts';

// Tests wait for what is shown with delay.
const shownSoon = { usePeriodMs: 50 };
const networking: readonly MakeController[] = [
  (deps) => network(deps, shownSoon),
  networkBinding,
  networkContext,
  subnetClaim,
  (deps) => subnet(deps, shownSoon),
];
const compute: readonly MakeController[] = [workload, scheduler, workloadDeployment, instance];

/** All controllers of networks and workloads, with a cloud that does everything at once. */
export function allControllers(deps: Parameters<MakeController>[0]): Controller[] {
  return [...networking, ...compute, ...instantCloud().controllers].map((make) => make(deps));
}

/** A world of the same. */
export async function wholeWorld(options: WorldOptions = {}): Promise<World & { readonly cloud: InstantCloud }> {
  const cloud = instantCloud();
  const world = await createWorld([...networking, ...compute, ...cloud.controllers], options);
  return { ...world, cloud };
}
