import type { ConfigMap, InstanceSpec, Secret, Workload, WorkloadDeployment } from '../../kinds/generated/types.ts';
import { type Key, keyOf } from '../../kinds/object.ts';
import type { CloudResource } from '../../store/cloud-resources.types.ts';
import type { Change, RequestContext } from '../../store/types.ts';
import { secretName, serviceAccountEmail, serviceAccountName } from '../clouds/gcp/names.ts';
import { grantActAs } from '../clouds/gcp/service-accounts.ts';
import type { GcpDeps } from '../gcp-objects/deps.ts';
import { drop } from '../gcp-objects/drop.ts';
import { ensure } from '../gcp-objects/ensure.ts';
import { gcpFinalizer } from '../gcp-objects/finalizer.ts';
import { isBy } from '../gcp-objects/is-by.ts';
import { actAsFact, secretFacts, serviceAccountRow } from '../gcp-objects/identity.ts';
import { supportedVerdicts, unsupportedPaths } from '../gcp-objects/not-yet.ts';
import { isHeldBack } from '../gcp-objects/pause.ts';
import { release } from '../gcp-objects/release.ts';
import { mountedConfigMaps, spilledConfigMaps } from '../gcp-objects/spill.ts';
import { retryInMs, rowsOf, type Stage } from '../gcp-objects/stage.ts';
import { hasFinalizer, holdObject, letGo } from '../objects/finalizers.ts';
import { workloadUidLabel } from '../objects/labels.ts';
import { controllerOf, isDeleting } from '../objects/owner.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { isByController, workerContext } from '../objects/worker-context.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from '../runtime/controller.ts';
import { retireVersions } from './old-versions.ts';
import {
  accountsOf,
  namesOfParts,
  type Readable,
  readableParts,
  readableSecret,
  secretsUsed,
  wantedSecret,
  wantedServiceAccount,
} from './plan.ts';
import { ensureSecret } from './secret-steps.ts';
import { step } from './steps.ts';

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
      { kind: 'ConfigMap', via: 'referrer' },
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
    identityRows(deps, uid),
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
  const kept = rowsOf(made.flat()).filter((row) => row.type === 'secretmanager.secrets' && row.state === 'ready');
  const { unused: idle, inUse } = await otherSecrets(deps, context, held, rows, kept);
  const released = await dropAll(idle, (row) => drop(deps, row));
  const retired = await settleAll(kept.map((row) => retireVersions(deps, row)));
  // Nothing else tells when the last instance with the old template is gone.
  const dueMs = [...retired.flatMap(({ againAfterMs }) => againAfterMs ?? []), ...(inUse ? [inUsePeriodMs] : [])];
  return again([...made.flat(), ...dropped, ...released], dueMs);
}

/** Rows of a workload's accounts and secrets; its gateway has its own controller. */
async function identityRows(deps: GcpDeps, uid: string): Promise<CloudResource[]> {
  const rows = await deps.cloudResources.ofOwners([uid]);
  return rows.filter(({ type }) => !type.startsWith('compute.'));
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
  const made = await ensure(deps, wantedServiceAccount(workload, account, by), serviceAccountRow(rows, account));
  const identity = await allowActAs(deps, made, account);
  if (identity.at !== 'ready') return [identity];
  const wanted = await readables(deps, context, workload);
  const email = serviceAccountEmail(account, serviceAccountName(uid));
  const secrets = await settleAll(
    wanted.map((one) => {
      const row = rows.find((known) => known.account === account && known.name === one.name);
      return ensureSecret(deps, wantedSecret(workload, one, account, by), row, { ...one, email });
    }),
  );
  return [identity, ...secrets];
}

/** The secrets that the template uses, and the config maps that are too large for the metadata of its machines. */
async function readables(deps: GcpDeps, context: RequestContext, workload: Workload): Promise<Readable[]> {
  const { spec } = workload.spec.template;
  const { secrets, configMaps } = await contentOf(deps, context, workload, [spec]);
  const spilled = spilledConfigMaps(spec, configMaps);
  return [
    ...secrets.flatMap((secret) => (secret === undefined ? [] : [readableSecret(workload, secret)])),
    ...[...configMaps].flatMap(([of, map]) =>
      map !== undefined && spilled.has(of) ? readableParts(workload, map) : [],
    ),
  ];
}

