import type { Controller } from '../../core/controllers.ts';
import type { OperationError, ResourceRow } from '../../core/database.ts';
import type { Json } from '../../core/json.ts';
import { numberAt, objectsAt, stringAt } from '../../core/json.ts';
import { pacificTime } from '../../core/timestamps.ts';
import type { World } from '../../core/world.ts';
import { linkOf } from '../links.ts';
import { scopeOfKey, scopePath } from '../scope.ts';
import { healthOf } from './group-health.ts';
import { groupSpec } from './group-spec.ts';
import type { Managed } from './managed.ts';
import { dropManaged, managedNamed, managedOf, managerOfManaged, putManaged } from './managed.ts';
import { freshName } from './machine-names.ts';
import type { Decision, Member, VersionTarget } from './plan.ts';
import { decide } from './plan.ts';
import { progress } from './progress.ts';
import { neededAction } from './template-change.ts';

export const GROUP_TICK = 'group.tick';
const KEPT_ERRORS = 100;

/** Keeps the machines of managed groups as their managers want them. */
export function groupController(world: World): Controller {
  return {
    concerns(key, row) {
      switch (row.type) {
        case 'instanceGroupManagers':
          return key;
        case 'managedInstances':
          return managerOfManaged(key);
        case 'instances':
          return stringAt(row.hidden ?? {}, 'managedBy');
        default:
          return undefined;
      }
    },
    tick: (key, atMs) => tick(world, key, atMs),
  };
}

function tick(world: World, managerKey: string, atMs: number): void {
  const manager = world.database.get('resource', managerKey);
  if (manager === undefined || manager.phase === 'creating') return;
  advanceAll(world, managerKey, manager, atMs);
  if (manager.phase === 'deleting') return;
  const spec = groupSpec(manager, scopeOfKey(managerKey));
  const members = managedOf(world, managerKey);
  const seen = members.map((managed) => observe(world, manager, managed, atMs));
  for (const [index, managed] of members.entries()) {
    if (managed.action === 'VERIFYING' && seen[index]?.state === 'up') rest(world, managerKey, managed);
  }
  for (const decision of decide(spec, seen, (from, to) => neededAction(world, from, to))) {
    carryOut(world, managerKey, decision);
  }
}

function advanceAll(world: World, managerKey: string, manager: ResourceRow, atMs: number): void {
  const errors: [Managed, OperationError][] = [];
  let lost = 0;
  for (const managed of managedOf(world, managerKey)) {
    const next = progress(
      {
        world,
        managerKey,
        atMs,
        initialDelayMs: initialDelayMs(manager),
        onError: (on, error) => void errors.push([on, error]),
      },
      managed,
    );
    if (next === 'gone' || next === 'failed') dropManaged(world, managerKey, managed.name);
    else if (next !== undefined) {
      putManaged(world, managerKey, next);
      if (next.retryAtMs !== undefined) world.timers.schedule(next.retryAtMs, GROUP_TICK, managerKey);
      if (next.verifyUntilMs !== undefined) world.timers.schedule(next.verifyUntilMs, GROUP_TICK, managerKey);
    }
    if (next === 'failed') lost += 1;
  }
  if (errors.length > 0) noteErrors(world, managerKey, errors, lost, atMs);
}

/** Errors are kept for `listErrors`; a machine that is not tried again no longer counts in the size. */
function noteErrors(
  world: World,
  managerKey: string,
  errors: readonly (readonly [Managed, OperationError])[],
  lost: number,
  atMs: number,
): void {
  const manager = world.database.get('resource', managerKey);
  if (manager === undefined) return;
  const noted = errors.map(([managed, { code, message }]): Json => ({
    error: { code, message },
    instanceActionDetails: {
      instance: linkOf(managed.instanceKey),
      action: managed.action,
      version: { instanceTemplate: linkOf(managed.template) },
    },
    timestamp: pacificTime(world.clock.wall(atMs)),
  }));
  const kept = [...objectsAt(manager.hidden ?? {}, 'errors'), ...noted].slice(-KEPT_ERRORS);
  const targetSize = (numberAt(manager.body, 'targetSize') ?? 0) - lost;
  world.database.put('resource', managerKey, {
    ...manager,
    body: { ...manager.body, targetSize },
    hidden: { ...manager.hidden, errors: kept },
  });
}

/** How a machine of the group is. */
function observe(world: World, manager: ResourceRow, managed: Managed, atMs: number): Member {
  const { name, zone, action, template } = managed;
  return { name, zone, action, template, state: stateOf(world, manager, managed, atMs) };
}

function stateOf(world: World, manager: ResourceRow, managed: Managed, atMs: number): Member['state'] {
  const row = world.database.get('resource', managed.instanceKey);
  if (row === undefined) return 'down';
  switch (row.body['status']) {
    case 'RUNNING':
      break;
    case 'PROVISIONING':
    case 'STAGING':
    case 'REPAIRING':
      return 'coming';
    default:
      // A stop or a deletion by somebody else is repaired once it has ended.
      return row.body['status'] === 'STOPPING' || row.body['status'] === 'SUSPENDING' ? 'coming' : 'down';
  }
  if (healthOf(world, manager, row)?.state !== 'UNHEALTHY') return 'up';
  return (managed.verifyUntilMs ?? 0) > atMs ? 'coming' : 'down';
}

function initialDelayMs(manager: ResourceRow): number | undefined {
  const [policy] = objectsAt(manager.body, 'autoHealingPolicies');
  return policy?.['healthCheck'] === undefined ? undefined : (numberAt(policy, 'initialDelaySec') ?? 0) * 1_000;
}

function rest(world: World, managerKey: string, managed: Managed): void {
  const { verifyUntilMs: _over, ...done } = managed;
  putManaged(world, managerKey, { ...done, action: 'NONE' });
}

function carryOut(world: World, managerKey: string, decision: Decision): void {
  if (decision.do === 'create') return addMachine(world, managerKey, decision.zone, decision.version);
  const managed = managedNamed(world, managerKey, decision.name);
  if (managed === undefined) return;
  const { step: _step, operation: _operation, retryAtMs: _retryAtMs, verifyUntilMs: _until, ...idle } = managed;
  switch (decision.do) {
    case 'delete':
      return putManaged(world, managerKey, { ...idle, action: 'DELETING' });
    case 'recreate':
      return putManaged(world, managerKey, {
        ...ofVersion(idle, decision.version),
        action: 'RECREATING',
        step: 'deleting',
      });
    case 'update': {
      const action = decision.action === 'REFRESH' ? 'REFRESHING' : 'RESTARTING';
      return putManaged(world, managerKey, { ...ofVersion(idle, decision.version), action });
    }
  }
}

function ofVersion({ versionName: _old, ...managed }: Managed, { template, name }: VersionTarget): Managed {
  return { ...managed, template, ...(name === undefined ? {} : { versionName: name }) };
}

function addMachine(world: World, managerKey: string, zone: string, version: VersionTarget): void {
  const name = freshName(world, managerKey);
  const project = managerKey.split('/')[1] ?? '';
  putManaged(world, managerKey, {
    name,
    zone,
    instanceKey: `projects/${project}/${scopePath({ kind: 'zone', name: zone })}/instances/${name}`,
    action: 'CREATING',
    template: version.template,
    ...(version.name === undefined ? {} : { versionName: version.name }),
  });
}
