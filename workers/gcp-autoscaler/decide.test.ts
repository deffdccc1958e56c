import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideScale, type ScaleMemory, type ScaleQuestion, stabilisationMs } from './decide.ts';

const nothing: ScaleMemory = { lowSinceMs: undefined, recommendations: [] };
const startMs = Date.parse('2026-01-01T00:00:00Z');
const base: ScaleQuestion = {
  current: 4,
  min: 1,
  max: 10,
  targets: [{ averageUtilization: 50 }],
  cpusEach: 2,
  uses: [],
  memory: nothing,
  nowMs: startMs,
};
const all = (use: number, count = 4): number[] => Array.from({ length: count }, () => use);

describe('the formula', () => {
  test.each<[string, Partial<ScaleQuestion>, number, string]>([
    ['twice the target', { uses: all(1) }, 8, 'ScaledUp'],
    ['a little above', { uses: all(0.6) }, 5, 'ScaledUp'],
    ['within tolerance above', { uses: all(0.55) }, 4, 'WithinTolerance'],
    ['within tolerance below', { uses: all(0.45) }, 4, 'WithinTolerance'],
    ['below, for the first time', { uses: all(0.25) }, 4, 'Stabilising'],
    ['above what there may be', { uses: all(1), max: 6 }, 6, 'AtMaximum'],
    ['at what there may be', { uses: all(1), max: 4 }, 4, 'AtMaximum'],
    ['below what there must be', { uses: all(0.1), min: 4 }, 4, 'AtMinimum'],
    ['in processors of each', { uses: all(1), targets: [{ averageValue: '500m' }], max: 20 }, 16, 'ScaledUp'],
    ['in processors of all', { uses: all(1), targets: [{ value: '6' }] }, 6, 'ScaledUp'],
    [
      'the highest of two',
      { uses: all(0.5), targets: [{ averageUtilization: 50 }, { averageUtilization: 25 }] },
      8,
      'ScaledUp',
    ],
    ['without samples', { uses: [undefined, undefined] }, 4, 'NoSamples'],
    ['without instances', { uses: [] }, 4, 'NoSamples'],
    ['one unknown is idle when more would come', { uses: [...all(0.8, 3), undefined] }, 5, 'ScaledUp'],
    ['unknown ones may turn it', { uses: [0.9, undefined, undefined, undefined] }, 4, 'WithinTolerance'],
    ['unknown ones are on target when fewer would do', { uses: [...all(0.1, 2), 0.5, undefined] }, 4, 'Stabilising'],
    ['less than the limits', { current: 1, min: 2, uses: all(1) }, 2, 'OutsideLimits'],
    ['more than the limits', { current: 12, uses: all(1) }, 10, 'OutsideLimits'],
  ])('%s', (_case, part, replicas, reason) => {
    const decision = decideScale({ ...base, ...part });
    expect([decision.replicas, decision.reason]).toEqual([replicas, reason]);
  });
});

/** Asks once a minute with these uses of every instance; answers the numbers decided. */
function minutes(uses: readonly (number | undefined)[], part: Partial<ScaleQuestion> = {}): number[] {
  let { current, memory } = { ...base, ...part };
  return uses.map((use, minute) => {
    const nowMs = startMs + minute * 60_000;
    const decision = decideScale({ ...base, ...part, current, memory, nowMs, uses: Array(current).fill(use) });
    ({ replicas: current, memory } = decision);
    return current;
  });
}

test('fewer come after five minutes in which no more were needed', () => {
  expect(minutes([0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.5])).toEqual([4, 4, 4, 4, 4, 2, 2]);
  // Three were needed in the third minute.
  expect(minutes([0.25, 0.25, 0.36, 0.25, 0.25, 0.25])).toEqual([4, 4, 4, 4, 4, 3]);
  // A peak begins the five minutes anew.
  expect(minutes([0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25])).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 2]);
  // Nothing is known for a while.
  expect(minutes([0.25, undefined, undefined, undefined, undefined, 0.25])).toEqual([4, 4, 4, 4, 4, 2]);
});

