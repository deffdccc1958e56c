import { tooMany } from './too-many.ts';
import type { Release } from './turns.ts';

/** Counts what is open, for each key and in all. */
export interface Counted {
  /** Counts one more, or `amount`. Throws TooMany beyond `mostOfKey` or the total. */
  open(key: string, mostOfKey: number, amount?: number): Release;
  of(key: string): number;
  total(): number;
}

/** Nobody knows when somebody else closes something. */
const retryMs = 5_000;

/** `what` names the things in refusals: `watches`. */
export function createCounted(what: string, most: number): Counted {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    open(key, mostOfKey, amount = 1) {
      const count = counts.get(key) ?? 0;
      if (count + amount > mostOfKey) throw tooMany(`too many ${what} are open: at most ${mostOfKey} for one`, retryMs);
      if (total + amount > most) throw tooMany(`too many ${what} are open: at most ${most} in all`, retryMs);
      counts.set(key, count + amount);
      total += amount;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        total -= amount;
        const left = (counts.get(key) ?? amount) - amount;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
    of: (key) => counts.get(key) ?? 0,
    total: () => total,
  };
}
