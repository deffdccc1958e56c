import type { Json } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/router.ts';
import { requireOperationSlot } from '../quota/rate-limits.ts';
import { aggregatedList } from './aggregated-list.ts';
import { IMAGE_ROUTES } from './catalog/image-routes.ts';
import { placeRoutes } from './catalog/place-routes.ts';
import { deleteResource, mutateResource } from './change.ts';
import { insertResource } from './insert.ts';
import { callNeeds, insertNeeds } from './needs.ts';
import { operationRoutes } from './operation-calls.ts';
import { operationBody } from './operations.ts';
import { projectRoutes } from './project-routes.ts';
import { getResource, listResources, readCall } from './read.ts';
import { COMPUTE_TYPES } from './registry.ts';
import { usableSubnetworksRoute } from './usable-subnetworks.ts';
import { rememberRequest, replayedOperation } from './request-ids.ts';
import type { ComputeType } from './resource-type.ts';
import type { ScopeKind } from './scope.ts';
import { projectOf, scopePattern } from './scope.ts';

/** Every call of Compute v1 that the emulator knows. */
export function computeRoutes(world: World): readonly Route[] {
  return [
    ...COMPUTE_TYPES.flatMap((type) => aggregatedRoutes(world, type)),
    ...COMPUTE_TYPES.flatMap((type) => type.scopes.flatMap((scope) => typeRoutes(world, type, scope))),
    ...(['global', 'region', 'zone'] as const).flatMap((kind) => operationRoutes(world, kind)),
    ...IMAGE_ROUTES,
    ...placeRoutes(world),
    ...projectRoutes(world),
    usableSubnetworksRoute(world),
  ];
}

function aggregatedRoutes(world: World, type: ComputeType): readonly Route[] {
  if (type.aggregated !== true) return [];
  const pattern = `/compute/v1/projects/{project}/aggregated/${type.collection}`;
  const needs = (request: ApiRequest) => [
    { permission: `compute.${type.collection}.list`, on: `projects/${projectOf(request)}` },
  ];
  return [{ method: 'GET', pattern, needs, handler: (request) => aggregatedList(world, type, request) }];
}

function typeRoutes(world: World, type: ComputeType, scope: ScopeKind): readonly Route[] {
  const collection = `/compute/v1/projects/{project}/${scopePattern(scope)}/${type.collection}`;
  const resource = `${collection}/{resource}`;
  const { insert, delete: remove } = type;
  const mutating = (start: (request: ApiRequest) => string) => (request: ApiRequest) => onceOnly(world, request, start);
  const routes: Route[] = [
    {
      method: 'GET',
      pattern: collection,
      needs: callNeeds(type, 'list'),
      handler: (request) => listResources(world, type, request),
    },
    {
      method: 'GET',
      pattern: resource,
      needs: callNeeds(type, 'get'),
      handler: (request) => getResource(world, type, request),
    },
  ];
  if (insert !== undefined && (insert.scopes ?? type.scopes).includes(scope)) {
    const handler = mutating((request) => insertResource(world, type, insert, request));
    const needs = insertNeeds(type);
    routes.push({ method: 'POST', pattern: collection, needs, handler, ...parametersOf(insert) });
  }
  if (remove !== undefined && (remove.scopes ?? type.scopes).includes(scope)) {
    const handler = mutating((request) => deleteResource(world, type, remove, request));
    routes.push({ method: 'DELETE', pattern: resource, needs: callNeeds(type, 'delete'), handler });
  }
  for (const mutation of type.mutations) {
    if (mutation.scopes?.includes(scope) === false) continue;
    const on = mutation.nameParameter === undefined ? resource : collection;
    const pattern = mutation.verb === undefined ? on : `${on}/${mutation.verb}`;
    const handler = mutating((request) => mutateResource(world, type, mutation, request));
    const needs = callNeeds(type, mutation.permission ?? 'update');
    routes.push({ method: mutation.httpMethod, pattern, needs, handler, ...parametersOf(mutation) });
  }
  for (const read of type.reads ?? []) {
    if (read.scopes?.includes(scope) === false) continue;
    const handler = (request: ApiRequest) => readCall(world, type, read, request);
    const needs = callNeeds(type, read.permission ?? 'get');
    const pattern = `${resource}/${read.verb}`;
    routes.push({ method: read.httpMethod, pattern, needs, handler, ...parametersOf(read) });
  }
  return routes;
}

function parametersOf(call: { parameters?: readonly string[]; nameParameter?: string }): Pick<Route, 'parameters'> {
  const { parameters = [], nameParameter } = call;
  const all = nameParameter === undefined ? parameters : [...parameters, nameParameter];
  return all.length === 0 ? {} : { parameters: all };
}

/** Answers with the operation that the request starts, or has started when it came before with the same id. */
function onceOnly(world: World, request: ApiRequest, start: (request: ApiRequest) => string): Json {
  const project = projectOf(request);
  const replayed = replayedOperation(world, project, request);
  if (replayed === undefined) requireOperationSlot(world, project);
  const key = replayed ?? start(request);
  if (replayed === undefined) rememberRequest(world, project, request, key);
  const operation = world.database.get('operation', key);
  if (operation === undefined) throw new Error(`the operation ${key} is gone`);
  return operationBody(world, key, operation);
}
