import { expect, test } from 'vitest';
import { delayMs, retryOf } from './backoff.ts';

test('waits grow to a longest one, and no two clients wait alike', () => {
  const retry = retryOf({ baseDelayMs: 100, maxDelayMs: 1_000 });
  for (const [attempt, longest] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 800],
    [5, 1_000],
    [2_000, 1_000],
  ] as const) {
    const waits = Array.from({ length: 500 }, () => delayMs(retry, attempt));
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest);
    // Over all of the time that there is: clients that were cut off together come back one by one.
    expect(Math.max(...waits)).toBeGreaterThan(longest * 0.8);
    expect(Math.min(...waits)).toBeLessThan(longest * 0.2);
    expect(new Set(waits).size).toBeGreaterThan(400);
  }
});
