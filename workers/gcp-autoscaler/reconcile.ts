import { isDeepStrictEqual } from 'node:util';
import { instanceType } from '../../kinds/compute/instance-types.ts';
import type { AutoscalingStatus, Instance, WorkloadDeployment } from '../../kinds/generated/types.ts';
import type { Change, RequestContext } from '../../store/types.ts';
import { cpuUseReader } from '../clouds/gcp/cpu-use.ts';
import { isGcpError } from '../clouds/gcp/errors.ts';
import { instanceName } from '../clouds/gcp/names.ts';
import { targetSizeFact } from '../clouds/gcp/groups/managers.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { placeOf } from '../gcp-objects/location.ts';
import { conditionOf, isTrue, type Verdict } from '../objects/condition.ts';
import { isDeleting } from '../objects/owner.ts';
import { writeStatus } from '../objects/status.ts';
import { currentReplicas, followsMetrics, wantedReplicas } from '../objects/wanted-replicas.ts';
import { madeByOthers, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { decideScale, type ScaleDecision, type ScaleMemory } from './decide.ts';

const name = 'gcp-autoscaler';
/** Google samples once a minute. */
const periodMs = 60_000;

type ReadUse = ReturnType<typeof cpuUseReader>;

/** Decides how many instances a deployment with metrics has, from what its machines use of their processors. */
export function controller(deps: GcpDeps): Controller {
  const byOthers = madeByOthers(name);
  const readUse = cpuUseReader(deps.gcp);
  return {
    name,
    kind: 'WorkloadDeployment',
    concerns: (change) => byOthers(change) && isScaled(change),
    watches: [],
    writes: ['WorkloadDeployment.status.autoscaling', 'WorkloadDeployment.status.conditions[ScalingActive]'],
    reconcile: (key) => reconcile(deps, readUse, key),
  };
}

/** What its other controllers write every moment does not matter: the next look is at the next minute anyway. */
function isScaled({ object }: Change): boolean {
  const deployment = object as WorkloadDeployment;
  const isNew = deployment.status?.instanceMode !== undefined && deployment.status.autoscaling === undefined;
  const { desiredReplicas } = deployment.status?.autoscaling ?? {};
  return followsMetrics(deployment) ? isNew || desiredReplicas !== wantedReplicas(deployment) : !isNew;
}

async function reconcile(deps: GcpDeps, readUse: ReadUse, key: ReconcileKey): Promise<Outcome> {
  // Whole seconds, as times are kept in a status.
  const nowMs = Math.floor((deps.now ?? Date.now)() / 1000) * 1000;
  const context = workerContext(name, key);
  const deployment: WorkloadDeployment | undefined = await deps.store.get(context, 'WorkloadDeployment', key);
  if (deployment === undefined || isDeleting(deployment)) return done;
  if (!followsMetrics(deployment)) {
    if (deployment.status?.autoscaling !== undefined) await write(deps, context, deployment, undefined);
    return done;
  }
  // Until it is known how its instances are made, there are none.
  if (deployment.status?.instanceMode === undefined) return done;
  if (deployment.status.instanceMode === 'Group') return followGroup(deps, context, deployment, nowMs);
  const { location } = deployment.status;
  const place = location && placeOf(await deps.store.get(context, 'Location', location), deps.locationClass);
  if (place === undefined) return done;
  const { items } = await deps.store.list(context, 'Instance', { owner: deployment.metadata.uid });
  try {
    const uses = await readUse(place.account, nowMs);
    const decision = decide(deployment, items, uses, nowMs);
    await write(deps, context, deployment, statusOf(deployment, decision, nowMs), metricsRead);
  } catch (error) {
    if (!isGcpError(error)) throw error;
    const { code, message } = error.fault;
    await write(deps, context, deployment, deployment.status?.autoscaling, {
      type: 'ScalingActive',
      status: 'False',
      reason: 'MetricsUnavailable',
      message: `The number of instances stays as it is: ${code}: ${message}`,
    });
  }
  return againAfter(periodMs - (nowMs % periodMs));
}

/** The cloud scales a group by itself; its size is found with its machines. */
async function followGroup(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  nowMs: number,
): Promise<Outcome> {
  const { metadata, spec, status } = deployment;
  const unfit = (spec.scaleSettings.metrics ?? []).some(({ resource }) => resource.target.value !== undefined);
  const rows = await deps.cloudResources.ofOwners([metadata.uid]);
  const size = rows.find(({ type }) => type === 'compute.instanceGroupManagers')?.facts[targetSizeFact];
  const before = status?.autoscaling;
  const replicas = size === undefined ? wantedReplicas(deployment) : Number(size);
  const lastScaleTime = before?.desiredReplicas === replicas ? before.lastScaleTime : timeOf(nowMs);
  await write(
    deps,
    context,
    deployment,
    {
      desiredReplicas: replicas,
      reason: 'ScaledByCloud',
      message: `Google Cloud made it ${replicas}`,
      ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    },
    unfit ? unfitForGroups : { ...metricsRead, reason: 'ScaledByCloud', message: 'Google Cloud scales the group' },
  );
  return againAfter(periodMs);
}

const unfitForGroups: Verdict = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'UnsupportedInGroup',
  message: 'A group cannot follow the use of all its instances together; give averageValue or averageUtilization',
};

