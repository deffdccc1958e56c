import { expect, test } from 'vitest';
import { createSchedule, firstDelayMs, longestDelayMs } from './schedule.ts';

function clock() {
  let nowMs = 1_000;
  return { now: () => nowMs, pass: (ms: number) => void (nowMs += ms) };
}

test('a batch is looked at soon, then less and less often, up to the longest delay', () => {
  const { now, pass } = clock();
  const schedule = createSchedule(now);
  const waits: number[] = [];
  schedule.see(new Map([['a', ['1']]]));
  for (let look = 0; look < 10; look += 1) {
    waits.push(schedule.nextInMs() ?? -1);
    pass(waits.at(-1) ?? 0);
    expect(schedule.due()).toEqual(['a']);
    schedule.looked('a', false);
  }
  expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  expect([firstDelayMs, longestDelayMs]).toEqual([50, 5_000]);
});

test('something new, or some progress, makes a batch quick again', () => {
  const { now, pass } = clock();
  const schedule = createSchedule(now);
  schedule.see(new Map([['a', ['1']]]));
  for (let look = 0; look < 6; look += 1) {
    pass(schedule.nextInMs() ?? 0);
    schedule.looked('a', false);
  }
  expect(schedule.nextInMs()).toBeGreaterThan(1_000);
  schedule.see(new Map([['a', ['1', '2']]]));
  expect(schedule.nextInMs()).toBe(50);
  pass(50);
  schedule.looked('a', true);
  expect(schedule.nextInMs()).toBe(50);
});

test('what is not there any more is forgotten, and batches do not wait for each other', () => {
  const { now, pass } = clock();
  const schedule = createSchedule(now);
  schedule.see(
    new Map([
      ['a', ['1']],
      ['b', ['2']],
    ]),
  );
  pass(50);
  schedule.postpone('a', 700);
  schedule.looked('b', false);
  pass(100);
  expect(schedule.due()).toEqual(['b']);
  schedule.see(new Map([['a', ['1']]]));
  expect(schedule.due()).toEqual([]);
  expect(schedule.nextInMs()).toBe(600);
  schedule.see(new Map());
  expect(schedule.nextInMs()).toBeUndefined();
});
