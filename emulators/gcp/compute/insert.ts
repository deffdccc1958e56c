import type { ResourceRow } from '../core/database.ts';
import type { UsageClaim } from '../core/indexes.ts';
import { pacificTime } from '../core/timestamps.ts';
import type { JsonObject } from '../core/json.ts';
import { stringAt } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { OperationFault } from '../faults/rule.ts';
import { alreadyExists, invalidValue, requiredField } from '../http/api-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { quotaFailure } from '../quota/usage.ts';
import { checkBody } from './check-body.ts';
import { linkOf, sharedLink } from './links.ts';
import { startOperation } from './operations.ts';
import { requireReady } from './ready.ts';
import { computeType } from './registry.ts';
import { requestIdOf } from './request-ids.ts';
import type { ComputeType, InsertVerb, Target } from './resource-type.ts';
import { projectOf, scopeOf, scopePath } from './scope.ts';
import { COMMON_OUTPUT, NAME } from './rules.ts';

/** `POST` on a collection: returns the key of the operation that makes the resource. */
export function insertResource(world: World, type: ComputeType, verb: InsertVerb, request: ApiRequest): string {
  const body = checkBody(request.body, type.message, verb.writable, [...COMMON_OUTPUT, ...type.outputOnly]);
  const parameters = (verb.parameters ?? []).flatMap((name) => {
    const value = request.query.get(name);
    return value === null ? [] : [[`?${name}`, value]];
  });
  return createResource(world, type, verb, {
    project: projectOf(request),
    scope: scopeOf(request),
    body: parameters.length === 0 ? body : { ...body, ...Object.fromEntries(parameters) },
    atMs: world.clock.now(),
    clientOperationId: requestIdOf(request),
    fault: request.operationFault,
    user: request.caller,
  });
}

/** A resource that somebody wants: a caller, or one of Google's own controllers. */
export interface Wish extends Pick<Target, 'project' | 'scope'> {
  /** As a caller sends it, checked by the schema. */
  readonly body: JsonObject;
  readonly hidden?: JsonObject;
  readonly atMs: number;
  readonly clientOperationId?: string | undefined;
  readonly fault?: OperationFault | undefined;
  readonly user?: string | undefined;
}

/** Starts the making of a resource and returns the key of its operation. Throws the ApiError of what is wrong with it. */
export function createResource(world: World, type: ComputeType, verb: InsertVerb, wish: Wish): string {
  const { project, scope, body, atMs } = wish;
  const name = stringAt(body, 'name');
  if (name === undefined || name === '') throw requiredField('resource.name');
  if (!NAME.test(name)) throw invalidValue('resource.name', name, `Must be a match of regex '${NAME.source}'`);

  const key = `projects/${project}/${scopePath(scope)}/${type.collection}/${name}`;
  const target: Target = {
    world,
    project,
    scope,
    key,
    name,
    ...(wish.user === undefined ? {} : { caller: wish.user }),
  };
  refuseTaken(world, key);
  const prepared = verb.prepare(target, body);
  const companions = prepared.companions ?? [];
  for (const companion of companions) refuseTaken(world, companion.key);

  const claims: UsageClaim[] = [];
  const rows: [string, ResourceRow][] = [];
  const put = (at: string, of: ComputeType, own: JsonObject, hidden: JsonObject) => {
    const common = commonFields(target, of, at, own, atMs);
    const row = {
      type: of.collection,
      phase: 'creating',
      body: common,
      ...(Object.keys(hidden).length === 0 ? {} : { hidden }),
    } as const;
    for (const reference of of.references(row)) {
      const isNew = reference === key || companions.some((companion) => companion.key === reference);
      if (!isNew) requireReady(world, reference);
    }
    claims.push(...(of.counted?.usage(at, row) ?? []));
    rows.push([at, row]);
    return common;
  };
  for (const companion of companions) {
    put(companion.key, computeType(companion.type), companion.body, companion.hidden ?? {});
  }
  const { id } = put(
    key,
    type,
    { name, ...prepared.body },
    {
      ...wish.hidden,
      ...prepared.hidden,
      ...(companions.length === 0 ? {} : { companions: companions.map((companion) => companion.key) }),
    },
  );

  const failure = quotaFailure(world, claims) ?? prepared.failure;
  for (const [at, row] of rows) world.database.put('resource', at, row);

  return startOperation(target, type, {
    operationType: verb.operationType ?? 'insert',
    latencyMs: type.latencyMs.insert,
    effect: { action: 'insert', ...(failure === undefined ? {} : { failure }) },
    targetId: String(id),
    atMs,
    clientOperationId: wish.clientOperationId,
    fault: wish.fault,
    user: wish.user,
    warnings: prepared.warnings,
  });
}

/** 409 for a name that something has, even if it is not visible yet or any more. */
function refuseTaken(world: World, key: string): void {
  if (world.database.get('resource', key) !== undefined) throw alreadyExists(key);
}

/** What every resource has; the scope's link only outside `global`. */
function commonFields(target: Target, type: ComputeType, key: string, own: JsonObject, atMs: number): JsonObject {
  const scope = key.slice(0, key.lastIndexOf('/', key.lastIndexOf('/') - 1));
  const kind = scope.split('/')[2];
  return {
    kind: type.kind,
    id: target.world.random.digits(19),
    creationTimestamp: pacificTime(target.world.clock.wall(atMs)),
    ...own,
    ...(kind === 'zones' ? { zone: sharedLink(scope) } : kind === 'regions' ? { region: sharedLink(scope) } : {}),
    selfLink: linkOf(key),
  };
}
