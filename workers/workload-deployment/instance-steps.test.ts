import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InstanceGoal, InstanceView } from './instance-steps.ts';
import { instanceSteps } from './instance-steps.ts';

const rollout = { type: 'RollingUpdate' as const, maxUnavailable: 1, maxSurge: 0, partition: 0 };
const oneByOne = { templateHash: 'new', currentHash: 'old', rollout };

/** `2:new+` is ordinal 2 with template `new`, ready; `-` not ready; `~` going. */
function instance(text: string, index = 0): InstanceView {
  const [, ordinal, hash, state] = /^(\d+|\?):(\w+)([-+~])$/.exec(text) ?? [];
  return {
    name: `web-${ordinal}-${index}`,
    ordinal: ordinal === '?' ? undefined : Number(ordinal),
    templateHash: hash,
    ready: state === '+',
    deleting: state === '~',
    creationTimestamp: `2026-01-01T00:00:0${index % 10}Z`,
  };
}

function stepsOf(policy: InstanceGoal['policy'], replicas: number, present: string): string {
  const instances = present.split(' ').filter(Boolean).map(instance);
  const steps = instanceSteps({ ...oneByOne, replicas, policy }, instances);
  return [...steps.create.map((ordinal) => `+${ordinal}`), ...steps.remove.map((one) => `-${one.name}`)].join(' ');
}

describe('OrderedReady', () => {
  test.each([
    ['first', 2, '', '+0'],
    ['waits for the lower one', 2, '0:new-', ''],
    ['next when it is ready', 3, '0:new+', '+1'],
    ['lowest gap first', 3, '0:new+ 2:new+', '+1'],
    ['a gap waits for what is below', 3, '0:new- 2:new+', ''],
    ['nothing when complete', 2, '0:new+ 1:new+', ''],
    ['scale-down from the highest, one at a time', 1, '0:new+ 1:new+ 2:new+', '-web-2-2'],
    ['scale-down does not wait for readiness', 1, '0:new- 1:new+', '-web-1-1'],
    ['one step at a time: waits for what goes', 1, '0:new+ 1:new+ 2:new~', ''],
    ['made again only when the old one is gone', 2, '0:new+ 1:old~', ''],
    ['update from the highest', 3, '0:old+ 1:old+ 2:old+', '-web-2-2'],
    ['update waits until the new one is ready', 3, '0:old+ 1:old+ 2:new-', ''],
    ['update waits until the set is complete', 3, '0:old+ 1:old+', '+2'],
    ['update goes on', 3, '0:old+ 1:old+ 2:new+', '-web-1-1'],
    ['a failing old one is replaced first', 3, '0:old- 1:old+ 2:old+', '-web-0-0'],
    ['a broken first template is replaced', 3, '0:old-', '-web-0-0'],
    ['a broken second template is replaced', 3, '0:older+ 1:older+ 2:old-', '-web-2-2'],
    ['a duplicate goes, the older stays', 2, '0:new+ 0:new+ 1:new+', '-web-0-1'],
    ['one without ordinal goes', 1, '0:new+ ?:new+', '-web-?-1'],
  ])('%s', (_case, replicas, present, expected) => {
    expect(stepsOf('OrderedReady', replicas, present)).toBe(expected);
  });
});

describe('Parallel', () => {
  test.each([
    ['all at once', 3, '', '+0 +1 +2'],
    ['all that are missing', 4, '1:new-', '+0 +2 +3'],
    ['not under a name that is still taken', 2, '0:new~', '+1'],
    ['scale-down at once', 1, '0:new+ 1:new+ 2:new-', '-web-2-2 -web-1-1'],
    ['update one by one', 3, '0:old+ 1:old+ 2:old+', '-web-2-2'],
    ['update waits for the new one', 3, '0:old+ 1:old+ 2:new-', ''],
    ['update waits for the old one to go', 3, '0:old+ 1:old+ 2:old~', ''],
    ['failing old ones go together', 3, '0:old- 1:old+ 2:old-', '-web-2-2 -web-0-0'],
    ['missing and failing together', 3, '0:old- 1:new+', '+2 -web-0-0'],
    ['a duplicate goes, the older stays', 1, '0:new+ 0:new+', '-web-0-1'],
  ])('%s', (_case, replicas, present, expected) => {
    expect(stepsOf('Parallel', replicas, present)).toBe(expected);
  });
});

