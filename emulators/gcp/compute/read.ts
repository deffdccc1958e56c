import { listedKeys, listedRow } from '../core/collection-rows.ts';
import type { ResourceRow } from '../core/database.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { numberAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { notFound } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { findResource, requestBody } from './change.ts';
import type { ListSource } from './list.ts';
import { listAnswer, listPage } from './list.ts';
import type { ComputeType, ReadCall } from './resource-type.ts';
import { projectOf, scopeOf, scopePath } from './scope.ts';

export function getResource(world: World, type: ComputeType, request: ApiRequest): Json {
  const { target, row } = findResource(world, type, request);
  const body = visibleBody(world, type, target.key, row);
  if (body === undefined) throw notFound(target.key);
  return body;
}

/** Answers a call such as `listManagedInstances`. */
export function readCall(world: World, type: ComputeType, call: ReadCall, request: ApiRequest): Json {
  const { target, row } = findResource(world, type, request);
  if (visibleBody(world, type, target.key, row) === undefined) throw notFound(target.key);
  const body = call.request === undefined ? request.body : requestBody(target, type, call.request, request);
  return call.answer(target, row, { ...request, body });
}

export function listResources(world: World, type: ComputeType, request: ApiRequest): Json {
  const key = `projects/${projectOf(request)}/${scopePath(scopeOf(request))}/${type.collection}`;
  return listAnswer(`${type.kind}List`, key, listPage(request, resourceSource(world, type, key)));
}

/** The resources of one collection as a list shows them. */
export function resourceSource(world: World, type: ComputeType, collection: string): ListSource {
  return {
    keys: listedKeys(world, collection),
    bodyOf(key) {
      const row = listedRow(world, key);
      return row === undefined ? undefined : visibleBody(world, type, key, row);
    },
  };
}

function visibleBody(world: World, type: ComputeType, key: string, row: ResourceRow): JsonObject | undefined {
  if (row.phase === 'creating' && !type.visibleWhileCreating) return undefined;
  // A fault may keep what is made from being seen.
  if ((numberAt(row.hidden ?? {}, 'shownMs') ?? 0) > world.clock.now()) return undefined;
  return type.view?.(world, key, row) ?? row.body;
}
