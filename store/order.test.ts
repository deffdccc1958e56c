import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asAdmin, testStore } from '../test/support/store.ts';
import { seeded, testScale } from '../test/support/scale.ts';
import { isStoreError } from './errors.ts';
import type { Revision } from './types.ts';

const writers = 32;
const watchers = 8;

describe('order of changes', () => {
  // The size is 10 s of writing; smaller by default, see test/support/scale.ts.
  it(`${writers} writers and ${watchers} watchers: nothing lost, nothing twice, nothing out of order`, async () => {
    const durationMs = 10_000 * testScale;
    const random = seeded('order');
    const first = await testStore();
    // The second store is another process as far as the log is concerned: it learns of writes by notification.
    const second = await testStore({ url: first.url, secretKey: first.secretKey });
    const storeOf = (index: number) => (index % 2 === 0 ? first.store : second.store);
    const abort = new AbortController();
    const seen: Revision[][] = Array.from({ length: watchers }, () => []);
    const { revision: from } = await first.store.list(asAdmin, 'ConfigMap');
    const reading = seen.map(async (revisions, index) => {
      let last = from;
      while (!abort.signal.aborted) {
        // Every reader is cut off now and then and goes on from where it was.
        const cut = AbortSignal.any([abort.signal, AbortSignal.timeout(Math.round(100 + 400 * random()))]);
        for await (const event of storeOf(index).watch(asAdmin, 'ConfigMap', { from: last, signal: cut })) {
          if (event.type !== 'BOOKMARK') revisions.push(event.revision);
          last = event.revision;
        }
      }
    });

    const acknowledged = new Set<Revision>();
    const until = Date.now() + durationMs;
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const store = storeOf(writer);
        for (let n = 0; Date.now() < until; n += 1) {
          const key = { namespace: 'default', name: `o-${writer % 8}-${n % 20}` };
          const note = (revision: string): void => void acknowledged.add(BigInt(revision));
          try {
            const dice = random();
            if (dice < 0.1) await store.create(asAdmin, 'ConfigMap', { metadata: key }, { dryRun: true });
            else if (dice < 0.5)
              note((await store.create(asAdmin, 'ConfigMap', { metadata: key })).object.metadata.resourceVersion);
            else if (dice < 0.8)
              note(
                (await store.update(asAdmin, 'ConfigMap', key, (c) => ({ ...c, data: { n: String(random()) } }))).object
                  .metadata.resourceVersion,
              );
            else note((await store.delete(asAdmin, 'ConfigMap', key)).object.metadata.resourceVersion);
          } catch (error) {
            if (!isStoreError(error)) throw error;
          }
          if (random() < 0.2) await sleep(random() * 10);
        }
      }),
    );
    const { rows } = await first.pool.query<{ revision: string }>(
      `select revision from change where kind = 'ConfigMap' order by revision`,
    );
    const logged = rows.map(({ revision }) => BigInt(revision));
    const newest = logged.at(-1) ?? from;
    while (!seen.every((revisions) => revisions.at(-1) === newest)) await sleep(20);
    abort.abort();
    await Promise.all(reading);

    expect(logged.length).toBeGreaterThan(writers);
    expect([...acknowledged].sort((a, b) => (a < b ? -1 : 1))).toEqual(logged);
    for (const revisions of seen) expect(revisions).toEqual(logged);
  });
});
