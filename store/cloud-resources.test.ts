import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { testDatabase } from '../test/support/database.ts';
import { createCloudResources } from './cloud-resources.ts';
import type { CloudIntent } from './cloud-resources.types.ts';

async function open() {
  const pool = new pg.Pool({ connectionString: await testDatabase(), options: '-c synchronous_commit=off' });
  onTestFinished(() => pool.end());
  return { rows: createCloudResources(pool), pool };
}

function intent(more: Partial<CloudIntent> = {}): CloudIntent {
  return {
    project: 'default',
    cloud: 'gcp',
    account: 'acme-edge',
    scope: 'global',
    type: 'compute.networks',
    name: 'network-1',
    ownerKind: 'Network',
    ownerUid: 'uid-1',
    ownerKey: { namespace: 'default', name: 'one' },
    controller: 'gcp-network-context',
    verb: 'insert',
    requestId: randomUUID(),
    plannedAt: new Date('2026-11-22T10:00:00Z'),
    specHash: 'a',
    attempts: 0,
    facts: { a: '1' },
    ...more,
  };
}

test('a plan comes back as it was written, and what came of it with it', async () => {
  const { rows } = await open();
  const plan = intent();
  expect(await rows.plan(plan)).toEqual({ ...plan, state: 'planned' });
  const running = await rows.record(plan.requestId, {
    state: 'running',
    operation: 'op-1',
    targetId: '7',
    facts: { b: '2' },
  });
  expect(running).toEqual({ ...plan, state: 'running', operation: 'op-1', targetId: '7', facts: { a: '1', b: '2' } });
  expect(await rows.ofOwners(['uid-1', 'other'])).toEqual([running]);
  expect(await rows.running()).toEqual([running]);
  const ready = await rows.record(plan.requestId, { state: 'ready', verb: 'none', specHash: null });
  expect(ready).toMatchObject({ state: 'ready', verb: 'none', targetId: '7' });
  expect(ready).not.toHaveProperty('operation');
  expect(ready).not.toHaveProperty('specHash');
  expect(await rows.running()).toEqual([]);
  expect(await rows.resting('gcp')).toEqual([ready]);
});

test('of two who plan the same object one is told that it came second', async () => {
  const { rows } = await open();
  const plans = await Promise.all(Array.from({ length: 8 }, () => rows.plan(intent())));
  expect(plans.filter((plan) => plan !== undefined)).toHaveLength(1);
  const first = await rows.find(intent());
  const next = await Promise.all(
    Array.from({ length: 8 }, () => rows.plan(intent({ verb: 'delete' }), first?.requestId)),
  );
  expect(next.filter((plan) => plan !== undefined)).toHaveLength(1);
  expect(await rows.record(first?.requestId ?? '', { state: 'ready' })).toBeUndefined();
});

test('what is reported waits until the owner was woken', async () => {
  const { rows } = await open();
  const [one, two] = [intent(), intent({ name: 'network-2' })];
  for (const plan of [one, two]) await rows.plan(plan);
  const error = { code: 'QUOTA_EXCEEDED', class: 'quota', message: 'M' };
  const retryAt = new Date('2026-11-22T10:05:00Z');
  const reported = await rows.report([
    { requestId: one.requestId, outcome: { state: 'ready' } },
    { requestId: two.requestId, outcome: { state: 'failed', error, retryAt, attempts: 1 } },
    { requestId: randomUUID(), outcome: { state: 'gone' } },
  ]);
  expect(reported).toHaveLength(2);
  expect(await rows.find(two)).toMatchObject({ state: 'failed', error, retryAt, attempts: 1 });
  expect(await rows.unannounced(0)).toHaveLength(2);
  expect(await rows.unannounced(60_000)).toEqual([]);
  await rows.announced([one.requestId]);
  expect((await rows.unannounced(0)).map(({ name }) => name)).toEqual(['network-2']);
  await rows.forget(two.requestId);
  expect(await rows.find(two)).toBeUndefined();
});

test('a plan is on disk when it is answered, though its pool does not wait for the disk', async () => {
  const { rows, pool } = await open();
  await pool.query('select pg_switch_wal()');
  const written = async (name: string) => {
    const { rows: positions } = await pool.query<Record<string, string>>(
      `select pg_wal_lsn_diff(pg_current_wal_${name}_lsn(), '0/0') as at`,
    );
    return Number(positions[0]?.at);
  };
  const before = await written('insert');
  await rows.plan(intent());
  expect(await written('flush')).toBeGreaterThan(before);
});
