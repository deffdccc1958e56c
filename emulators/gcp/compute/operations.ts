import type { OperationEffect, OperationError, OperationRow, OperationWarning } from '../core/database.ts';
import { pacificTime } from '../core/timestamps.ts';
import type { World } from '../core/world.ts';
import type { JsonObject } from '../core/json.ts';
import type { OperationFault } from '../faults/rule.ts';
import { ApiError } from '../http/api-error.ts';
import { runEffect } from './effects.ts';
import { linkOf } from './links.ts';
import type { ComputeType, LatencyRange, Target } from './resource-type.ts';
import { durationMs } from './latency.ts';
import { operationErrorOf, operationFault } from './operation-errors.ts';
import { scopeOfKey, scopePath } from './scope.ts';

export const OPERATION_DONE = 'operation.done';

/** Who an operation says it was started by when the caller has shown no credential. */
const ANONYMOUS = 'anonymous@emulator.invalid';

/** Google keeps operations about 14 days after their end. */
const RETENTION_MS = 14 * 24 * 3_600_000;
const MOST_FORGOTTEN_AT_ONCE = 100;

export interface NewOperation {
  readonly operationType: string;
  readonly latencyMs: LatencyRange;
  readonly effect: OperationEffect;
  /** `id` of the resource, to tell its incarnation. */
  readonly targetId: string;
  readonly atMs: number;
  readonly clientOperationId?: string | undefined;
  readonly fault?: OperationFault | undefined;
  readonly user?: string | undefined;
  readonly warnings?: readonly OperationWarning[] | undefined;
}

/** Starts an operation on the target and returns its key. With no latency it has ended when this returns. */
export function startOperation(target: Target, type: ComputeType, operation: NewOperation): string {
  const { world, project, scope } = target;
  const { database, random, timers } = world;
  const insertMs = operation.atMs;
  const order = database.nextCount().toString(16).padStart(13, '0');
  const name = `operation-${insertMs}-${order}-${random.hex(8)}-${random.hex(8)}`;
  const collection = `projects/${project}/${scopePath(scope)}/operations`;
  const key = `${collection}/${name}`;
  forgetExpired(world, collection);

  const lastsMs = durationMs(world, operation.latencyMs, operation.fault);
  const failure = operationFault(operation.fault) ?? operation.effect.failure;
  // One in eight shows PENDING for a moment, as Google's sometimes do.
  const startMs = insertMs + (lastsMs > 0 && random.next() < 0.125 ? Math.round(Math.min(lastsMs, 5_000) / 10) : 0);
  database.put('operation', key, {
    id: random.digits(19),
    operationType: operation.operationType,
    targetKey: target.key,
    targetId: operation.targetId,
    targetType: type.collection,
    insertMs,
    startMs,
    effect: { ...operation.effect, ...faultyEffect(operation.fault), ...(failure === undefined ? {} : { failure }) },
    ...faultyOperation(operation.fault, insertMs),
    ...(operation.clientOperationId === undefined ? {} : { clientOperationId: operation.clientOperationId }),
    ...(operation.user === undefined ? {} : { user: operation.user }),
    ...(operation.warnings === undefined ? {} : { warnings: operation.warnings }),
  });
  if (lastsMs === 0) endOperation(world, key, insertMs);
  else if (lastsMs !== Infinity) timers.schedule(insertMs + lastsMs, OPERATION_DONE, key);
  return key;
}

/** What a fault does to the operation itself, and to what it makes. */
function faultyOperation(
  fault: OperationFault | undefined,
  insertMs: number,
): Pick<OperationRow, 'progress' | 'vanishMs'> {
  if (fault?.kind === 'vanishing-operation') return { vanishMs: insertMs + fault.ms };
  return fault?.kind === 'operation-error' && fault.progress !== undefined ? { progress: fault.progress } : {};
}

function faultyEffect(fault: OperationFault | undefined): Pick<OperationEffect, 'hiddenForMs'> {
  return fault?.kind === 'late-visibility' ? { hiddenForMs: fault.ms } : {};
}

