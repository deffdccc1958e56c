import type { OperationEffect, OperationRow, ResourceRow } from '../core/database.ts';
import type { JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import { inUse } from '../http/api-error.ts';
import { durationMs } from './latency.ts';
import { companionsOf, computeType, targetOfKey } from './registry.ts';
import { removeNow } from './remove.ts';
import type { ComputeType, Mutation, Target } from './resource-type.ts';

export const INSERT_DISCARDED = 'insert.discarded';

/** Brings about the end of an operation. Throws an ApiError, before any write, when it cannot succeed. */
export function runEffect(
  world: World,
  operation: OperationRow,
  effect: OperationEffect,
  outcome: 'succeed' | 'fail',
  atMs: number,
): void {
  const type = computeType(operation.targetType);
  const target = targetOfKey(world, operation.targetKey);
  const row = world.database.get('resource', target.key);
  // Someone else removed it, or removed it and made another one: there is nothing left to do.
  if (row === undefined || row.body['id'] !== operation.targetId) return;
  switch (effect.action) {
    case 'nothing':
      return;
    case 'insert':
      return outcome === 'succeed' ? endInsert(target, type, row, effect, atMs) : undoInsert(target, type, row, atMs);
    case 'delete':
      return outcome === 'succeed' ? endDelete(target, type, row) : undo(target, row, type.delete);
    case 'mutate': {
      const mutation = mutationOf(type, effect.method ?? '');
      return outcome === 'succeed' ? endMutation(target, mutation, row, effect, atMs) : undo(target, row, mutation);
    }
  }
}

/** 400 when something uses the resource, with the first user by name. */
export function refuseWhenUsed(target: Target, type: ComputeType): void {
  const { database, indexes } = target.world;
  const keeps = (user: string) => {
    const row = database.get('resource', user);
    return row === undefined || type.delete?.goesAlong?.(row) !== true;
  };
  const [user] = [...indexes.users(target.key)].filter(keeps).toSorted();
  if (user !== undefined) throw inUse(type.noun, target.key, user);
}

function mutationOf(type: ComputeType, method: string): Mutation {
  const found = type.mutations.find((mutation) => methodName(mutation) === method);
  if (found === undefined) throw new Error(`${type.collection} has no mutation ${method}`);
  return found;
}

/** Names a mutation in a stored effect. */
export function methodName(mutation: Mutation): string {
  return mutation.verb ?? mutation.httpMethod;
}

function endInsert(
  target: Target,
  type: ComputeType,
  row: ResourceRow,
  { hiddenForMs }: OperationEffect,
  atMs: number,
): void {
  const { database } = target.world;
  for (const key of [target.key, ...companionsOf(row)]) {
    const created = database.get('resource', key);
    if (created?.phase !== 'creating') continue;
    const late = hiddenForMs === undefined ? {} : { hidden: { ...created.hidden, shownMs: atMs + hiddenForMs } };
    database.put('resource', key, { ...created, phase: 'ready', ...late });
  }
  type.insert?.done?.(target, database.get('resource', target.key) ?? row, atMs);
}

function undoInsert(target: Target, type: ComputeType, row: ResourceRow, atMs: number): void {
  const { world, key } = target;
  const linger = type.insert?.linger;
  const lingersMs = linger === undefined ? 0 : durationMs(world, linger.latencyMs, undefined);
  if (linger === undefined || lingersMs === 0) return discard(world, key);
  world.database.put('resource', key, { ...row, phase: 'deleting', body: linger.body(row) });
  world.timers.schedule(atMs + lingersMs, INSERT_DISCARDED, key);
}

/** Takes away what a failed insert has left, and the new resources that came with it. */
export function discard({ database }: World, key: string): void {
  const row = database.get('resource', key);
  if (row === undefined) return;
  database.delete('resource', key);
  for (const companion of companionsOf(row)) {
    if (database.get('resource', companion)?.phase === 'creating') database.delete('resource', companion);
  }
}

function endDelete(target: Target, type: ComputeType, row: ResourceRow): void {
  if (type.delete?.inUse === 'at-end') refuseWhenUsed(target, type);
  removeNow(target, type, row);
}

function endMutation(
  target: Target,
  mutation: Mutation,
  row: ResourceRow,
  effect: OperationEffect,
  atMs: number,
): void {
  const sent = effect.body ?? {};
  const body = mutation.apply(target, row, sent);
  const hidden = mutation.hide?.(target, row, sent, atMs) ?? row.hidden;
  const changed: ResourceRow = { ...row, body, ...(hidden === undefined ? {} : { hidden }) };
  target.world.database.put('resource', target.key, changed);
  mutation.done?.(target, changed, atMs);
}

function undo(target: Target, row: ResourceRow, verb: { undo?(row: ResourceRow): JsonObject } | undefined): void {
  const body = verb?.undo?.(row) ?? row.body;
  target.world.database.put('resource', target.key, { ...row, phase: 'ready', body });
}
