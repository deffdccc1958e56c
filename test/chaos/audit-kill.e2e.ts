import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createDenials } from '../../store/audit/denials.ts';
import { auditOf, faultsOf, writeAllAudit } from '../support/audit.ts';
import { seeded, testScale } from '../support/scale.ts';
import { asAdmin, testStore } from '../support/store.ts';

const script = join(import.meta.dirname, '..', 'support', 'audit-writer.ts');

it(
  'whoever writes audit is killed in the middle, and each write is told exactly once',
  { timeout: 600_000 },
  async () => {
    const random = seeded('audit-kill');
    const store = await testStore();
    const denials = createDenials(store.pool, (error) => {
      throw error;
    });
    let writes = 0;
    let attempts = 0;
    let done = false;
    onTestFinished(() => void (done = true));
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; !done; n += 1) {
        await store.store.create(asAdmin, 'ConfigMap', {
          metadata: { namespace: 'default', name: `c-${writer}-${n}` },
        });
        writes += 1;
        if (n % 50 !== 0) continue;
        denials.note({ project: 'default', door: 'graphql', user: `user ${writer}`, verb: 'get', name: String(n) });
        attempts += 1;
      }
    });
    const rounds = Math.max(3, Math.round(12 * testScale));
    const writesAudit = async () => {
      const { rows } = await store.pool.query<{ busy: boolean }>(
        "select exists (select from pg_stat_activity where state like '%transaction%' and query ilike '%audit%') as busy",
      );
      return rows[0]?.busy;
    };
    for (let round = 0; round < rounds; round += 1) {
      // Two at a time, as when one is taken for dead and is not.
      const children = [1, 2].map(() =>
        spawn(process.execPath, [script, store.url, store.secretKey.toString('base64')], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      );
      onTestFinished(() => children.forEach((child) => void child.kill('SIGKILL')));
      await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
      await sleep(200 + 800 * random());
      // In the middle: while a record is being written.
      await expect.poll(writesAudit, { interval: 1 }).toBe(true);
      for (const child of children) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    done = true;
    await Promise.all(writing);
    await denials.close();
    await writeAllAudit(store);

    const records = await auditOf(store);
    const { rows } = await store.pool.query<{ revision: string }>('select revision from change order by revision');
    expect(rows.length).toBe(writes + 1);
    expect(records.filter(({ allowed }) => allowed).map(({ revision }) => revision)).toEqual(
      rows.map(({ revision }) => revision),
    );
    expect(records.filter(({ allowed }) => !allowed).reduce((sum, { count = 1 }) => sum + count, 0)).toBe(attempts);
    expect(await faultsOf(store)).toEqual([]);
  },
);
