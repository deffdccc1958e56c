/** When to look at the batches: soon after something new came into one, then less and less often. */
export interface Schedule {
  /** Takes note of what is in the batches now, by an id of each thing; batches that are not named are forgotten. */
  see(batches: ReadonlyMap<string, readonly string[]>): void;
  /** Batches whose time has come. */
  due(): string[];
  /** A batch was looked at; `moved` when something in it had come further. */
  looked(batch: string, moved: boolean): void;
  /** Nothing of this batch for so long. */
  postpone(batch: string, ms: number): void;
  /** Milliseconds until the next batch is due; undefined when there is none. */
  nextInMs(): number | undefined;
}

export const firstDelayMs = 50;
export const longestDelayMs = 5_000;

interface Batch {
  ids: Set<string>;
  delayMs: number;
  dueAtMs: number;
}

export function createSchedule(now: () => number = Date.now): Schedule {
  const batches = new Map<string, Batch>();

  return {
    see(current) {
      for (const key of batches.keys()) if (!current.has(key)) batches.delete(key);
      for (const [key, ids] of current) {
        const batch = batches.get(key);
        const isNew = batch === undefined || ids.some((id) => !batch.ids.has(id));
        if (batch === undefined)
          batches.set(key, { ids: new Set(ids), delayMs: firstDelayMs, dueAtMs: now() + firstDelayMs });
        else {
          batch.ids = new Set(ids);
          if (!isNew) continue;
          batch.delayMs = firstDelayMs;
          batch.dueAtMs = Math.min(batch.dueAtMs, now() + firstDelayMs);
        }
      }
    },
    due: () => [...batches].filter(([, { dueAtMs }]) => dueAtMs <= now()).map(([key]) => key),
    looked(key, moved) {
      const batch = batches.get(key);
      if (batch === undefined) return;
      batch.delayMs = moved ? firstDelayMs : Math.min(batch.delayMs * 2, longestDelayMs);
      batch.dueAtMs = now() + batch.delayMs;
    },
    postpone(key, ms) {
      const batch = batches.get(key);
      if (batch !== undefined) batch.dueAtMs = now() + ms;
    },
    nextInMs() {
      const next = Math.min(...[...batches.values()].map(({ dueAtMs }) => dueAtMs));
      return next === Infinity ? undefined : Math.max(0, next - now());
    },
  };
}
