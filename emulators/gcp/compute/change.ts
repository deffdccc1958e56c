import type { ResourceRow } from '../core/database.ts';
import type { UsageClaim } from '../core/indexes.ts';
import { splitKey } from '../core/collection.ts';
import type { JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { OperationFault } from '../faults/rule.ts';
import { notFound, notReady, requiredField } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import { quotaFailure } from '../quota/usage.ts';
import { checkBody } from './check-body.ts';
import { methodName, refuseWhenUsed } from './effects.ts';
import { startOperation } from './operations.ts';
import { requireIdle, requireReady } from './ready.ts';
import { requestIdOf } from './request-ids.ts';
import type { ComputeType, DeleteVerb, Mutation, RequestBody, Target } from './resource-type.ts';
import { COMMON_OUTPUT } from './rules.ts';
import { projectOf, scopeOf, scopePath } from './scope.ts';

interface Found {
  readonly target: Target;
  readonly row: ResourceRow;
}

/** The resource that a path names, by name or numeric id; 404 when there is none. */
export function findResource(world: World, type: ComputeType, request: ApiRequest): Found {
  return findNamed(world, type, request, param(request, 'resource'));
}

function findNamed(world: World, type: ComputeType, request: ApiRequest, given: string): Found {
  const project = projectOf(request);
  const scope = scopeOf(request);
  const collection = `projects/${project}/${scopePath(scope)}/${type.collection}`;
  const byId = /^[1-9]\d*$/.test(given) ? world.indexes.keyOfId(given) : undefined;
  const key = byId !== undefined && splitKey(byId).collection === collection ? byId : `${collection}/${given}`;
  const row = world.database.get('resource', key);
  if (row === undefined) throw notFound(key);
  const caller = request.caller === undefined ? {} : { caller: request.caller };
  return { target: { world, project, scope, key, name: splitKey(key).name, ...caller }, row };
}

/** When and for whom a change is made. */
export interface ChangeContext {
  readonly atMs: number;
  readonly clientOperationId?: string | undefined;
  readonly fault?: OperationFault | undefined;
  readonly user?: string | undefined;
}

function contextOf(world: World, request: ApiRequest): ChangeContext {
  return {
    atMs: world.clock.now(),
    clientOperationId: requestIdOf(request),
    fault: request.operationFault,
    user: request.caller,
  };
}

/** Starts the deletion that a request wants and returns the key of its operation. */
export function deleteResource(world: World, type: ComputeType, verb: DeleteVerb, request: ApiRequest): string {
  const { target, row } = findResource(world, type, request);
  requireIdle(world, target.key, row);
  verb.check?.(target, row);
  for (const reference of verb.needsIdleReferences === true ? type.references(row) : []) {
    if (world.indexes.inFlight(reference).size > 0) throw notReady(reference);
  }
  if (verb.inUse === 'at-call') refuseWhenUsed(target, type);
  return beginDelete(target, type, row, contextOf(world, request));
}

/** Starts a deletion without asking whether it is allowed, and returns the key of its operation. */
export function beginDelete(target: Target, type: ComputeType, row: ResourceRow, context: ChangeContext): string {
  const begun: ResourceRow = { ...row, phase: 'deleting', body: type.delete?.begin?.(row) ?? row.body };
  target.world.database.put('resource', target.key, begun);
  type.delete?.begun?.(target, begun, context.atMs);
  return startOperation(target, type, {
    operationType: 'delete',
    latencyMs: type.latencyMs.delete,
    effect: { action: 'delete' },
    targetId: String(row.body['id']),
    ...context,
  });
}

/** Starts the change that a request wants and returns the key of its operation. */
export function mutateResource(world: World, type: ComputeType, mutation: Mutation, request: ApiRequest): string {
  const { nameParameter } = mutation;
  const named = nameParameter === undefined ? param(request, 'resource') : nameIn(request, nameParameter);
  const { target, row } = findNamed(world, type, request, named);
  if (row.phase !== 'ready') throw notReady(target.key);
  const body = mutation.request === undefined ? {} : requestBody(target, type, mutation.request, request);
  const parameters = (mutation.parameters ?? []).flatMap((name) => {
    const value = request.query.get(name);
    return value === null ? [] : [[`?${name}`, value]];
  });
  const sent: JsonObject = parameters.length === 0 ? body : { ...body, ...Object.fromEntries(parameters) };
  return beginMutation(target, type, row, mutation, sent, contextOf(world, request));
}

/** Starts a change and returns the key of its operation. Throws the ApiError of what is wrong with it. */
export function beginMutation(
  target: Target,
  type: ComputeType,
  row: ResourceRow,
  mutation: Mutation,
  sent: JsonObject,
  context: ChangeContext,
): string {
  const { database } = target.world;
  const before = new Set(type.references(row));
  const changed: ResourceRow = { ...row, body: mutation.apply(target, row, sent) };
  for (const reference of type.references(changed)) if (!before.has(reference)) requireReady(target.world, reference);
  const failure =
    quotaFailure(target.world, increase(target.key, type, row, changed)) ?? mutation.failure?.(target, row);
  if (mutation.begin !== undefined) database.put('resource', target.key, { ...row, body: mutation.begin(row) });
  return startOperation(target, type, {
    operationType: mutation.operationType,
    latencyMs: mutation.latencyMs,
    effect: {
      action: 'mutate',
      method: methodName(mutation),
      body: sent,
      ...(failure === undefined ? {} : { failure }),
    },
    targetId: String(row.body['id']),
    ...context,
  });
}

/** What a change counts for in quotas. */
function increase(key: string, type: ComputeType, before: ResourceRow, after: ResourceRow): readonly UsageClaim[] {
  const usageOf = (row: ResourceRow) => type.counted?.usage(key, row) ?? [];
  const less = usageOf(before).map(([scope, metric, amount]): UsageClaim => [scope, metric, -amount]);
  return [...usageOf(after), ...less];
}

/** The checked body of a call on a resource. */
export function requestBody(
  { scope }: Pick<Target, 'scope'>,
  type: ComputeType,
  { message, writable }: RequestBody,
  request: ApiRequest,
): JsonObject {
  const name = typeof message === 'string' ? message : (message[scope.kind] ?? '');
  return checkBody(request.body, name, writable, [...COMMON_OUTPUT, ...type.outputOnly]);
}

function nameIn(request: ApiRequest, parameter: string): string {
  const name = request.query.get(parameter) ?? request.body['name'];
  if (typeof name !== 'string' || name === '') throw requiredField(parameter);
  return name;
}