const anyUse = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
const anyQuestion = fc
  .record({
    min: fc.integer({ min: 1, max: 10 }),
    more: fc.nat(30),
    at: fc.nat(30),
    target: fc.integer({ min: 1, max: 120 }),
    uses: fc.array(anyUse, { maxLength: 12 }),
  })
  .map(({ min, more, at, target, uses }): ScaleQuestion => {
    const max = min + more;
    const current = Math.min(max, min + at);
    return { ...base, min, max, current, targets: [{ averageUtilization: target }], uses: uses.slice(0, current) };
  });

describe('whatever is measured', () => {
  test('the number stays within its limits, and is whole', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const { replicas } = decideScale(question);
        expect(Number.isInteger(replicas)).toBe(true);
        expect(replicas).toBeGreaterThanOrEqual(question.min);
        expect(replicas).toBeLessThanOrEqual(question.max);
      }),
      { numRuns: 1000 },
    );
  });

  test('more use never means fewer instances', () => {
    fc.assert(
      fc.property(anyQuestion, fc.double({ min: 0, max: 1, noNaN: true }), (question, more) => {
        const busier = question.uses.map((use) => (use === undefined ? undefined : Math.min(1, use + more)));
        expect(decideScale({ ...question, uses: busier }).replicas).toBeGreaterThanOrEqual(
          decideScale(question).replicas,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('what is not known never leads to more than if it were idle, nor to fewer than if it were on target', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const target = (question.targets[0]?.averageUtilization ?? 0) / 100;
        const filled = (use: number): number[] =>
          Array.from({ length: question.current }, (_, index) => question.uses[index] ?? use);
        if (!question.uses.some((use) => use !== undefined)) return;
        const low: ScaleMemory = { lowSinceMs: startMs - stabilisationMs, recommendations: [] };
        const asked = decideScale({ ...question, memory: low }).replicas;
        if (asked > question.current)
          expect(asked).toBeLessThanOrEqual(decideScale({ ...question, uses: filled(0) }).replicas);
        if (asked < question.current)
          expect(asked).toBeGreaterThanOrEqual(
            decideScale({ ...question, uses: filled(target), memory: low }).replicas,
          );
      }),
      { numRuns: 1000 },
    );
  });

  test('the number falls only to what was recommended at most in the last five minutes', () => {
    fc.assert(
      fc.property(fc.array(anyUse, { minLength: 1, maxLength: 30 }), (uses) => {
        let { current, memory } = { ...base, current: 8 };
        const recommended: number[] = [];
        for (const [minute, use] of uses.entries()) {
          const nowMs = startMs + minute * 60_000;
          const question = { ...base, current, memory, nowMs, uses: Array<number | undefined>(current).fill(use) };
          const free = decideScale({
            ...question,
            memory: { lowSinceMs: nowMs - stabilisationMs, recommendations: [] },
          });
          recommended.push(free.replicas);
          const decision = decideScale(question);
          if (decision.replicas < current) {
            expect(minute).toBeGreaterThanOrEqual(5);
            expect(decision.replicas).toBe(Math.max(...recommended.slice(-5).filter((one) => one < current)));
          }
          ({ replicas: current, memory } = decision);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('with a steady load it comes to rest where the use is near the target', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 6, noNaN: true }), fc.integer({ min: 1, max: 20 }), (load, start) => {
        let state = { ...base, current: start, max: 20 };
        for (let minute = 0; minute < 60; minute++) {
          const use = Math.min(1, load / state.current);
          const uses = Array<number>(state.current).fill(use);
          const { replicas, memory } = decideScale({ ...state, uses, nowMs: startMs + minute * 60_000 });
          state = { ...state, current: replicas, memory };
        }
        expect(load / state.current / 0.5).toBeLessThanOrEqual(1.1 + 1e-6);
        if (state.current > 1) expect(load / (state.current - 1) / 0.5).toBeGreaterThan(0.9);
      }),
      { numRuns: 300 },
    );
  });
});
