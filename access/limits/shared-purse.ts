import type { Budget } from './limits.ts';
import { createPurse, type Purse } from './purse.ts';

/** Where the tokens of budgets are that several processes share. */
export interface TokenPool {
  /**
   * Notes that `taken` tokens of a budget are gone, and hands out up to `wanted` more. With none to give, `waitMs` says when
   * there will be one. Rejects when it cannot be reached.
   */
  settle(name: string, budget: Budget, taken: number, wanted: number): Promise<Settlement>;
  close(): Promise<void>;
}

export interface Settlement {
  readonly given: number;
  readonly waitMs: number;
}

/** A process holds tokens for this part of a second. */
const leaseSecs = 0.1;
/** Without the pool a process counts on its own, and asks again after this long. */
const aloneMs = 5_000;
/** How long to wait where tokens are on their way. */
const soonMs = 50;

/**
 * A purse filled from a pool that other processes take from too. Never waits for it: it holds some tokens ahead, goes a few
 * below zero while more are on their way, and pays that back. So the budget holds in the long run, and a burst may exceed it
 * by a quarter for each process.
 */
export function createSharedPurse(
  name: string,
  budget: Budget,
  pool: TokenPool,
  onTrouble: (error: unknown) => void,
): Purse {
  const lease = Math.max(1, Math.min(budget.burst / 2, budget.perSecond * leaseSecs));
  const credit = Math.max(lease, budget.burst / 4);
  let held = 0;
  let emptyUntilMs = 0;
  let isSettling = false;
  let alone: { readonly purse: Purse; readonly untilMs: number } | undefined;
  let isNew = true;

  async function settle(): Promise<void> {
    const taken = Math.max(0, -held);
    const wanted = Math.ceil(lease - Math.max(0, held));
    held += taken;
    try {
      const { given, waitMs } = await pool.settle(name, budget, taken, wanted);
      held += given;
      emptyUntilMs = given > 0 ? 0 : performance.now() + waitMs;
    } catch (error) {
      onTrouble(error);
      held -= taken;
      alone = { purse: createPurse(budget), untilMs: performance.now() + aloneMs };
    } finally {
      isSettling = false;
    }
  }

  function fill(): void {
    if (isSettling) return;
    isSettling = true;
    isNew = false;
    void settle();
  }

  /** The purse that counts while the pool cannot be reached. */
  function stopgap(): Purse | undefined {
    if (alone !== undefined && performance.now() >= alone.untilMs) alone = undefined;
    return alone?.purse;
  }

  return {
    take(tokens) {
      const meanwhile = stopgap();
      if (meanwhile !== undefined) return meanwhile.take(tokens);
      if (held < tokens) {
        const waitMs = emptyUntilMs - performance.now();
        if (waitMs > 0) return waitMs;
        if (held <= -credit) {
          fill();
          return soonMs;
        }
      }
      held -= tokens;
      if (held < lease / 2) fill();
      return 0;
    },
    charge(tokens) {
      const meanwhile = stopgap();
      if (meanwhile !== undefined) return meanwhile.charge(tokens);
      held -= tokens;
      if (held < 0) fill();
    },
    isFull: () => isNew || (!isSettling && held >= lease / 2),
  };
}
