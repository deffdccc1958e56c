import type { ResourceRow } from '../core/database.ts';
import { splitKey } from '../core/collection.ts';
import type { World } from '../core/world.ts';
import { notFound, notReady } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import { checkBody } from './check-body.ts';
import { methodName, refuseWhenUsed } from './effects.ts';
import { startOperation } from './operations.ts';
import { requestIdOf } from './request-ids.ts';
import type { ComputeType, DeleteVerb, Mutation, Target } from './resource-type.ts';
import { COMMON_OUTPUT } from './rules.ts';
import { projectOf, scopeOf, scopePath } from './scope.ts';

/** The resource that a path names, by name or numeric id; 404 when there is none. */
export function findResource(
  world: World,
  type: ComputeType,
  request: ApiRequest,
): { target: Target; row: ResourceRow } {
  const project = projectOf(request);
  const scope = scopeOf(request, type.scope);
  const collection = `projects/${project}/${scopePath(scope)}/${type.collection}`;
  const given = param(request, 'resource');
  const byId = /^[1-9]\d*$/.test(given) ? world.indexes.keyOfId(given) : undefined;
  const key = byId !== undefined && splitKey(byId).collection === collection ? byId : `${collection}/${given}`;
  const row = world.database.get('resource', key);
  if (row === undefined) throw notFound(key);
  return { target: { world, project, scope, key, name: splitKey(key).name }, row };
}

/** Starts a deletion and returns the key of its operation. */
export function deleteResource(world: World, type: ComputeType, verb: DeleteVerb, request: ApiRequest): string {
  const { target, row } = findResource(world, type, request);
  requireIdle(target, row);
  verb.check?.(row);
  for (const reference of verb.needsIdleReferences === true ? type.references(row) : []) {
    if (world.indexes.inFlight(reference).size > 0) throw notReady(reference);
  }
  if (verb.inUse === 'at-call') refuseWhenUsed(target, type);
  const body = verb.begin?.(row) ?? row.body;
  world.database.put('resource', target.key, { ...row, phase: 'deleting', body });
  return startOperation(target, type, {
    operationType: 'delete',
    latencyMs: type.latencyMs.delete,
    effect: { action: 'delete' },
    targetId: String(row.body['id']),
    clientOperationId: requestIdOf(request),
    fault: request.operationFault,
  });
}

/** Starts a change and returns the key of its operation. */
export function mutateResource(world: World, type: ComputeType, mutation: Mutation, request: ApiRequest): string {
  const { target, row } = findResource(world, type, request);
  if (row.phase !== 'ready') throw notReady(target.key);
  const body =
    mutation.request === undefined
      ? {}
      : checkBody(request.body, { ...mutation.request, outputOnly: [...COMMON_OUTPUT, ...type.outputOnly] });
  mutation.apply(target, row, body);
  if (mutation.begin !== undefined) {
    world.database.put('resource', target.key, { ...row, body: mutation.begin(row) });
  }
  return startOperation(target, type, {
    operationType: mutation.operationType,
    latencyMs: mutation.latencyMs,
    effect: { action: 'mutate', method: methodName(mutation), body },
    targetId: String(row.body['id']),
    clientOperationId: requestIdOf(request),
    fault: request.operationFault,
  });
}

/** 400 while the resource, which may still be invisible, is being made, changed or deleted. */
function requireIdle(target: Target, row: ResourceRow): void {
  if (row.phase !== 'ready' || target.world.indexes.inFlight(target.key).size > 0) throw notReady(target.key);
}
