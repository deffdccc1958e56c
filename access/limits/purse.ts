import type { Budget } from './limits.ts';

/** Tokens of one budget. */
export interface Purse {
  /** Takes tokens; answers 0, or after how many ms to ask again. Once there is any token, all that are asked for are given. */
  take(tokens: number): number;
  /** Takes tokens for what was done already: never refuses, but those who come next wait longer. */
  charge(tokens: number): void;
  /** Whether a new one would be the same. */
  isFull(): boolean;
}

/** Nobody is made to wait for more than this, whatever was charged. */
const mostDebtSecs = 30;

/** Tokens after some time has passed. */
function refilled(tokens: number, { perSecond, burst }: Budget, passedMs: number): number {
  return Math.min(burst, tokens + (Math.max(0, passedMs) * perSecond) / 1000);
}

/** Tokens after some were taken for good. */
function spent(tokens: number, { perSecond }: Budget, taken: number): number {
  return Math.max(-mostDebtSecs * perSecond, tokens - taken);
}

/** A purse in this process alone. */
export function createPurse(budget: Budget): Purse {
  let tokens = budget.burst;
  let asOfMs = performance.now();
  const refill = (): void => {
    const nowMs = performance.now();
    tokens = refilled(tokens, budget, nowMs - asOfMs);
    asOfMs = nowMs;
  };
  return {
    take(wanted) {
      refill();
      if (tokens < 1) return ((1 - tokens) / budget.perSecond) * 1000;
      tokens = spent(tokens, budget, wanted);
      return 0;
    },
    charge(done) {
      refill();
      tokens = spent(tokens, budget, done);
    },
    isFull() {
      refill();
      return tokens >= budget.burst;
    },
  };
}
