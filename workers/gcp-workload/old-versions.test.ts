import { expect, test } from 'vitest';
import { retirement } from './old-versions.ts';

const grace = { disableAfterMs: 1_000, destroyAfterMs: 5_000 };

test.each([
  [999, false, 'keep'],
  [1_000, false, 'disable'],
  [1_000, true, 'keep'],
  [4_999, true, 'keep'],
  [5_000, true, 'destroy'],
  [5_000, false, 'destroy'],
] as const)('after %i ms, disabled: %s: %s', (nowMs, disabled, what) => {
  expect(retirement({ version: '1', replacedAtMs: 0, disabled }, nowMs, grace)).toBe(what);
});
