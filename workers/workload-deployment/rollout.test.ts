import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../test/support/fixture.ts';
import { instanceSteps, isRolledOut, keepsOldTemplate } from './instance-steps.ts';
import { type RolloutGoal, rolloutState, type RolloutView } from './rollout-state.ts';
import { rolloutOf } from '../objects/rollout.ts';

test.each([
  [undefined, 3, 1, 0],
  [{ maxUnavailable: '25%', maxSurge: '25%' }, 10, 2, 3],
  [{ maxUnavailable: '25%', maxSurge: 0 }, 2, 1, 0],
  [{ maxUnavailable: 0, maxSurge: '1%' }, 2, 0, 1],
  [{ maxUnavailable: '100%' }, 7, 7, 0],
] as const)('%j of %d instances: %d may be missing, %d may be added', (rollingUpdate, replicas, missing, added) => {
  const rollout = rolloutOf(rollingUpdate === undefined ? undefined : { rollingUpdate }, replicas);
  expect([rollout.maxUnavailable, rollout.maxSurge]).toEqual([missing, added]);
});

const unreadySinceMs = 0;
const anyGoal = fc
  .record({
    replicas: fc.integer({ min: 1, max: 6 }),
    policy: fc.constantFrom('OrderedReady' as const, 'Parallel' as const),
    maxUnavailable: fc.nat(4),
    maxSurge: fc.nat(4),
    partition: fc.nat(4),
  })
  .map(({ replicas, policy, maxUnavailable, maxSurge, partition }): RolloutGoal => {
    const rollingUpdate = { maxUnavailable, maxSurge, partition };
    return {
      replicas,
      policy,
      templateHash: 'new',
      currentHash: 'old',
      rollout: rolloutOf({ rollingUpdate }, replicas),
    };
  });

/** A world in which rollouts happen: what is asked for comes about, one round later. */
function createSimulation({ replicas }: RolloutGoal) {
  let made = 0;
  const view = (ordinal: number, templateHash: string, ready: boolean): RolloutView => ({
    name: `i-${made++}`,
    ordinal,
    templateHash,
    ready,
    deleting: false,
    creationTimestamp: '2026-01-01T00:00:00Z',
    unreadySinceMs,
  });
  let world = Array.from({ length: replicas }, (_, ordinal) => view(ordinal, 'old', true));
  return {
    world: () => world,
    /** `becomesReady` decides of each instance that is not ready; answers whether nothing was left to do. */
    step(goal: RolloutGoal, becomesReady: (one: RolloutView) => boolean): boolean {
      const { create, remove } = instanceSteps(goal, world);
      const before = JSON.stringify(world);
      const going = new Set<RolloutView>(remove);
      world = world
        .filter((one) => !one.deleting)
        .map((one) => ({ ...one, deleting: going.has(one), ready: one.ready || becomesReady(one) }));
      for (const ordinal of create) world.push(view(ordinal, keepsOldTemplate(goal, ordinal) ? 'old' : 'new', false));
      return create.length + remove.length === 0 && JSON.stringify(world) === before;
    },
    fail(name: string): void {
      world = world.map((one) => (one.name === name ? { ...one, ready: false } : one));
    },
  };
}

const live = (world: readonly RolloutView[]): RolloutView[] => world.filter(({ deleting }) => !deleting);
const readyOf = (world: readonly RolloutView[]): number => live(world).filter(({ ready }) => ready).length;