/** Secrets and config maps that specs name, as far as they are there. */
async function contentOf(
  deps: GcpDeps,
  context: RequestContext,
  workload: Workload,
  specs: readonly InstanceSpec[],
): Promise<{
  readonly secrets: readonly (Secret | undefined)[];
  readonly configMaps: ReadonlyMap<string, ConfigMap | undefined>;
}> {
  const { namespace } = keyOf(workload);
  const keys = (names: readonly string[]) => [...new Set(names)].map((one) => ({ namespace, name: one }));
  const [ofSecrets, ofMaps] = [keys(specs.flatMap(secretsUsed)), keys(specs.flatMap(mountedConfigMaps))];
  const [secrets, maps] = await Promise.all([
    ofSecrets.length === 0 ? [] : deps.store.getMany(context, 'Secret', ofSecrets),
    ofMaps.length === 0 ? [] : deps.store.getMany(context, 'ConfigMap', ofMaps),
  ]);
  return { secrets, configMaps: new Map(ofMaps.map((key, index) => [key.name, maps[index]])) };
}

/** Machines may be run as this account by whoever makes them, and as no account of others. */
async function allowActAs(deps: GcpDeps, stage: Stage, account: string): Promise<Stage> {
  const provider = deps.gcp.identity(account);
  if (stage.at !== 'ready' || provider === undefined || stage.row.facts[actAsFact] === provider) return stage;
  return step(deps, stage.row, async (row) => {
    await grantActAs(deps.gcp, row, provider);
    return { [actAsFact]: provider };
  });
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
        row.facts[actAsFact] !== previous.facts[actAsFact] ||
        row.facts[secretFacts.version] !== previous.facts[secretFacts.version])
    );
  });
  if (!changed) return;
  const { items } = await deps.store.list(context, 'Instance', { labelSelector: `${workloadUidLabel}=${uid}` });
  // Those that run are told the new version, those that wait go on.
  for (const instance of items) await deps.enqueue('gcp-instance', { project: context.project, ...keyOf(instance) });
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

function again(stages: readonly Stage[], dueMs: readonly number[] = []): Outcome {
  const times = [retryInMs(stages) ?? Infinity, ...dueMs];
  const afterMs = Math.min(...times);
  return afterMs === Infinity ? done : againAfter(afterMs);
}

/**
 * Secrets in the cloud that neither the template nor an instance refers to any more, which go so that nobody keeps the right
 * to read them; and whether there are others that only instances refer to.
 */
async function otherSecrets(
  deps: GcpDeps,
  context: RequestContext,
  workload: Workload,
  rows: readonly CloudResource[],
  kept: readonly CloudResource[],
): Promise<{ readonly unused: readonly CloudResource[]; readonly inUse: boolean }> {
  const { uid } = workload.metadata;
  const candidates = rows.filter(
    (row) =>
      row.type === 'secretmanager.secrets' &&
      !kept.some(({ name: of, account }) => of === row.name && account === row.account),
  );
  if (candidates.length === 0) return { unused: [], inUse: false };
  const { items } = await deps.store.list(context, 'Instance', { labelSelector: `${workloadUidLabel}=${uid}` });
  const specs = [workload.spec.template.spec, ...items.map(({ spec }) => spec)];
  const { secrets, configMaps } = await contentOf(deps, context, workload, specs);
  // What is in the cloud for an object that is missing now cannot be told apart.
  if (secrets.includes(undefined) || [...configMaps.values()].includes(undefined)) return { unused: [], inUse: false };
  const used = new Set([
    ...secrets.flatMap((secret) => (secret === undefined ? [] : [secretName(uid, secret.metadata.uid)])),
    ...[...configMaps.values()].flatMap((map) => (map === undefined ? [] : namesOfParts(workload, map))),
  ]);
  const unused = candidates.filter((row) => !used.has(row.name));
  return { unused, inUse: unused.length < candidates.length };
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
