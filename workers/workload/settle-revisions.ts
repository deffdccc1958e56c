import { isDeepStrictEqual } from 'node:util';
import type {
  ControllerRevision,
  InstanceTemplate,
  Workload,
  WorkloadDeployment,
} from '../../kinds/generated/types.ts';
import { revisionToTake, templateIn } from '../../kinds/compute/rollback.ts';
import { keyOf } from '../../kinds/object.ts';
import type { RequestContext, Store } from '../../store/types.ts';
import { createOwned } from '../objects/create-owned.ts';
import { deleteExisting } from '../objects/delete-existing.ts';
import { templateHashLabel, workloadUidLabel } from '../objects/labels.ts';
import { ownedBy } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { templateHash } from '../objects/template-hash.ts';
import { revisionData, revisionSteps } from './revision-steps.ts';

/** Names of the revisions that a workload's instances are given, and that they all had last. */
export interface RevisionNames {
  readonly updateRevision: string;
  readonly currentRevision: string;
}

/** Keeps the template as it is now among the workload's revisions, and no more of them than are kept. */
export async function settleRevisions(
  store: Store,
  context: RequestContext,
  workload: Workload,
  deployments: readonly WorkloadDeployment[],
): Promise<RevisionNames> {
  const hash = templateHash(workload.spec.template);
  const shown = workload.status?.updateRevision;
  const updateRevision = shown?.endsWith(`-${hash}`) ? shown : await keep(store, context, workload, deployments, hash);
  const hasArrived = deployments.every(({ status }) => status?.currentTemplateHash === hash);
  const before = workload.status?.currentRevision ?? updateRevision;
  return { updateRevision, currentRevision: hasArrived ? updateRevision : before };
}

async function keep(
  store: Store,
  context: RequestContext,
  workload: Workload,
  deployments: readonly WorkloadDeployment[],
  hash: string,
): Promise<string> {
  const revisions = await revisionsOf(store, context, workload);
  const inUse = new Set(deployments.flatMap(({ status }) => status?.currentTemplateHash ?? []));
  const { current, number, remove } = revisionSteps(revisions, hash, inUse);
  await settleAll(remove.map((one) => deleteExisting(store, context, one)));
  if (current !== undefined && current.revision === number) return current.metadata.name;
  if (current !== undefined) {
    const { uid } = current.metadata;
    const raise = (one: ControllerRevision): ControllerRevision => ({ ...one, revision: number });
    await store.update(context, 'ControllerRevision', keyOf(current), raise, { uid });
    return current.metadata.name;
  }
  const made = await createOwned(store, context, 'ControllerRevision', {
    fullName: `${workload.metadata.name}-${hash}`,
    owner: workload,
    object: {
      metadata: {
        namespace: workload.metadata.namespace ?? '',
        labels: { [workloadUidLabel]: workload.metadata.uid, [templateHashLabel]: hash },
        ownerReferences: [ownedBy(workload)],
      },
      data: revisionData(workload),
      revision: number,
    },
  });
  return made.metadata.name;
}

/**
 * Carries out the way back that the workload asks for; answers whether it did. It is written as a change of
 * its own, which all controllers of workloads see as one of a user.
 */
export async function rollBack(store: Store, context: RequestContext, workload: Workload): Promise<boolean> {
  const wanted = workload.spec.rollbackTo;
  if (wanted === undefined) return false;
  const revision = revisionToTake(await revisionsOf(store, context, workload), wanted.revision ?? 0);
  const template = revision === undefined ? undefined : templateIn(revision);
  const asker = { ...context, actor: 'system:rollback', manager: 'rollback' };
  await store.update(
    asker,
    'Workload',
    keyOf(workload),
    ({ spec: { rollbackTo, ...spec }, ...rest }) => {
      // Whoever asked for another one since has it done next.
      if (!isDeepStrictEqual(rollbackTo, wanted)) return undefined;
      return {
        ...rest,
        spec: template === undefined ? spec : { ...spec, template: withPowerOf(spec.template, template) },
      };
    },
    { uid: workload.metadata.uid },
  );
  return true;
}

/** The earlier template; whether machines run is no part of a revision, and stays as it is. */
function withPowerOf(current: InstanceTemplate, { spec, ...earlier }: InstanceTemplate): InstanceTemplate {
  const { powerState: _power, restartedAt: _restarted, ...rest } = spec;
  const { powerState, restartedAt } = current.spec;
  return {
    ...earlier,
    spec: { ...rest, ...(powerState ? { powerState } : {}), ...(restartedAt ? { restartedAt } : {}) },
  };
}

async function revisionsOf(
  store: Store,
  context: RequestContext,
  workload: Workload,
): Promise<readonly ControllerRevision[]> {
  return (await store.list(context, 'ControllerRevision', { owner: workload.metadata.uid })).items;
}