const anyInstance = fc.record({
  ordinal: fc.option(fc.nat(6), { nil: undefined }),
  templateHash: fc.constantFrom('old', 'new', undefined),
  ready: fc.boolean(),
  deleting: fc.boolean(),
});
const anyGoal = fc.record({
  replicas: fc.integer({ min: 0, max: 5 }),
  templateHash: fc.constant('new'),
  currentHash: fc.constant('old'),
  rollout: fc.constant(rollout),
  policy: fc.constantFrom('OrderedReady' as const, 'Parallel' as const),
});
const anySet = fc.array(anyInstance, { maxLength: 8 }).map((list) =>
  list.map((one, index): InstanceView => ({
    ...one,
    name: `i-${index}`,
    creationTimestamp: `2026-01-01T00:00:0${index}Z`,
  })),
);

describe('whatever exists', () => {
  test('it ends at the goal: each ordinal once, ready, with the new template', () => {
    fc.assert(
      fc.property(anyGoal, anySet, (goal, present) => {
        let world = [...present];
        for (let round = 0; round < 60; round++) {
          const steps = instanceSteps(goal, world);
          const settled = steps.create.length === 0 && steps.remove.length === 0;
          if (settled && world.every((one) => one.ready && !one.deleting)) break;
          // The world answers: what goes is gone, what exists becomes ready, unless its template is the broken one.
          world = world
            .filter((one) => !one.deleting)
            .map((one) => ({ ...one, deleting: steps.remove.includes(one), ready: one.templateHash === 'new' }));
          for (const ordinal of steps.create) {
            world.push({
              name: `r${round}-${ordinal}`,
              ordinal,
              templateHash: 'new',
              ready: false,
              deleting: false,
              creationTimestamp: '2026-02-01T00:00:00Z',
            });
          }
        }
        expect(world.map((one) => [one.ordinal, one.templateHash, one.ready]).toSorted()).toEqual(
          Array.from({ length: goal.replicas }, (_, ordinal) => [ordinal, 'new', true]),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('a ready instance with an old template goes only when nothing else is unavailable, and alone', () => {
    fc.assert(
      fc.property(anyGoal, anySet, (goal, present) => {
        const { remove } = instanceSteps(goal, present);
        const wanted = (one: InstanceView): boolean => one.ordinal !== undefined && one.ordinal < goal.replicas;
        const readyOrdinals = (list: readonly InstanceView[]): number =>
          new Set(list.filter((one) => wanted(one) && one.ready && !one.deleting).map((one) => one.ordinal)).size;
        const lost = readyOrdinals(present) - readyOrdinals(present.filter((one) => !remove.includes(one)));
        expect(lost).toBeLessThanOrEqual(1);
        if (lost === 1 && !present.some((one) => one.deleting)) expect(readyOrdinals(present)).toBe(goal.replicas);
      }),
      { numRuns: 1000 },
    );
  });

  test('in order, there is never more than one step, and nothing is created above one that is not ready', () => {
    fc.assert(
      fc.property(anyGoal, anySet, (goal, present) => {
        const { create, remove } = instanceSteps({ ...goal, policy: 'OrderedReady' }, present);
        expect(create.length + remove.length).toBeLessThanOrEqual(1);
        for (const ordinal of create) {
          for (let lower = 0; lower < ordinal; lower++) {
            expect(present.some((one) => one.ordinal === lower && one.ready && !one.deleting)).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