/** The operation with this key, unless it is unknown or too old to be remembered. */
export function readOperation(world: World, key: string): OperationRow | undefined {
  const operation = world.database.get('operation', key);
  const isGone =
    operation === undefined || isExpired(world, operation) || (operation.vanishMs ?? Infinity) <= world.clock.now();
  return isGone ? undefined : operation;
}

function isExpired(world: World, { endMs }: OperationRow): boolean {
  return endMs !== undefined && endMs + RETENTION_MS <= world.clock.now();
}

/** Forgets the oldest operations of a collection; names are in order of age. */
function forgetExpired(world: World, collection: string): void {
  for (const key of world.indexes.operations.keys(collection).slice(0, MOST_FORGOTTEN_AT_ONCE)) {
    if (readOperation(world, key) !== undefined) return;
    world.database.delete('operation', key);
  }
}

/** Does what the operation was for, or notes why it failed. Nothing happens when it has ended before. */
export function endOperation(world: World, key: string, atMs: number): void {
  const operation = world.database.get('operation', key);
  if (operation?.effect === undefined) return;
  const error = tryEffect(world, operation, operation.effect, atMs);
  const { effect: _done, ...rest } = operation;
  world.database.put('operation', key, { ...rest, endMs: atMs, ...(error === undefined ? {} : { error }) });
}

function tryEffect(
  world: World,
  operation: OperationRow,
  effect: OperationEffect,
  atMs: number,
): OperationError | undefined {
  if (effect.failure !== undefined) {
    runEffect(world, operation, effect, 'fail', atMs);
    return effect.failure;
  }
  try {
    runEffect(world, operation, effect, 'succeed', atMs);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    runEffect(world, operation, effect, 'fail', atMs);
    return operationErrorOf(error);
  }
}

/** The operation as Google sends it. */
export function operationBody(world: World, key: string, operation: OperationRow): JsonObject {
  const scope = scopeOfKey(key);
  const project = key.split('/')[1] ?? '';
  const { endMs, error, clientOperationId } = operation;
  const running = endMs !== undefined || world.clock.now() >= operation.startMs;
  const place = scope.kind === 'global' ? {} : { [scope.kind]: linkOf(`projects/${project}/${scopePath(scope)}`) };
  return {
    kind: 'compute#operation',
    id: operation.id,
    name: key.slice(key.lastIndexOf('/') + 1),
    ...(clientOperationId === undefined ? {} : { clientOperationId }),
    operationType: operation.operationType,
    targetLink: linkOf(operation.targetKey),
    targetId: operation.targetId,
    status: endMs === undefined ? (running ? 'RUNNING' : 'PENDING') : 'DONE',
    user: operation.user ?? ANONYMOUS,
    progress: endMs === undefined ? (operation.progress ?? 0) : 100,
    insertTime: pacificTime(world.clock.wall(operation.insertMs)),
    ...(running ? { startTime: pacificTime(world.clock.wall(operation.startMs)) } : {}),
    ...(endMs === undefined ? {} : { endTime: pacificTime(world.clock.wall(endMs)) }),
    ...(operation.warnings === undefined ? {} : { warnings: operation.warnings.map(warningBody) }),
    ...(error === undefined
      ? {}
      : {
          error: { errors: [errorBody(error)] },
          httpErrorStatusCode: error.httpStatus,
          httpErrorMessage: HTTP_MESSAGES[error.httpStatus] ?? 'INTERNAL SERVER ERROR',
        }),
    selfLink: linkOf(key),
    ...place,
  };
}

function errorBody({ code, message, details }: OperationError): JsonObject {
  return { code, message, ...(details === undefined ? {} : { errorDetails: details }) };
}

function warningBody({ code, message, data }: OperationWarning): JsonObject {
  const entries = Object.entries(data ?? {}).map(([key, value]) => ({ key, value }));
  return { code, message, ...(entries.length === 0 ? {} : { data: entries }) };
}

const HTTP_MESSAGES: Readonly<Record<number, string>> = {
  400: 'BAD REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT FOUND',
  409: 'CONFLICT',
  412: 'PRECONDITION FAILED',
  503: 'SERVICE UNAVAILABLE',
};
