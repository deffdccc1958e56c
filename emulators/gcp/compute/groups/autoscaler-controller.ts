import type { Controller } from '../../core/controllers.ts';
import type { ResourceRow } from '../../core/database.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { numberAt, objectAt, objectsAt, sameJson, stringAt } from '../../core/json.ts';
import type { World } from '../../core/world.ts';
import { referredKey } from '../references.ts';
import { bootsOf } from '../resources/instance-power.ts';
import { withFingerprint } from '../rules.ts';
import { amountOf } from './group-spec.ts';
import { cpuUseAt } from './cpu-use.ts';
import { managedOf } from './managed.ts';
import type { PastSize, ScalingMemory, ScalingPolicy } from './recommend.ts';
import { nextSize, rightSize } from './recommend.ts';

export const AUTOSCALER_TICK = 'autoscaler.tick';
const DEFAULT_STABILIZATION_SECS = 600;
const KEPT_SIZES = 100;

/** Gives groups the size that their autoscalers find right. */
export function autoscalerController(world: World): Controller {
  const ofManager = (managerKey: string) =>
    [...world.indexes.users(managerKey)].find((user) => user.includes('/autoscalers/'));
  return {
    concerns(key, row) {
      if (row.type === 'autoscalers') return key;
      if (row.type === 'instanceGroupManagers') return ofManager(key);
      const managerKey = row.type === 'instances' ? stringAt(row.hidden ?? {}, 'managedBy') : undefined;
      return managerKey === undefined ? undefined : ofManager(managerKey);
    },
    tick: (key, atMs) => tick(world, key, atMs),
  };
}

function tick(world: World, key: string, atMs: number): void {
  const autoscaler = world.database.get('resource', key);
  const managerKey = referredKey(stringAt(autoscaler?.body ?? {}, 'target')) ?? '';
  const manager = world.database.get('resource', managerKey);
  if (autoscaler?.phase !== 'ready' || manager?.phase !== 'ready') return;
  const settings = objectAt(autoscaler.body, 'autoscalingPolicy');
  const policy = scalingPolicy(settings);
  const current = numberAt(manager.body, 'targetSize') ?? 0;
  const coolDownMs = (numberAt(settings, 'coolDownPeriodSec') ?? 60) * 1_000;
  const { uses, nextMs } = readUses(world, managerKey, coolDownMs, atMs);
  const right = rightSize(policy, uses);
  const memory: ScalingMemory = {
    right: withSize(pastSizes(autoscaler, 'right'), right, atMs),
    actual: withSize(pastSizes(autoscaler, 'actual'), current, atMs),
  };
  const size = nextSize(policy, current, right, memory, atMs);
  note(world, key, autoscaler, right ?? size, memory);
  if (size !== current) {
    world.database.put('resource', managerKey, {
      ...manager,
      body: withFingerprint({ ...manager.body, targetSize: size }),
    });
  }
  const wakes = [nextMs, right !== undefined && right < size ? nextEnd(memory, policy, atMs) : undefined];
  for (const wakeMs of wakes) if (wakeMs !== undefined) world.timers.schedule(wakeMs, AUTOSCALER_TICK, key);
}

export function scalingPolicy(settings: JsonObject): ScalingPolicy {
  const control = objectAt(settings, 'scaleInControl');
  const maxSize = numberAt(settings, 'maxNumReplicas') ?? 0;
  const mode = stringAt(settings, 'mode') ?? 'ON';
  return {
    minSize: numberAt(settings, 'minNumReplicas') ?? 0,
    maxSize,
    target: Number(objectAt(settings, 'cpuUtilization')['utilizationTarget'] ?? 0.6),
    mode: mode === 'OFF' ? 'OFF' : mode === 'ON' ? 'ON' : 'ONLY_SCALE_OUT',
    stabilizationMs: (numberAt(settings, 'stabilizationPeriodSec') ?? DEFAULT_STABILIZATION_SECS) * 1_000,
    scaleIn:
      control['maxScaledInReplicas'] === undefined
        ? undefined
        : {
            most: amountOf(objectAt(control, 'maxScaledInReplicas'), maxSize),
            windowMs: (numberAt(control, 'timeWindowSec') ?? DEFAULT_STABILIZATION_SECS) * 1_000,
          },
  };
}

/** What the machines use that have had time to start; and when the next of the others will have had it. */
function readUses(
  world: World,
  managerKey: string,
  coolDownMs: number,
  atMs: number,
): { uses: readonly number[]; nextMs: number | undefined } {
  const uses: number[] = [];
  let nextMs: number | undefined;
  for (const { instanceKey } of managedOf(world, managerKey)) {
    const machine = world.database.get('resource', instanceKey);
    const use = machine === undefined ? undefined : cpuUseAt(world, machine, atMs);
    if (machine === undefined || use === undefined) continue;
    const readyMs = (bootsOf(machine).at(-1) ?? 0) + coolDownMs;
    if (readyMs <= atMs) uses.push(use);
    else nextMs = Math.min(nextMs ?? Infinity, readyMs);
  }
  return { uses, nextMs };
}

/** When the size that keeps the group from getting smaller will be forgotten. */
function nextEnd(memory: ScalingMemory, policy: ScalingPolicy, atMs: number): number | undefined {
  const endsOf = (sizes: readonly PastSize[], windowMs: number) => sizes.slice(1).map((past) => past.atMs + windowMs);
  const ends = [
    ...endsOf(memory.right, policy.stabilizationMs),
    ...(policy.scaleIn === undefined ? [] : endsOf(memory.actual, policy.scaleIn.windowMs)),
  ].filter((endMs) => endMs > atMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function pastSizes(row: ResourceRow, which: keyof ScalingMemory): readonly PastSize[] {
  return objectsAt(objectAt(row.hidden ?? {}, 'memory'), which).map((past) => ({
    atMs: numberAt(past, 'atMs') ?? 0,
    size: numberAt(past, 'size') ?? 0,
  }));
}

function withSize(history: readonly PastSize[], size: number | undefined, atMs: number): readonly PastSize[] {
  if (size === undefined || history.at(-1)?.size === size) return history;
  return [...history, { atMs, size }].slice(-KEPT_SIZES);
}

/** Writes down what the autoscaler found, if that is new. */
function note(world: World, key: string, row: ResourceRow, recommendedSize: number, memory: ScalingMemory): void {
  const kept: Json = {
    right: memory.right.map((past) => ({ ...past })),
    actual: memory.actual.map((past) => ({ ...past })),
  };
  if (row.body['recommendedSize'] === recommendedSize && sameJson(kept, row.hidden?.['memory'] ?? {})) return;
  world.database.put('resource', key, {
    ...row,
    body: { ...row.body, recommendedSize },
    hidden: { ...row.hidden, memory: kept },
  });
}
