import { describe, expect, test } from 'vitest';
import { age, humanDuration } from './age.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

describe('duration', () => {
  test.each([
    [-5, '<invalid>'],
    [-1.9, '0s'],
    [0, '0s'],
    [119, '119s'],
    [2 * minute, '2m'],
    [2 * minute + 5, '2m5s'],
    [9 * minute + 59, '9m59s'],
    [10 * minute + 59, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [7 * hour + 59 * minute, '7h59m'],
    [8 * hour + 59 * minute, '8h'],
    [47 * hour, '47h'],
    [2 * day, '2d'],
    [7 * day + 23 * hour, '7d23h'],
    [8 * day + 23 * hour, '8d'],
    [2 * year - 1, '729d'],
    [2 * year, '2y'],
    [3 * year + 40 * day, '3y40d'],
    [8 * year + 40 * day, '8y'],
  ])('%d s', (secs, text) => {
    expect(humanDuration(secs)).toBe(text);
  });
});

describe('age', () => {
  const now = Date.parse('2026-01-01T00:10:00Z');

  test.each([
    ['2026-01-01T00:05:00Z', '5m'],
    ['2026-01-01T00:09:59.500000Z', '0s'],
    ['2026-01-02T00:00:00Z', '<invalid>'],
    ['yesterday', '<invalid>'],
    ['', '<unknown>'],
    [undefined, '<unknown>'],
    [null, '<unknown>'],
  ])('%s', (time, text) => {
    expect(age(time, now)).toBe(text);
  });
});
