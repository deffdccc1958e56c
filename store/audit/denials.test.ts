import { expect, onTestFinished, test } from 'vitest';
import { auditOf, faultsOf, writeAllAudit } from '../../test/support/audit.ts';
import { testStore } from '../../test/support/store.ts';
import { createPool } from '../pool.ts';
import type { Attempt } from './attempts.ts';
import { createDenials } from './denials.ts';

const attempt: Attempt = {
  project: 'default',
  door: 'graphql',
  address: '10.0.0.7',
  agent: 'curl/8',
  user: 'eve',
  groups: ['dev'],
  verb: 'get',
  kind: 'Secret',
  group: '',
  resource: 'secrets',
  namespace: 'default',
  name: 's',
  requestId: 'r',
};

function silent(error: unknown): void {
  throw error;
}

test('a denied attempt is chained with what was wanted, by whom and from where', async () => {
  const store = await testStore();
  const denials = createDenials(store.pool, silent);
  denials.note({ ...attempt, name: 'a\0b\ud800', agent: 'x'.repeat(10_000) });
  await denials.close();
  await writeAllAudit(store);
  const record = (await auditOf(store)).at(-1);
  expect(record).toMatchObject({
    ...attempt,
    name: 'a\ufffdb\ufffd',
    agent: expect.stringMatching(/^x{255}…$/),
    allowed: false,
    sequence: 2,
  });
  expect(record).not.toHaveProperty('count');
  expect(await faultsOf(store)).toEqual([]);
});

test('of a flood the first are told one by one and the rest by how many they were; others are told as ever', async () => {
  const store = await testStore();
  const denials = createDenials(store.pool, silent, 300);
  const begun = performance.now();
  for (let n = 0; n < 50_000; n += 1) {
    denials.note({ ...attempt, name: `s${n}` });
    if (n % 5_000 === 0) denials.note({ ...attempt, user: 'bob', name: `t${n}` });
    if (n % 500 === 0) await new Promise(setImmediate);
  }
  expect(performance.now() - begun).toBeLessThan(10_000);
  await denials.close();
  await writeAllAudit(store);
  const records = await auditOf(store);
  const ofEve = records.filter(({ user }) => user === 'eve');
  expect(ofEve.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(50_000);
  const windows = ofEve.filter(({ count }) => count !== undefined).length;
  expect(ofEve.length).toBeLessThanOrEqual(21 * (windows + 1));
  expect(ofEve.find(({ count }) => count !== undefined)).not.toHaveProperty('name');
  expect(records.filter(({ user }) => user === 'bob')).toHaveLength(10);
  expect(await faultsOf(store)).toEqual([]);
});

test('a flood from many users leaves few records, and no attempt uncounted', async () => {
  const store = await testStore();
  const denials = createDenials(store.pool, silent, 60_000);
  for (let n = 0; n < 20_000; n += 1) denials.note({ ...attempt, user: `user ${n}` });
  await denials.close();
  await writeAllAudit(store);
  const records = (await auditOf(store)).filter(({ allowed }) => !allowed);
  expect(records.length).toBeLessThan(3_000);
  expect(records.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(20_000);
});

test('what the database does not take is counted until it does', async () => {
  const store = await testStore();
  const pool = createPool({ url: store.url, max: 1 });
  onTestFinished(() => pool.end());
  const errors: unknown[] = [];
  const denials = createDenials(pool, (error) => errors.push(error), 100);
  await store.pool.query('alter table audit_denied rename to audit_denied_away');
  for (let n = 0; n < 30; n += 1) denials.note(attempt);
  await expect.poll(() => errors.length, { timeout: 5000 }).toBeGreaterThan(1);
  await store.pool.query('alter table audit_denied_away rename to audit_denied');
  const waiting = async () => (await store.pool.query('select from audit_denied')).rowCount;
  await expect.poll(waiting, { timeout: 5000 }).toBeGreaterThan(0);
  await denials.close();
  await writeAllAudit(store);
  const denied = (await auditOf(store)).filter(({ user }) => user === 'eve');
  expect(denied.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(30);
});
