import type { Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Change, RequestContext } from '../../store/types.ts';
import { serviceAccountEmail, serviceAccountName } from '../clouds/gcp/names.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { drop } from '../gcp-objects/drop.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { isBy } from '../gcp-objects/is-by.ts';
import { secretRow, serviceAccountRow } from '../gcp-objects/identity.ts';
import { supportedVerdicts, unsupportedPaths } from '../gcp-objects/not-yet.ts';
import { isHeldBack } from '../gcp-objects/pause.ts';
import { release } from '../gcp-objects/release.ts';
import { retryInMs, type Stage } from '../gcp-objects/stage.ts';
import { isTrue } from '../objects/condition.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { workloadUidLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { accountsOf, secretsUsed, wantedSecret, wantedServiceAccount } from './plan.ts';
import { ensureSecret } from './secret-steps.ts';

const name = 'gcp-workload';

/** How often a workload that is to go is looked at while instances keep its identity in use. */
const inUsePeriodMs = 2_000;

/** What a workload's machines share in each project: their service account and the secrets they may read. */
export function controller(deps: GcpDeps): Controller {
  return {
    name,
    kind: 'Workload',
    concerns: isAboutSpec,
    watches: [
      { kind: 'WorkloadDeployment', via: 'map', map: workloadOfPlacedDeployment },
      { kind: 'Secret', via: 'referrer' },
    ],
    writes: ['Workload.status.conditions[Paused]', 'Workload.status.conditions[Supported]'],
    concurrency: 8,
    reconcile: (key) => reconcile(deps, key),
  };
}

async function reconcile(deps: GcpDeps, key: ReconcileKey): Promise<Outcome> {
  const context = workerContext(name, key);
  const workload: Workload | undefined = await deps.store.get(context, 'Workload', key);
  if (workload === undefined) return done;
  if (await isHeldBack(deps, context, 'Workload', workload)) return done;
  const { uid } = workload.metadata;
  const [rows, { items: deployments }] = await Promise.all([
    deps.cloudResources.ofOwners([uid]),
    deps.store.list(context, 'WorkloadDeployment', { owner: uid }),
  ]);
  if (isDeleting(workload)) return deployments.length > 0 ? done : tearDown(deps, context, workload, rows);

  const shown = await writeStatus(deps.store, context, 'Workload', workload, {
    verdicts: supportedVerdicts(workload, unsupportedPaths('Workload', workload)),
  });
  const places = deployments.flatMap(({ status }) => status?.location ?? []);
  const accounts = accountsOf(await deps.store.getMany(context, 'Location', places), deps.locationClass);
  const unused = rows.filter(({ account }) => !accounts.includes(account));
  if (accounts.length === 0 && unused.length === 0) return done;

  const held = await holdObject(deps.store, context, 'Workload', shown, gcpFinalizer);
  const made = await settleAll(accounts.map((account) => settle(deps, context, held, rows, account)));
  const dropped = await dropAll(unused, (row) => drop(deps, row));
  await wakeInstances(deps, context, uid, rows, made.flat());
  return again([...made.flat(), ...dropped]);
}

/** Account and secrets in one project. */
async function settle(
  deps: GcpDeps,
  context: RequestContext,
  workload: Workload,
  rows: readonly CloudResource[],
  account: string,
): Promise<Stage[]> {
  const by = { project: context.project, controller: name };
  const { uid } = workload.metadata;
  const identity = await ensure(deps, wantedServiceAccount(workload, account, by), serviceAccountRow(rows, account));
  const names = secretsUsed(workload);
  if (identity.at !== 'ready' || names.length === 0) return [identity];
  const { namespace } = keyOf(workload);
  const found = await deps.store.getMany(
    context,
    'Secret',
    names.map((secret) => ({ namespace, name: secret })),
  );
  const email = serviceAccountEmail(account, serviceAccountName(uid));
  const secrets = await settleAll(
    found
      .filter((secret) => secret !== undefined)
      .map((secret) =>
        ensureSecret(deps, wantedSecret(workload, secret, account, by), secretRow(rows, account, uid, secret), {
          secret,
          email,
        }),
      ),
  );
  return [identity, ...secrets];
}

/** Instances that found something missing look again when it has come, or is known to have failed. */
async function wakeInstances(
  deps: GcpDeps,
  context: RequestContext,
  uid: string,
  before: readonly CloudResource[],
  stages: readonly Stage[],
): Promise<void> {
  const changed = stages.some((stage) => {
    const row = 'row' in stage ? stage.row : undefined;
    const previous = before.find((one) => one.name === row?.name && one.account === row.account);
    return (
      row !== undefined &&
      (row.state !== previous?.state ||
        row.error?.code !== previous.error?.code ||
        row.facts['source'] !== previous.facts['source'])
    );
  });
  if (!changed) return;
  const { items } = await deps.store.list(context, 'Instance', { labelSelector: `${workloadUidLabel}=${uid}` });
  for (const instance of items.filter((one) => !isTrue(one, 'Programmed'))) {
    await deps.enqueue('gcp-instance', { project: context.project, ...keyOf(instance) });
  }
}

/** Identity and secrets go last, when no machine can use them any more. */
async function tearDown(
  deps: GcpDeps,
  context: RequestContext,
  workload: Workload,
  rows: readonly CloudResource[],
): Promise<Outcome> {
  if (!hasFinalizer(workload, gcpFinalizer)) return done;
  const labelSelector = `${workloadUidLabel}=${workload.metadata.uid}`;
  const { items } = await deps.store.list(context, 'Instance', { labelSelector, limit: 1 });
  if (items.length > 0) return againAfter(inUsePeriodMs);
  const stages = await dropAll(rows, (row) => release(deps, workload, row));
  if (stages.some(({ at }) => at !== 'gone')) return again(stages);
  await letGo(deps.store, context, 'Workload', workload, gcpFinalizer);
  return done;
}

/** Secrets, with their grants, before the accounts that were granted something. */
async function dropAll(
  rows: readonly CloudResource[],
  dropOne: (row: CloudResource) => Promise<Stage>,
): Promise<Stage[]> {
  const isAccount = ({ type }: CloudResource) => type === 'iam.serviceAccounts';
  const secrets = await settleAll(rows.filter((row) => !isAccount(row)).map(dropOne));
  if (secrets.some(({ at }) => at !== 'gone')) return secrets;
  return [...secrets, ...(await settleAll(rows.filter(isAccount).map(dropOne)))];
}

function again(stages: readonly Stage[]): Outcome {
  const afterMs = retryInMs(stages);
  return afterMs === undefined ? done : againAfter(afterMs);
}

/** A new workload has nothing in the cloud until a deployment is placed; only what is not built yet is said at once. */
function isAboutSpec(change: Change): boolean {
  const workload = change.object as Workload;
  if (change.type === 'ADDED') return unsupportedPaths('Workload', workload).length > 0;
  return change.type === 'MODIFIED' && (isDeleting(workload) || !isByController(change));
}

/** A deployment matters when it is placed, and when it is gone; that its instances come and go does not. */
function workloadOfPlacedDeployment(change: Change): Key[] {
  const owner = controllerOf(change.object);
  const isPlaced = (change.object as WorkloadDeployment).status?.location !== undefined;
  const isAboutPlace = change.type === 'MODIFIED' && isPlaced && !isBy(change, 'workload-deployment', 'gcp-deployment');
  const matters = change.type === 'DELETED' || isAboutPlace;
  return owner?.kind === 'Workload' && matters ? [{ namespace: change.key.namespace, name: owner.name }] : [];
}
