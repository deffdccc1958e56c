import { ceilingOf, type Limiter, type LimiterOptions, spreadOut } from './limiter.ts';
import type { Bucket } from './limits.ts';
import type { Priority } from './priority.ts';

/** What a bucket gave. */
export interface Grant {
  readonly granted: number;
  /** Until the bucket is full again. */
  readonly endsInMs: number;
}

/** Buckets that all processes take from; windows go by one clock. */
export interface CallBudgets {
  /** Takes up to `count` calls, as long as no more than `limit` are used in the window. */
  take(bucket: string, count: number, limit: number, windowMs: number): Promise<Grant>;
  /** Nothing more in this window. */
  drain(bucket: string, windowMs: number): Promise<void>;
}

/** Calls that a process has taken and not sent yet. */
interface Lease {
  left: number;
  isEmpty: boolean;
  endsAtMs: number;
  asking: Promise<void> | undefined;
}

/** A process takes this part of a limit at once: few questions, and little that lies idle with a process that has no work. */
const leasePart = 1 / 50;

/** A limiter for which all processes count together. */
export function createSharedLimiter({
  limits,
  budgets,
  windowMs = 60_000,
  now = Date.now,
  random = Math.random,
}: LimiterOptions & { readonly budgets: CallBudgets }): Limiter {
  const leases = new Map<string, Lease>();

  function leaseOf(bucket: Bucket, priority: Priority): Lease {
    const key = `${priority} ${bucket.key}`;
    let lease = leases.get(key);
    if (lease === undefined || now() >= lease.endsAtMs) {
      lease = { left: 0, isEmpty: false, endsAtMs: Infinity, asking: undefined };
      leases.set(key, lease);
    }
    return lease;
  }

  async function ask(lease: Lease, bucket: Bucket, priority: Priority): Promise<void> {
    const limit = limits[bucket.family];
    const count = Math.max(1, Math.floor(limit * leasePart));
    const { granted, endsInMs } = await budgets.take(bucket.key, count, ceilingOf(limit, priority), windowMs);
    lease.left += granted;
    lease.isEmpty ||= granted === 0;
    lease.endsAtMs = now() + endsInMs;
  }

  async function takeShared(bucket: Bucket, priority: Priority): Promise<number | undefined> {
    for (;;) {
      const lease = leaseOf(bucket, priority);
      if (lease.isEmpty) return spreadOut(lease.endsAtMs - now(), windowMs, random);
      if (lease.left > 0) {
        lease.left -= 1;
        return undefined;
      }
      lease.asking ??= ask(lease, bucket, priority).finally(() => (lease.asking = undefined));
      await lease.asking;
    }
  }

  return {
    take(bucket, priority = 'user') {
      if (limits[bucket.family] === Infinity) return undefined;
      return takeShared(bucket, priority);
    },
    drain(bucket) {
      const endsInMs = windowMs - (now() % windowMs);
      for (const priority of ['user', 'background'] as const) {
        const lease = leaseOf(bucket, priority);
        Object.assign(lease, { left: 0, isEmpty: true, endsAtMs: Math.min(lease.endsAtMs, now() + endsInMs) });
      }
      // The others find it empty; where that cannot be written, Google tells them.
      budgets.drain(bucket.key, windowMs).catch(() => {});
      return spreadOut(endsInMs, windowMs, random);
    },
  };
}
