import type { Bucket, Limits } from './limits.ts';
import type { Priority } from './priority.ts';

/** Counts calls the way Google does: a full bucket at the start of each window, which for Google is a minute. */
export interface Limiter {
  /** Counts a call, or answers in how many milliseconds one may be sent again. */
  take(bucket: Bucket, priority?: Priority): number | undefined | Promise<number | undefined>;
  /** Google says that the bucket is empty: nothing more until the next window. Answers the wait in milliseconds. */
  drain(bucket: Bucket): number;
}

export interface LimiterOptions {
  readonly limits: Limits;
  /** Length of a window; windows are aligned to the clock. Default one minute. */
  readonly windowMs?: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** Waits end a little after the window does, spread so that not all callers come back together. */
const spreadMs = 1_000;

/** What is left for those who wait: work that nobody waits for may use this part of a bucket. */
const backgroundPart = 0.7;

/** How much of a limit calls of a priority may use. */
export function ceilingOf(limit: number, priority: Priority = 'user'): number {
  return priority === 'user' ? limit : Math.floor(limit * backgroundPart);
}

/** A wait until the end of a window in `ms`, and a little longer. */
export function spreadOut(ms: number, windowMs: number, random: () => number): number {
  return Math.ceil(ms + random() * Math.min(spreadMs, windowMs / 10));
}

export function createLimiter({
  limits,
  windowMs = 60_000,
  now = Date.now,
  random = Math.random,
}: LimiterOptions): Limiter {
  const used = new Map<string, { window: number; count: number }>();

  function entryOf(key: string): { window: number; count: number } {
    const window = Math.floor(now() / windowMs);
    let entry = used.get(key);
    if (entry?.window !== window) used.set(key, (entry = { window, count: 0 }));
    return entry;
  }

  function untilNextMs(): number {
    return spreadOut(windowMs - (now() % windowMs), windowMs, random);
  }

  return {
    take(bucket, priority) {
      const entry = entryOf(bucket.key);
      if (entry.count >= ceilingOf(limits[bucket.family], priority)) return untilNextMs();
      entry.count += 1;
      return undefined;
    },
    drain(bucket) {
      entryOf(bucket.key).count = Infinity;
      return untilNextMs();
    },
  };
}
