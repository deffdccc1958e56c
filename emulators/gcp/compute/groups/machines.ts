import type { OperationError, ResourceRow } from '../../core/database.ts';
import type { JsonObject } from '../../core/json.ts';
import { objectAt, objectsAt, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { ApiError } from '../../http/api-error.ts';
import { beginDelete, beginMutation } from '../change.ts';
import { createResource } from '../insert.ts';
import { operationErrorOf } from '../operation-errors.ts';
import { startOperation } from '../operations.ts';
import { prepareChanged } from '../resources/instance-change.ts';
import { instances } from '../resources/instances.ts';
import { POWER } from '../resources/instance-power.ts';
import type { Target } from '../resource-type.ts';
import { projectOfKey, scopeOfKey } from '../scope.ts';
import { takenFields } from '../update-action.ts';
import { instanceOf } from './instance-templates.ts';
import type { Managed } from './managed.ts';

/** Starts the making of a machine; returns the key of its operation, or why it cannot be started. */
export function makeMachine(world: World, managerKey: string, managed: Managed, atMs: number): string | OperationError {
  const template = world.database.get('resource', managed.template);
  if (template === undefined || instances.insert === undefined) {
    return { code: 'RESOURCE_NOT_FOUND', message: `The resource '${managed.template}' was not found`, httpStatus: 404 };
  }
  const project = projectOfKey(managerKey);
  try {
    return createResource(world, instances, instances.insert, {
      project,
      scope: { kind: 'zone', name: managed.zone },
      body: withOrigin(world, instanceOf(template, managed.name, managed.zone), managerKey, managed.template),
      hidden: { managedBy: managerKey },
      atMs,
      user: agentOf(world, project),
    });
  } catch (error) {
    if (error instanceof ApiError) return operationErrorOf(error);
    throw error;
  }
}

/** Starts the deletion of a machine that is there; returns the key of its operation. */
export function deleteMachine(world: World, managed: Managed, row: ResourceRow, atMs: number): string {
  const target = targetOf(world, managed);
  return beginDelete(target, instances, row, { atMs, user: agentOf(world, target.project) });
}

/** Starts a stop or a start. */
export function switchMachine(
  world: World,
  managed: Managed,
  row: ResourceRow,
  verb: 'start' | 'stop',
  atMs: number,
): string {
  const target = targetOf(world, managed);
  return beginMutation(target, instances, row, POWER[verb], {}, { atMs, user: agentOf(world, target.project) });
}

/** Starts an operation that lasts as long as a refresh does. */
export function refreshMachine(world: World, managed: Managed, row: ResourceRow, atMs: number): string {
  const target = targetOf(world, managed);
  return startOperation(target, instances, {
    operationType: 'update',
    latencyMs: [2_000, 8_000],
    effect: { action: 'nothing' },
    targetId: String(row.body['id']),
    atMs,
    user: agentOf(world, target.project),
  });
}

/** Gives a machine what it takes over from its new template without being made anew. */
export function renewMachine(
  world: World,
  managerKey: string,
  managed: Managed,
  row: ResourceRow,
  action: 'REFRESH' | 'RESTART',
): void {
  const template = world.database.get('resource', managed.template);
  if (template === undefined) return;
  const wanted = withOrigin(world, instanceOf(template, managed.name, managed.zone), managerKey, managed.template);
  const taken = Object.fromEntries(takenFields(action).map((field) => [field, wanted[field]]));
  const body = prepareChanged(targetOf(world, managed), row.body, taken);
  world.database.put('resource', managed.instanceKey, { ...row, body });
}

/** The account in whose name Google's controllers act in a project. */
function agentOf(world: World, project: string): string {
  return `${world.projects.numberOf(project)}@cloudservices.gserviceaccount.com`;
}

/** A machine of a group tells its guest where it comes from. */
function withOrigin(world: World, body: JsonObject, managerKey: string, template: string): JsonObject {
  const metadata = objectAt(body, 'metadata');
  const origin = [
    { key: 'instance-template', value: numbered(world, template) },
    { key: 'created-by', value: numbered(world, managerKey) },
  ];
  const items = objectsAt(metadata, 'items').filter((item) => !origin.some(({ key }) => key === stringAt(item, 'key')));
  return { ...body, metadata: { items: [...items, ...origin] } };
}

function numbered(world: World, key: string): string {
  const project = projectOfKey(key);
  return `projects/${world.projects.numberOf(project)}${key.slice(`projects/${project}`.length)}`;
}

function targetOf(world: World, { instanceKey, name }: Managed): Target {
  return { world, project: projectOfKey(instanceKey), scope: scopeOfKey(instanceKey), key: instanceKey, name };
}
