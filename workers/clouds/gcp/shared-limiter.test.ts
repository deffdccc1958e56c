import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createCloudBudgets } from '../../../store/cloud-budgets.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { emulatedCloud } from '../../../test/support/gcp-emulator.ts';
import { defaultLimits } from './limits.ts';
import { inBackground } from './priority.ts';
import { createSharedLimiter } from './shared-limiter.ts';

/** Long enough for the test to stay in one window. */
const windowMs = 86_400_000;
const bucket = { key: 'p globalReads', family: 'globalReads' } as const;

async function budgets() {
  const pool = new pg.Pool({ connectionString: await testDatabase() });
  onTestFinished(() => pool.end());
  return createCloudBudgets(pool);
}

test('all processes together send as many calls as the limit says, and what nobody waits for leaves room', async () => {
  const shared = await budgets();
  const limits = { ...defaultLimits, globalReads: 100 };
  const limiters = [1, 2, 3].map(() => createSharedLimiter({ limits, budgets: shared, windowMs }));
  const sent = async (priority: 'user' | 'background') => {
    const waits = await Promise.all(
      limiters.flatMap((limiter) => Array.from({ length: 60 }, () => limiter.take(bucket, priority))),
    );
    return waits.filter((wait) => wait === undefined).length;
  };
  expect(await sent('background')).toBe(70);
  expect(await sent('user')).toBe(30);
  expect(await sent('user')).toBe(0);
});

test('when Google says that a bucket is empty, processes that have not asked yet ask no more', async () => {
  const shared = await budgets();
  const [one, two] = [1, 2].map(() => createSharedLimiter({ limits: defaultLimits, budgets: shared, windowMs }));
  expect(await one?.take(bucket)).toBeUndefined();
  expect(one?.drain(bucket)).toBeGreaterThan(0);
  expect(await one?.take(bucket)).toBeGreaterThan(0);
  await expect.poll(() => shared.take(bucket.key, 1, 900, windowMs)).toMatchObject({ granted: 0 });
  expect(await two?.take(bucket)).toBeGreaterThan(0);
  expect(await two?.take({ key: 'q globalReads', family: 'globalReads' })).toBeUndefined();
});

test('a window ends by the clock', async () => {
  const shared = await budgets();
  const short = 200;
  expect(await shared.take('w', 5, 5, short)).toMatchObject({ granted: 5 });
  await expect.poll(async () => (await shared.take('w', 5, 5, short)).granted).toBe(5);
});

test('two clients that share their budgets call the emulator no more often than the limit says', async () => {
  const cloud = await emulatedCloud();
  const shared = await budgets();
  const options = { limits: { ...defaultLimits, globalReads: 20 }, limitWindowMs: windowMs, budgets: shared };
  const clients = [cloud.clientWith(options), cloud.clientWith(options)];
  const list = (index: number) =>
    clients[index % 2]?.compute.networks.list({ project: 'p' }).then(
      () => 1,
      () => 0,
    );
  const drift = await inBackground(() => Promise.all(Array.from({ length: 40 }, (_, index) => list(index))));
  expect(drift.filter(Boolean)).toHaveLength(14);
  const user = await Promise.all(Array.from({ length: 40 }, (_, index) => list(index)));
  expect(user.filter(Boolean)).toHaveLength(6);
});
