import { ownFinalizers } from '../../kinds/core/owner-rules.ts';
import type { Project } from '../../kinds/generated/types.ts';
import type { Registry } from '../../kinds/registry.ts';
import { controlPlaneOf, projectOf, rootProject } from '../../store/control-plane.ts';
import type { Quotas } from '../../store/quota/quotas.ts';
import type { Change, RequestContext, Store } from '../../store/types.ts';
import { holdObject, letGo } from '../objects/finalizers.ts';
import { movesUse } from '../objects/moves-use.ts';
import { isDeleting } from '../objects/owner.ts';
import { purge, type Remaining, remainingText } from '../objects/purge.ts';
import { settleAll } from '../objects/settle-all.ts';
import { writeStatus } from '../objects/status.ts';
import { createThrottle } from '../objects/throttle.ts';
import { isByController, madeByUsers, workerContext } from '../objects/worker-context.ts';
import {
  againAfter,
  type Controller,
  done,
  type MappedKey,
  type Outcome,
  type ReconcileKey,
} from '../runtime/controller.ts';
import { bindOwners, ownersBinding, ownersOf } from './owners.ts';
import { ready, terminating } from './plan.ts';
import { stagesOf } from './stages.ts';

const name = 'project';
/** How often a project that goes looks by itself at what is left in it; each object that goes wakes it too. */
const lookEveryMs = 5000;

interface Deps {
  readonly store: Store;
  readonly registry: Registry;
  readonly quotas: Quotas;
  /** Makes the namespaces and roles that every control plane has, where they are missing. */
  seedProject(controlPlane: string): Promise<void>;
  /** All control planes that hold something. */
  controlPlanes(): Promise<readonly string[]>;
}

interface Options {
  /** How often the use of a project's limits is shown anew while objects come and go. Default 1 s. */
  readonly usePeriodMs?: number;
}

interface State extends Deps {
  readonly throttle: ReturnType<typeof createThrottle>;
  /** Control planes that this process has seeded, which also brings them what newer versions of the product add. */
  readonly seeded: Set<string>;
}

/**
 * Makes a control plane for each project, gives it to its owners, shows what of its limits is used, and takes everything down
 * that is inside when it goes. A key is a project's name, or a control plane's, whose project may be gone.
 */
export function controller(deps: Deps, { usePeriodMs = 1_000 }: Options = {}): Controller {
  const state: State = { ...deps, throttle: createThrottle(usePeriodMs), seeded: new Set() };
  return {
    name,
    kind: 'Project',
    concerns: madeByUsers,
    watches: [
      { kind: 'Organization', via: 'referrer' },
      { kind: 'Project', via: 'map', map: (change) => leftBehind(deps.quotas, change) },
      { kind: '*', via: 'map', map: (change) => surrounding(deps.quotas, change) },
    ],
    writes: ['Project.status.conditions[Ready]', 'Project.status.quota'],
    scan: () => scan(deps),
    reconcile: (key) => reconcile(state, key),
  };
}

/** What a project leaves that went without its controller, as when somebody took its finalizer away. */
function leftBehind(quotas: Quotas, { type, object }: Change): MappedKey[] {
  // The log has it before what it limits.
  quotas.forget();
  return type === 'DELETED' ? [{ namespace: '', name: controlPlaneOf(object) }] : [];
}

/** The project around a change, where that has limits or is going, and where its owners' binding was touched. */
async function surrounding(quotas: Quotas, change: Change): Promise<readonly MappedKey[]> {
  const { project, kind, key } = change;
  const isBinding = kind === 'ClusterRoleBinding' && key.name === ownersBinding && !isByController(change);
  const isShown = movesUse(change) && (await quotas.namesIn(project, '')).length > 0;
  return isBinding || isShown ? [{ project: rootProject, namespace: '', name: project }] : [];
}

async function scan({ store, controlPlanes }: Deps): Promise<ReconcileKey[]> {
  const { items } = await store.list(workerContext(name, { project: rootProject }), 'Project');
  const known = new Set(items.map(controlPlaneOf));
  const left = (await controlPlanes()).filter((one) => one !== rootProject && !known.has(one));
  const names = [...items.map(({ metadata }) => metadata.name), ...left];
  return names.map((one) => ({ project: rootProject, namespace: '', name: one }));
}

async function reconcile(state: State, key: ReconcileKey): Promise<Outcome> {
  const { store } = state;
  if (key.project !== rootProject) return done;
  const context = workerContext(name, key);
  const found = await store.get(context, 'Project', { namespace: '', name: projectOf(key.name) });
  const isOther = found === undefined || (key.name.includes('.') && controlPlaneOf(found) !== key.name);
  if (isOther) {
    const left = key.name.includes('.') ? await takeDown(state, key.name) : [];
    return left.length > 0 ? againAfter(lookEveryMs) : done;
  }
  const controlPlane = controlPlaneOf(found);
  if (isDeleting(found)) return leave(state, context, found, controlPlane);
  const project = await holdObject(store, context, 'Project', found, ownFinalizers.project);
  await furnish(state, context, project, controlPlane);
  const waitMs = state.throttle.waitMs(project.metadata.uid);
  const quota = waitMs > 0 ? project.status?.quota : await quotaOf(state, controlPlane);
  await writeStatus(store, context, 'Project', project, { verdicts: [ready], fields: { quota } });
  return waitMs > 0 ? againAfter(waitMs) : done;
}

/** Puts into a control plane what every project has, and lets its owners in. */
async function furnish(state: State, context: RequestContext, project: Project, controlPlane: string): Promise<void> {
  if (controlPlane === rootProject) return;
  if (!state.seeded.has(controlPlane)) {
    await state.seedProject(controlPlane);
    state.seeded.add(controlPlane);
  }
  const organization = project.spec?.organization?.name;
  const owner = organization === undefined ? undefined : { namespace: '', name: organization };
  const found = owner && (await state.store.get(context, 'Organization', owner));
  await bindOwners(state.store, workerContext(name, { project: controlPlane }), ownersOf(project, found));
}

async function quotaOf({ quotas }: Deps, project: string): Promise<NonNullable<Project['status']>['quota']> {
  const use = await quotas.use({ project, namespace: '', quota: '' });
  return Object.keys(use.hard).length === 0 ? undefined : use;
}

async function leave(state: State, context: RequestContext, project: Project, controlPlane: string): Promise<Outcome> {
  const left = await takeDown(state, controlPlane);
  if (left.length === 0) {
    state.seeded.delete(controlPlane);
    await letGo(state.store, context, 'Project', project, ownFinalizers.project);
    return done;
  }
  await writeStatus(state.store, context, 'Project', project, { verdicts: [terminating(remainingText(left))] });
  return againAfter(lookEveryMs);
}

/** Deletes what is inside, stage by stage; answers what of the first stage that is not over remains. */
async function takeDown({ store, registry }: Deps, controlPlane: string): Promise<readonly Remaining[]> {
  const inside = workerContext(name, { project: controlPlane });
  for (const stage of stagesOf(registry.all())) {
    const all = await settleAll(stage.map((kind) => purge(store, inside, kind, { atEndOfProject: true })));
    const left = all.filter(({ objects }) => objects > 0);
    if (left.length > 0) return left;
  }
  return [];
}
