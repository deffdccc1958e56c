import type { Json } from '../core/json.ts';
import type { OperationRow } from '../core/database.ts';
import type { World } from '../core/world.ts';
import { notFound, notReady } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { param } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { listAnswer, listPage } from './list.ts';
import { operationBody, readOperation } from './operations.ts';
import type { ScopeKind } from './scope.ts';
import { projectOf, scopeOf, scopePath, scopePattern } from './scope.ts';

/** Google answers a `wait` after two minutes at most, whether the operation is done or not. */
const WAIT_LIMIT_MS = 120_000;

/** get, list, delete and wait for the operations of one kind of scope. */
export function operationRoutes(world: World, kind: ScopeKind): readonly Route[] {
  const collection = `/compute/v1/projects/{project}/${scopePattern(kind)}/operations`;
  const needs = (verb: string) => (request: ApiRequest) => [
    { permission: `compute.${kind}Operations.${verb}`, on: `projects/${projectOf(request)}` },
  ];
  const one = `${collection}/{operation}`;
  return [
    { method: 'GET', pattern: collection, needs: needs('list'), handler: (request) => list(world, request) },
    { method: 'GET', pattern: one, needs: needs('get'), handler: (request) => get(world, request) },
    { method: 'DELETE', pattern: one, needs: needs('delete'), handler: (request) => remove(world, request) },
    {
      method: 'POST',
      pattern: `${one}/wait`,
      needs: needs('get'),
      waits: true,
      handler: (request) => wait(world, request),
    },
  ];
}

function list(world: World, request: ApiRequest): Json {
  const collection = collectionOf(request);
  const page = listPage(request, {
    keys: world.indexes.operations.keys(collection),
    keysByAge: true,
    bodyOf(key) {
      const operation = readOperation(world, key);
      return operation === undefined ? undefined : operationBody(world, key, operation);
    },
  });
  return listAnswer('compute#operationList', collection, page);
}

function get(world: World, request: ApiRequest): Json {
  const { key, operation } = find(world, request);
  return operationBody(world, key, operation);
}

function remove(world: World, request: ApiRequest): Json {
  const { key, operation } = find(world, request);
  if (operation.endMs === undefined) throw notReady(key);
  world.database.delete('operation', key);
  return {};
}

async function wait(world: World, request: ApiRequest): Promise<Json> {
  const { key } = find(world, request);
  const limitMs = world.clock.now() + WAIT_LIMIT_MS;
  // A clock that is moved by hand may never get there.
  const realLimitMs = Date.now() + WAIT_LIMIT_MS;
  for (;;) {
    const operation = readOperation(world, key);
    if (operation === undefined) throw notFound(key);
    const late = world.clock.now() >= limitMs || Date.now() >= realLimitMs || request.signal.aborted;
    if (operation.endMs !== undefined || late) return operationBody(world, key, operation);
    await world.timers.nextDue(limitMs, realLimitMs - Date.now(), request.signal);
    world.timers.settle();
  }
}

function find(world: World, request: ApiRequest): { key: string; operation: OperationRow } {
  const collection = collectionOf(request);
  const given = param(request, 'operation');
  const key = (/^\d+$/.test(given) ? keyOfId(world, collection, given) : undefined) ?? `${collection}/${given}`;
  const operation = readOperation(world, key);
  if (operation === undefined) throw notFound(key);
  return { key, operation };
}

function keyOfId(world: World, collection: string, id: string): string | undefined {
  return world.indexes.operations.keys(collection).find((key) => world.database.get('operation', key)?.id === id);
}

function collectionOf(request: ApiRequest): string {
  return `projects/${projectOf(request)}/${scopePath(scopeOf(request))}/operations`;
}
