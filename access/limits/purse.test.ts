import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { postgresTokenPool } from '../../store/limits/token-pool.ts';
import { createPool } from '../../store/pool.ts';
import { testDatabase } from '../../test/support/database.ts';
import { noRedis, testRedis } from '../../test/support/redis.ts';
import type { Budget } from './limits.ts';
import { createPurse, type Purse } from './purse.ts';
import { redisTokenPool } from './redis-token-pool.ts';
import { createSharedPurse, type TokenPool } from './shared-purse.ts';

const budget: Budget = { perSecond: 10, burst: 20 };

function takeAll(purse: Purse, most: number): number {
  let taken = 0;
  while (taken < most && purse.take(1) === 0) taken += 1;
  return taken;
}

describe('in one process', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('a burst, then the rate, and never more saved than the burst', () => {
    const purse = createPurse(budget);
    expect(takeAll(purse, 1000)).toBe(20);
    expect(purse.take(1)).toBe(100);
    vi.advanceTimersByTime(100);
    expect(takeAll(purse, 1000)).toBe(1);
    vi.advanceTimersByTime(3_600_000);
    expect(purse.isFull()).toBe(true);
    expect(takeAll(purse, 1000)).toBe(20);
    expect(purse.isFull()).toBe(false);
  });

  test('what was charged is paid by those who come next, within bounds', () => {
    const purse = createPurse(budget);
    purse.charge(30);
    expect(purse.take(1)).toBe(1100);
    vi.advanceTimersByTime(1100);
    expect(purse.take(1)).toBe(0);
    purse.charge(1_000_000);
    expect(purse.take(1)).toBeLessThanOrEqual(30_100);
  });

  test('a large request goes where there is any token, and is paid all the same', () => {
    const purse = createPurse(budget);
    expect(purse.take(50)).toBe(0);
    expect(purse.take(1)).toBe(3100);
  });
});

describe.each([
  { where: 'Postgres', skip: undefined, open: postgresPool },
  { where: 'Redis', skip: noRedis, open: async () => redisTokenPool(await testRedis()) },
])('shared in $where', ({ where, skip, open }) => {
  const run = skip === undefined ? test : test.skip;
  if (skip !== undefined) console.log(`not run: budgets shared in ${where}: ${skip}`);

  run('a pool hands out what there is, remembers debts, and says when to come back', async () => {
    const pool = await open();
    onTestFinished(() => pool.close());
    expect(await pool.settle('a', budget, 0, 15)).toEqual({ given: 15, waitMs: 0 });
    const { given } = await pool.settle('a', budget, 0, 15);
    expect(given).toBeGreaterThanOrEqual(5);
    expect(given).toBeLessThanOrEqual(7);
    const empty = await pool.settle('a', budget, 10, 5);
    expect(empty.given).toBe(0);
    expect(empty.waitMs).toBeGreaterThan(700);
    expect(empty.waitMs).toBeLessThanOrEqual(1100);
    expect(await pool.settle('b', budget, 0, 5), 'another budget').toEqual({ given: 5, waitMs: 0 });
  });

  run('three processes together get the budget of one', async () => {
    const pool = await open();
    onTestFinished(() => pool.close());
    const wide: Budget = { perSecond: 200, burst: 100 };
    const purses = Array.from({ length: 3 }, () => createSharedPurse('read x', wide, pool, failTest));
    const startMs = performance.now();
    let taken = 0;
    while (performance.now() - startMs < 1500) {
      for (const purse of purses) if (purse.take(1) === 0) taken += 1;
      await sleep(1);
    }
    const seconds = (performance.now() - startMs) / 1000;
    // Each may owe a quarter of the burst.
    expect(taken).toBeLessThanOrEqual(100 + 200 * seconds + 3 * 25);
    expect(taken).toBeGreaterThan((100 + 200 * seconds) * 0.7);
  });

  run('within its budget a process asks the pool for one in many requests only', async () => {
    const pool = await open();
    onTestFinished(() => pool.close());
    const settle = vi.spyOn(pool, 'settle');
    const purse = createSharedPurse('read y', { perSecond: 1000, burst: 2000 }, pool, failTest);
    for (let index = 0; index < 1000; index += 1) {
      expect(purse.take(1)).toBe(0);
      if (index % 20 === 0) await Promise.all(settle.mock.results.map(({ value }) => value as Promise<unknown>));
    }
    expect(settle.mock.calls.length).toBeLessThan(40);
  });
});

test('without its pool a process counts alone, and says so', async () => {
  const troubles: unknown[] = [];
  const pool: TokenPool = {
    settle: () => Promise.reject(new Error('gone')),
    close: async () => {},
  };
  const purse = createSharedPurse('read z', budget, pool, (error) => void troubles.push(error));
  expect(purse.take(1)).toBe(0);
  await vi.waitFor(() => expect(troubles).toHaveLength(1), 60_000);
  expect(takeAll(purse, 1000)).toBe(20);
  expect(purse.take(1)).toBeGreaterThan(0);
});

async function postgresPool(): Promise<TokenPool> {
  const pool = createPool({ url: await testDatabase() });
  onTestFinished(() => pool.end());
  return postgresTokenPool(pool);
}

function failTest(error: unknown): never {
  throw error;
}
