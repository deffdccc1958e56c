/**
 * Lets something happen at most once per period for each key. `waitMs` answers 0 when it may happen now, and counts that
 * as done; otherwise how long to wait. What it remembers may be lost: the thing then happens once more.
 */
export function createThrottle(periodMs: number, now: () => number = Date.now): { waitMs(key: string): number } {
  const last = new Map<string, number>();
  return {
    waitMs(key) {
      const time = now();
      const waitMs = (last.get(key) ?? -Infinity) + periodMs - time;
      if (waitMs > 0) return waitMs;
      for (const [other, at] of last) if (at + periodMs <= time) last.delete(other);
      last.set(key, time);
      return 0;
    },
  };
}
