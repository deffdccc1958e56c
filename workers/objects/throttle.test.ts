import { expect, test } from 'vitest';
import { createThrottle } from './throttle.ts';

test('once per period and key; nothing is remembered longer than that', () => {
  let time = 5_000;
  const throttle = createThrottle(1_000, () => time);
  expect(throttle.waitMs('a')).toBe(0);
  time = 5_400;
  expect(throttle.waitMs('a')).toBe(600);
  expect(throttle.waitMs('b')).toBe(0);
  time = 6_000;
  expect(throttle.waitMs('a')).toBe(0);
  expect(throttle.waitMs('b')).toBe(400);
});
