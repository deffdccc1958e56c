import { pacificTime } from '../core/timestamps.ts';
import type { JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { alreadyExists, invalidValue, notFound, notReady, requiredField } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { checkBody } from './check-body.ts';
import { linkOf } from './links.ts';
import { startOperation } from './operations.ts';
import { computeType } from './registry.ts';
import { requestIdOf } from './request-ids.ts';
import type { ComputeType, InsertVerb, Target } from './resource-type.ts';
import { projectOf, scopeOf, scopePath } from './scope.ts';
import { COMMON_OUTPUT, NAME } from './rules.ts';

/** `POST` on a collection: returns the key of the operation that makes the resource. */
export function insertResource(world: World, type: ComputeType, verb: InsertVerb, request: ApiRequest): string {
  const project = projectOf(request);
  const scope = scopeOf(request, type.scope);
  const body = checkBody(request.body, {
    message: type.message,
    writable: verb.writable,
    outputOnly: [...COMMON_OUTPUT, ...type.outputOnly],
  });
  const name = stringAt(body, 'name');
  if (name === undefined || name === '') throw requiredField('resource.name');
  if (!NAME.test(name)) throw invalidValue('resource.name', name, `Must be a match of regex '${NAME.source}'`);

  const key = `projects/${project}/${scopePath(scope)}/${type.collection}/${name}`;
  const target: Target = { world, project, scope, key, name };
  refuseTaken(world, key);
  const prepared = verb.prepare(target, body);
  const companions = prepared.companions ?? [];
  for (const companion of companions) refuseTaken(world, companion.key);

  const put = (at: string, of: ComputeType, own: JsonObject, hidden: JsonObject | undefined) => {
    const common = commonFields(world, of, { ...target, key: at }, own);
    const row = {
      type: of.collection,
      phase: 'creating',
      body: common,
      ...(hidden === undefined ? {} : { hidden }),
    } as const;
    for (const reference of of.references(row)) requireReady(world, reference, companions);
    world.database.put('resource', at, row);
    return common;
  };
  for (const companion of companions) put(companion.key, computeType(companion.type), companion.body, undefined);
  const hidden = companions.length === 0 ? undefined : { companions: companions.map((companion) => companion.key) };
  const { id } = put(key, type, { name, ...prepared.body }, hidden);

  return startOperation(target, type, {
    operationType: 'insert',
    latencyMs: type.latencyMs.insert,
    effect: { action: 'insert', ...(prepared.failure === undefined ? {} : { failure: prepared.failure }) },
    targetId: String(id),
    clientOperationId: requestIdOf(request),
    fault: request.operationFault,
  });
}

/** 409 for a name that something has, even if it is not visible yet or any more. */
function refuseTaken(world: World, key: string): void {
  if (world.database.get('resource', key) !== undefined) throw alreadyExists(key);
}

/** What every resource has; the scope's link only outside `global`. */
function commonFields(world: World, type: ComputeType, target: Target, own: JsonObject): JsonObject {
  const { project, scope, key } = target;
  return {
    kind: type.kind,
    id: world.random.digits(19),
    creationTimestamp: pacificTime(world.clock.now()),
    ...own,
    ...(scope.kind === 'global' ? {} : { [scope.kind]: linkOf(`projects/${project}/${scopePath(scope)}`) }),
    selfLink: linkOf(key),
  };
}

/** 404 for a reference to nothing, 400 for one to something that is being made, changed or deleted. */
function requireReady(world: World, reference: string, companions: readonly { key: string }[]): void {
  if (companions.some((companion) => companion.key === reference)) return;
  const referred = world.database.get('resource', reference);
  if (referred === undefined) throw notFound(reference);
  if (referred.phase !== 'ready' || world.indexes.inFlight(reference).size > 0) throw notReady(reference);
}
