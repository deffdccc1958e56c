import { expect, it } from 'vitest';
import { seeded, sized, testSeed } from '../../test/support/scale.ts';
import { asAdmin, openTestStore, testStore } from '../../test/support/store.ts';
import { isStoreError } from '../errors.ts';

const writers = 32;
/** Limits of the namespaces; that of `other` moves between 5 and 7. */
const most = { default: 5, other: 7, project: 9 };
const namespaces = ['default', 'other'] as const;
const tolerated = ['AlreadyExists', 'NotFound', 'Conflict'];

it(`no limit is passed by ${writers} writers of two processes, whatever they do`, async () => {
  const one = await testStore();
  const two = await openTestStore(one.url, { secretKey: one.secretKey });
  const random = seeded('quota');
  const below = (limit: number): number => Math.floor(random() * limit);
  await one.store.create(asAdmin, 'Namespace', { metadata: { name: 'other' } });
  for (const namespace of namespaces) {
    const spec = { hard: { configmaps: most[namespace], 'count/configmaps': 20 } };
    await one.store.create(asAdmin, 'ResourceQuota', { metadata: { namespace, name: 'q' }, spec });
  }
  const spec = { quotas: { configmaps: most.project } };
  await one.store.create(asAdmin, 'Project', { metadata: { name: 'default' }, spec });
  let made = 0;
  let refused = 0;

  async function write(writer: number): Promise<void> {
    const { store } = writer % 2 === 0 ? one : two;
    const namespace = namespaces[below(2)] ?? 'default';
    const name = `c${below(12)}`;
    switch (below(6)) {
      case 0:
      case 1:
        await store.create(asAdmin, 'ConfigMap', { metadata: { namespace, generateName: 'g-' } });
        made += 1;
        return;
      case 2:
        await store.apply(asAdmin, 'ConfigMap', { namespace, name }, { data: { a: String(below(100)) } });
        return;
      case 3:
        await store.create(asAdmin, 'ConfigMap', { metadata: { namespace, name } }, { dryRun: true });
        return;
      default: {
        const { items } = await store.list(asAdmin, 'ConfigMap', { namespace });
        const victim = items[below(Math.max(1, items.length))];
        if (victim) await store.delete(asAdmin, 'ConfigMap', { namespace, name: victim.metadata.name });
      }
    }
  }

  async function attempt(writer: number): Promise<void> {
    try {
      await write(writer);
    } catch (error) {
      if (isStoreError(error, 'QuotaExceeded')) refused += 1;
      else if (!isStoreError(error) || !tolerated.includes(error.code)) throw error;
    }
  }

  async function check(): Promise<void> {
    const lists = namespaces.map((namespace) => one.store.list(asAdmin, 'ConfigMap', { namespace }));
    const [inDefault = 0, inOther = 0] = (await Promise.all(lists)).map(({ items }) => items.length);
    expect(inDefault, `seed ${testSeed}`).toBeLessThanOrEqual(most.default);
    expect(inOther, `seed ${testSeed}`).toBeLessThanOrEqual(most.other);
    expect(inDefault + inOther, `seed ${testSeed}`).toBeLessThanOrEqual(most.project);
    const { rows } = await one.pool.query<{ namespace: string; used: string }>('select * from quota_limit');
    const used = { '': inDefault + inOther, default: inDefault, other: inOther };
    for (const row of rows) expect(Number(row.used)).toBe(used[row.namespace as keyof typeof used]);
  }

  try {
    for (let round = 0; round < sized(200, { full: 100, quick: 20 }); round += 1) {
      const moved = { hard: { configmaps: 5 + below(3), 'count/configmaps': 20 } };
      const key = { namespace: 'other', name: 'q' };
      await Promise.all([
        ...Array.from({ length: writers }, (_, writer) => attempt(writer)),
        two.store.update(asAdmin, 'ResourceQuota', key, (quota) => ({ ...quota, spec: moved })),
      ]);
      await check();
    }
  } finally {
    await two.close();
  }
  expect(made).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});
