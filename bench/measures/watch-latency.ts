import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, row, type Row } from '../support/row.ts';
import { asBench, withStore } from '../support/store.ts';

const watchers = 100;
const changesPerSecond = 300;
const seconds = 5;

/** From the moment a change is committed (the write answers) to the call of each subscriber. */
export async function measure(): Promise<Row[]> {
  return withStore(async ({ store }) => {
    const abort = new AbortController();
    const from = await store.revision();
    const seen = new Map<bigint, number[]>();
    const reading = Array.from({ length: watchers }, async () => {
      for await (const event of store.watch(asBench, 'ConfigMap', { from, signal: abort.signal })) {
        if (event.type === 'BOOKMARK') continue;
        const times = seen.get(event.revision);
        if (times === undefined) seen.set(event.revision, [performance.now()]);
        else times.push(performance.now());
      }
    });
    const committed = new Map<bigint, number>();
    const writing: Promise<unknown>[] = [];
    const start = performance.now();
    for (let n = 0; n < changesPerSecond * seconds; n += 1) {
      const due = start + (n * 1000) / changesPerSecond;
      if (due > performance.now()) await sleep(due - performance.now());
      const write = store.create(asBench, 'ConfigMap', { metadata: { name: `w-${n}`, namespace: 'default' } });
      writing.push(
        write.then(({ object }) => committed.set(BigInt(object.metadata.resourceVersion), performance.now())),
      );
    }
    await Promise.all(writing);
    while ([...committed.keys()].some((revision) => (seen.get(revision)?.length ?? 0) < watchers)) await sleep(10);
    abort.abort();
    await Promise.all(reading);
    const delays = [...committed].flatMap(([revision, at]) =>
      (seen.get(revision) ?? []).map((time) => Math.max(0, time - at)),
    );
    return [
      row(`change → ${watchers} watchers at ${changesPerSecond}/s, p50`, percentile(delays, 0.5), 'ms', { atMost: 3 }),
      row(`change → ${watchers} watchers at ${changesPerSecond}/s, p99`, percentile(delays, 0.99), 'ms', {
        atMost: 25,
      }),
    ];
  });
}
