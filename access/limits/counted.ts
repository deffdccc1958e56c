import { TooMany } from './too-many.ts';
import type { Release } from './turns.ts';

/** Counts what is open, for each key and in all. */
export interface Counted {
  /** Counts one more. Throws TooMany beyond `mostOfKey` or the total. */
  open(key: string, mostOfKey: number): Release;
  of(key: string): number;
}

/** Nobody knows when somebody else closes something. */
const retryMs = 5_000;

/** `what` names the things in refusals: `watches`. */
export function createCounted(what: string, most: number): Counted {
  const counts = new Map<string, number>();
  let total = 0;
  return {
    open(key, mostOfKey) {
      const count = counts.get(key) ?? 0;
      if (count >= mostOfKey) throw new TooMany(`too many ${what} are open: at most ${mostOfKey} for one`, retryMs);
      if (total >= most) throw new TooMany(`too many ${what} are open: at most ${most} in all`, retryMs);
      counts.set(key, count + 1);
      total += 1;
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        total -= 1;
        const left = (counts.get(key) ?? 1) - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
    of: (key) => counts.get(key) ?? 0,
  };
}
