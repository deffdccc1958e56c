import { setTimeout as sleep } from 'node:timers/promises';
import type { InTurn } from '../../store/types.ts';
import type { Account } from './account.ts';
import { inSlices } from './slices.ts';
import { tooMany } from './too-many.ts';
import { createTurns, type Turns } from './turns.ts';
import { tokensOf } from './work.ts';

/** How the watches of one identity share what there is with each other and with everybody. */
export interface WatchTurns {
  /** Reads a part of the state: when it is paid for, and there is nobody before it. Rejects with TooMany after a minute. */
  readonly read: InTurn;
  /** Works out one event. */
  readonly event: InTurn;
}

/** A watch has nobody who waits for it in front of a screen. */
const waitMs = 60_000;
/** About what a part of the state has, see store/watch.ts. */
const partBytes = 128 * 1024;
const tokens = tokensOf(partBytes, 'worked');

/** Turns for the reads of watches, which are others than those of requests: a watch may have to wait long. */
export function watchReads(total: number): Turns {
  return createTurns({ total, waitMs });
}

export function createWatchTurns({ key, limits, purses }: Account, reads: Turns): WatchTurns {
  async function paid(): Promise<void> {
    const untilMs = performance.now() + waitMs;
    for (;;) {
      const shortMs = purses.read.take(tokens);
      if (shortMs === 0) return;
      if (performance.now() + shortMs > untilMs) throw tooMany('a watch of yours waited too long', shortMs);
      await sleep(shortMs);
    }
  }
  return {
    async read(work) {
      await paid();
      // Each watch reads one thing at a time, so this line is as long as there are watches.
      const entered = reads.enter(key, { most: limits.watchReads, waiting: limits.watches });
      const release = typeof entered === 'function' ? entered : await entered;
      try {
        return await work();
      } finally {
        release();
      }
    },
    event: inSlices,
  };
}