const metricsRead: Verdict = {
  type: 'ScalingActive',
  status: 'True',
  reason: 'MetricsRead',
  message: 'The number of instances follows their use of processors',
};

function decide(
  deployment: WorkloadDeployment,
  instances: readonly Instance[],
  uses: ReadonlyMap<string, number>,
  nowMs: number,
): ScaleDecision {
  const { minReplicas, maxReplicas = minReplicas, metrics = [] } = deployment.spec.scaleSettings;
  const { instanceType: type } = deployment.spec.template.spec.runtime.resources;
  const live = instances.filter((one) => !isDeleting(one));
  return decideScale({
    current: currentReplicas(deployment),
    min: minReplicas,
    max: maxReplicas,
    targets: metrics.map(({ resource }) => resource.target),
    cpusEach: instanceType(type)?.cpus ?? 1,
    // A machine that boots is busy with itself: what it uses says nothing about the load.
    uses: live.map((one) => (isTrue(one, 'Ready') ? uses.get(instanceName(one.metadata.uid)) : undefined)),
    memory: memoryIn(deployment.status?.autoscaling),
    nowMs,
  });
}

function memoryIn({ lowSince, recommendations = [] }: Partial<AutoscalingStatus> = {}): ScaleMemory {
  return {
    lowSinceMs: lowSince === undefined ? undefined : Date.parse(lowSince),
    recommendations: recommendations.map(({ time, replicas }) => ({ atMs: Date.parse(time), replicas })),
  };
}

/** The status after a decision; the same as before where nothing but the use changed, so that it is not written each minute. */
function statusOf(
  { status }: WorkloadDeployment,
  { replicas, reason, message, memory }: ScaleDecision,
  nowMs: number,
): AutoscalingStatus {
  const before = status?.autoscaling;
  const isSame = before?.desiredReplicas === replicas && before.reason === reason;
  if (isSame && isDeepStrictEqual(memoryIn(before), memory)) return before;
  const lastScaleTime = before?.desiredReplicas === replicas ? before.lastScaleTime : timeOf(nowMs);
  return {
    desiredReplicas: replicas,
    reason,
    message,
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    ...(memory.lowSinceMs === undefined ? {} : { lowSince: timeOf(memory.lowSinceMs) }),
    ...(memory.recommendations.length === 0
      ? {}
      : { recommendations: memory.recommendations.map((one) => ({ time: timeOf(one.atMs), replicas: one.replicas })) }),
  };
}

async function write(
  deps: GcpDeps,
  context: RequestContext,
  deployment: WorkloadDeployment,
  autoscaling: AutoscalingStatus | undefined,
  verdict?: Verdict,
): Promise<void> {
  const over: Verdict[] =
    conditionOf(deployment, 'ScalingActive') === undefined
      ? []
      : [{ ...metricsRead, status: 'Unknown', reason: 'NoMetrics', message: 'The number of instances is given' }];
  const verdicts = verdict === undefined ? over : [verdict];
  await writeStatus(deps.store, context, 'WorkloadDeployment', deployment, { verdicts, fields: { autoscaling } });
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
