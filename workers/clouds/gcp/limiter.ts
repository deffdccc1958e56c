import type { Bucket, Limits } from './limits.ts';

/** Counts calls the way Google does: a full bucket at the start of each window, which for Google is a minute. */
export interface Limiter {
  /** Counts a call, or answers in how many milliseconds one may be sent again. */
  take(bucket: Bucket): number | undefined;
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
    return Math.ceil(windowMs - (now() % windowMs) + random() * Math.min(spreadMs, windowMs / 10));
  }

  return {
    take(bucket) {
      const entry = entryOf(bucket.key);
      if (entry.count >= limits[bucket.family]) return untilNextMs();
      entry.count += 1;
      return undefined;
    },
    drain(bucket) {
      entryOf(bucket.key).count = Infinity;
      return untilNextMs();
    },
  };
}