describe('a rollout', () => {
  test('never takes more away nor adds more than it may, leaves those below the partition, and ends', () => {
    fc.assert(
      fc.property(anyGoal, fc.infiniteStream(fc.boolean()), (goal, luck) => {
        const { replicas, rollout } = goal;
        const simulation = createSimulation(goal);
        let rounds = 0;
        const isOver = (): boolean => simulation.world().every(({ ready }) => ready);
        while (!simulation.step(goal, () => rounds > 40 || luck.next().value === true) || !isOver()) {
          expect(readyOf(simulation.world())).toBeGreaterThanOrEqual(replicas - rollout.maxUnavailable);
          expect(simulation.world().length).toBeLessThanOrEqual(replicas + rollout.maxSurge);
          expect(++rounds).toBeLessThan(200);
        }
        const end = simulation.world().map(({ ordinal, templateHash, ready }) => [ordinal, templateHash, ready]);
        expect(end.toSorted()).toEqual(
          Array.from({ length: replicas }, (_, ordinal) => [
            ordinal,
            ordinal < rollout.partition ? 'old' : 'new',
            true,
          ]),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('in which instances fail at random takes no ready one away beyond what it may, and ends when they stop', () => {
    fc.assert(
      fc.property(anyGoal, fc.array(fc.nat(9), { maxLength: 15 }), (goal, failures) => {
        const { replicas, rollout } = goal;
        const simulation = createSimulation(goal);
        for (const failing of failures) {
          const { remove } = instanceSteps(goal, simulation.world());
          const ready = readyOf(simulation.world());
          const lost = remove.filter((one) => one.ready).length;
          if (lost > 0) expect(ready - lost).toBeGreaterThanOrEqual(replicas - rollout.maxUnavailable);
          simulation.step(goal, () => true);
          simulation.fail(`i-${failing}`);
          expect(simulation.world().length).toBeLessThanOrEqual(replicas + rollout.maxSurge);
        }
        let rounds = 0;
        while (!simulation.step(goal, () => true)) expect(++rounds).toBeLessThan(200);
        expect(isRolledOut({ ...goal, replicas }, simulation.world())).toBe(rollout.partition === 0);
        expect(simulation.world().length).toBe(replicas);
      }),
      { numRuns: 500 },
    );
  });

  test('that is paused takes no ready instance away and adds none', () => {
    fc.assert(
      fc.property(anyGoal, fc.nat(12), (goal, rounds) => {
        const simulation = createSimulation(goal);
        for (let round = 0; round < rounds; round++) simulation.step(goal, () => true);
        const { create, remove } = instanceSteps({ ...goal, paused: true }, simulation.world());
        const old = live(simulation.world()).filter(({ templateHash }) => templateHash === 'old');
        expect(remove.filter((one) => old.includes(one))).toEqual([]);
        expect(create.every((ordinal) => ordinal < goal.replicas)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('with OnDelete touches nothing, and gives what was deleted the new template', () => {
    fc.assert(
      fc.property(anyGoal, fc.nat(5), ({ rollout, ...goal }, gone) => {
        const onDelete: RolloutGoal = { ...goal, rollout: { ...rollout, type: 'OnDelete' } };
        const simulation = createSimulation(onDelete);
        expect(instanceSteps(onDelete, simulation.world())).toEqual({ create: [], remove: [] });
        const left = simulation.world().filter(({ ordinal }) => ordinal !== gone);
        const wanted = gone < goal.replicas ? [gone] : [];
        expect(instanceSteps(onDelete, left)).toEqual({ create: wanted, remove: [] });
        expect(keepsOldTemplate(onDelete, gone)).toBe(false);
      }),
    );
  });
});

describe('Progressing', () => {
  const rollout = rolloutOf(undefined, 3);
  const goal: RolloutGoal = { replicas: 3, policy: 'Parallel', templateHash: 'new', currentHash: 'old', rollout };
  const failure = { reason: 'ImageNotFound', message: 'no such image' };

  /** `2:new+` is ready, `-` not, `!` failed. */
  const views = (text: string): RolloutView[] =>
    text.split(' ').map((one) => {
      const [, ordinal = '', templateHash = '', state = ''] = /^(\d):(\w+)([-+!])$/.exec(one) ?? [];
      return {
        name: `web-${ordinal}`,
        ordinal: Number(ordinal),
        templateHash,
        ready: state === '+',
        deleting: false,
        creationTimestamp: '2026-01-01T00:00:00Z',
        unreadySinceMs: 1_000,
        failure: state === '!' ? failure : undefined,
      };
    });

  test.each<[string, Partial<RolloutGoal>, string, number, string | undefined]>([
    ['nothing happened yet', { currentHash: 'new' }, '0:new+ 1:new+ 2:new-', 0, undefined],
    ['under way', {}, '0:old+ 1:old+ 2:new-', 0, 'True RollingOut: 0/3 instances are ready with the template new'],
    [
      'on the way back',
      { currentHash: 'new' },
      '0:new+ 1:new+ 2:old-',
      0,
      'True RollingOut: 2/3 instances are ready with the template new',
    ],
    ['complete', {}, '0:new+ 1:new+ 2:new+', 0, 'True RolloutComplete: All instances have the template new'],
    [
      'failed',
      {},
      '0:old+ 1:old+ 2:new!',
      0,
      'False InstanceFailed: Rollout paused: web-2: ImageNotFound: no such image',
    ],
    [
      'an old one that failed is no reason',
      {},
      '0:old+ 1:old! 2:new-',
      0,
      'True RollingOut: 0/3 instances are ready with the template new',
    ],
    [
      'almost late',
      {},
      '0:old+ 1:old+ 2:new-',
      600_999,
      'True RollingOut: 0/3 instances are ready with the template new',
    ],
    [
      'late',
      {},
      '0:old+ 1:old+ 2:new-',
      601_000,
      'False ProgressDeadlineExceeded: Rollout paused: web-2 was not ready within 600 s',
    ],
    [
      'as far as the partition',
      { rollout: { ...rollout, partition: 2 } },
      '0:old+ 1:old+ 2:new+',
      0,
      'True PartitionReached: 1/3 instances are ready with the template new; those below 2 keep the old one',
    ],
    [
      'waiting for people',
      { rollout: { ...rollout, type: 'OnDelete' } },
      '0:old+ 1:old+ 2:new+',
      0,
      'True WaitingForDeletion: 1/3 instances are ready with the template new; the others change when they are deleted',
    ],
  ])('%s', (_case, part, present, nowMs, expected) => {
    const state = rolloutState({ ...goal, ...part }, views(present), { nowMs, wasRolledOut: false });
    expect(state.progressing && textOf(state.progressing)).toBe(expected && `Progressing=${expected}`);
    expect(state.paused).toBe(expected?.startsWith('False') === true);
  });

  test('it says when to look again', () => {
    expect(rolloutState(goal, views('0:old+ 1:old+ 2:new-'), { nowMs: 5, wasRolledOut: false }).deadlineMs).toBe(
      601_000,
    );
    expect(rolloutState(goal, views('0:old+ 1:old+ 2:old-'), { nowMs: 5, wasRolledOut: false }).deadlineMs).toBe(
      undefined,
    );
  });
});
