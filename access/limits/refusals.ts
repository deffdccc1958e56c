import { setTimeout as sleep } from 'node:timers/promises';
import { createPurse } from './purse.ts';
import { createPurses } from './purses.ts';

/** Who is refused more often is told late. */
const atOnce = { perSecond: 20, burst: 100 };
/** How late, at random: those who were told together would come back together. */
const lateMs = { least: 500, most: 2_000 };
/** Refusals of one key that wait to be told. */
const mostLate = 200;
/** Who is told has his body read first, and thrown away; a larger one is not worth that to be told late. */
const mostBodyBytes = 64 * 1024;

/** Refusing costs too: whoever goes on asking is slowed down. */
export interface Refusals {
  /** Answers whether to tell who sends a body of this size, at once or late; false: cut the connection. */
  turnAway(key: string, bodyBytes: number): boolean | Promise<boolean>;
}

export function createRefusals(): Refusals {
  const purses = createPurses(() => createPurse(atOnce));
  const late = new Map<string, number>();

  async function tellLate(key: string, before: number): Promise<boolean> {
    late.set(key, before + 1);
    await sleep(lateMs.least + Math.random() * (lateMs.most - lateMs.least));
    const left = (late.get(key) ?? 1) - 1;
    if (left === 0) late.delete(key);
    else late.set(key, left);
    return true;
  }

  return {
    turnAway(key, bodyBytes) {
      if (purses.of(key).take(1) === 0) return true;
      if (bodyBytes > mostBodyBytes) return false;
      const waiting = late.get(key) ?? 0;
      return waiting < mostLate && tellLate(key, waiting);
    },
  };
}
