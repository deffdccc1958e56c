import type { ResourceMetric } from '../../kinds/generated/types.ts';
import { parseQuantity } from '../../kinds/quantity.ts';

/** How far usage may be from its target before anything changes, as a part of the target. */
const tolerance = 0.1;
/** So much above a whole number is the work of the processor's arithmetic. */
const hair = 1e-9;
/** The number of instances falls only when fewer were enough all this time. */
export const stabilisationMs = 5 * 60_000;

/** What the number of instances is decided from. */
export interface ScaleQuestion {
  /** Instances that should exist now. */
  readonly current: number;
  readonly min: number;
  readonly max: number;
  readonly targets: readonly ResourceMetric['target'][];
  /** Processors that an instance has. */
  readonly cpusEach: number;
  /** Part of its processors that each instance used, from 0 to 1; undefined where that is not known. */
  readonly uses: readonly (number | undefined)[];
  readonly memory: ScaleMemory;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** What was recommended while fewer than there are were enough; empty otherwise. */
export interface ScaleMemory {
  /** Since when fewer are enough, epoch ms. */
  readonly lowSinceMs: number | undefined;
  /** Recommendations since, of which none is followed by a later one that is as high. */
  readonly recommendations: readonly { readonly atMs: number; readonly replicas: number }[];
}

export type ScaleReason =
  | 'OutsideLimits'
  | 'NoSamples'
  | 'WithinTolerance'
  | 'ScaledUp'
  | 'ScaledDown'
  | 'Stabilising'
  | 'AtMaximum'
  | 'AtMinimum';

export interface ScaleDecision {
  readonly replicas: number;
  readonly reason: ScaleReason;
  /** Why, for people. */
  readonly message: string;
  readonly memory: ScaleMemory;
}

const nothing: ScaleMemory = { lowSinceMs: undefined, recommendations: [] };

/**
 * How many instances there should be: for each target `current × use / target`, rounded up, and the highest of them. What is not
 * known of an instance is taken to be what changes least: idle where more would come, on target where fewer. More come
 * at once, fewer once nothing else was recommended for five minutes.
 */
export function decideScale(question: ScaleQuestion): ScaleDecision {
  const { current, min, max, uses, memory, nowMs } = question;
  if (current < min || current > max) {
    const replicas = clamp(current, min, max);
    return {
      replicas,
      reason: 'OutsideLimits',
      message: `${current} is not between ${min} and ${max}`,
      memory: nothing,
    };
  }
  const known = uses.filter((use) => use !== undefined);
  if (known.length === 0)
    return { replicas: current, reason: 'NoSamples', message: 'The use of no instance is known', memory };
  const mean = known.reduce((sum, use) => sum + use, 0) / known.length;
  const wanted = Math.max(...question.targets.map((target) => wantedBy(target, question, known)));
  const replicas = clamp(wanted, min, max);
  const use = `CPU use is ${Math.round(mean * 100)} % (${known.length} of ${current} instances known)`;
  if (replicas > current) {
    const reason = wanted > max ? 'AtMaximum' : 'ScaledUp';
    return { replicas, reason, message: `${use}: ${wanted} are needed, of ${max} at most`, memory: nothing };
  }
  if (replicas === current) {
    const reason = wanted > current ? 'AtMaximum' : wanted < current ? 'AtMinimum' : 'WithinTolerance';
    return { replicas, reason, message: `${use}: ${wanted} are needed`, memory: nothing };
  }
  const next = remember(memory, replicas, nowMs);
  const isStable = next.lowSinceMs !== undefined && nowMs - next.lowSinceMs >= stabilisationMs;
  const highest = Math.max(...next.recommendations.map((one) => one.replicas));
  return isStable
    ? { replicas: highest, reason: 'ScaledDown', message: `${use}: ${highest} were enough for 5 min`, memory: nothing }
    : {
        replicas: current,
        reason: 'Stabilising',
        message: `${use}: fewer are enough, which must last 5 min`,
        memory: next,
      };
}

/** How many one target asks for. */
function wantedBy(target: ResourceMetric['target'], question: ScaleQuestion, known: readonly number[]): number {
  const { current, cpusEach } = question;
  const used = known.reduce((sum, use) => sum + use, 0);
  // In processors, as a quantity is; a percentage is of what an instance has.
  const each = targetEach(target, current, cpusEach);
  const missing = Math.max(0, current - known.length);
  const ratioOf = (assumed: number): number => (used * cpusEach + missing * assumed) / (current * each);
  const ratio = (used * cpusEach) / (known.length * each);
  if (isOnTarget(ratio)) return current;
  const careful = ratioOf(ratio > 1 ? 0 : each);
  if (isOnTarget(careful) || careful > 1 !== ratio > 1) return current;
  return Math.max(1, Math.ceil(current * careful - hair));
}

function isOnTarget(ratio: number): boolean {
  return Math.abs(ratio - 1) <= tolerance + hair;
}

/** Processors that each instance should use. */
function targetEach(
  { value, averageValue, averageUtilization }: ResourceMetric['target'],
  current: number,
  cpusEach: number,
) {
  if (averageUtilization !== undefined) return (averageUtilization / 100) * cpusEach;
  if (averageValue !== undefined) return cpusOf(averageValue);
  return cpusOf(value ?? '1') / current;
}

function cpusOf(quantity: string | number): number {
  return Number(parseQuantity(quantity) ?? 1_000_000_000n) / 1e9;
}

/** The memory with another recommendation: what is older than the window or lower than a later one matters no more. */
function remember(
  { lowSinceMs = undefined, recommendations }: ScaleMemory,
  replicas: number,
  nowMs: number,
): ScaleMemory {
  const kept = recommendations.filter((one) => one.atMs > nowMs - stabilisationMs && one.replicas > replicas);
  return { lowSinceMs: lowSinceMs ?? nowMs, recommendations: [...kept, { atMs: nowMs, replicas }] };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
