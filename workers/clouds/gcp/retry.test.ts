import { expect, test } from 'vitest';
import { retryDelayMs, retryPolicy } from './retry.ts';

test('delays grow within the bounds of their class', () => {
  const policy = retryPolicy;
  expect(retryDelayMs(policy, 'transient', 1, () => 1)).toBe(1_000);
  expect(retryDelayMs(policy, 'transient', 99, () => 1)).toBe(30_000);
  expect(retryDelayMs(policy, 'stockout', 1, () => 0)).toBe(60_000);
  expect(retryDelayMs(policy, 'stockout', 9, () => 1)).toBe(15 * 60_000);
});
