import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { noRedis, testRedis } from '../../test/support/redis.ts';
import { testRuntime } from '../../test/support/runtime.ts';
import { seeded } from '../../test/support/scale.ts';
import { asAdmin, type TestStore, testStore } from '../../test/support/store.ts';
import { StoreError } from '../../store/errors.ts';
import { againAfter, type Controller, done, type Outcome, type ReconcileKey } from './controller.ts';
import { openQueues } from './queue/open-queues.ts';
import type { QueueLocation } from './queue/queues.ts';
import { startWorkers } from './start-workers.ts';
import { startDispatcher } from './dispatcher/dispatcher.ts';
import { TerminalError } from './terminal-error.ts';
import pino from 'pino';

const longAfterMs = 120_000;

/** A controller of config maps that does what a test says, and remembers its runs. */
function fake(
  reconcile: (key: ReconcileKey, run: number) => Promise<Outcome> | Outcome,
  more: Partial<Controller> = {},
) {
  const runs = new Map<string, number>();
  const running = new Set<string>();
  const twice: string[] = [];
  let waiting: (() => void)[] = [];
  const controller: Controller = {
    name: 'fake',
    kind: 'ConfigMap',
    watches: [],
    writes: [],
    concurrency: 8,
    async reconcile(key) {
      if (running.has(key.name)) twice.push(key.name);
      running.add(key.name);
      const run = (runs.get(key.name) ?? 0) + 1;
      runs.set(key.name, run);
      try {
        return await reconcile(key, run);
      } finally {
        running.delete(key.name);
        const told = waiting;
        waiting = [];
        for (const tell of told) tell();
      }
    },
    ...more,
  };
  /** Waits until the condition holds after some run. */
  async function until(condition: () => boolean, timeoutMs = 60_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    while (!condition()) {
      const left = end - performance.now();
      if (left <= 0) throw new Error(`not so within ${timeoutMs} ms; runs: ${JSON.stringify([...runs])}`);
      const abort = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => waiting.push(resolve)),
        sleep(left, undefined, { signal: abort.signal }).catch(() => {}),
      ]);
      abort.abort();
    }
  }
  return { controller, runs, twice, until, runsOf: (name: string) => runs.get(name) ?? 0 };
}

const inDefault = (name: string) => ({ namespace: 'default', name });
const write = (open: TestStore, name: string, n = 0) =>
  open.store.create(asAdmin, 'ConfigMap', { metadata: inDefault(name), data: { n: String(n) } });
const change = (open: TestStore, name: string, n: number) =>
  open.store.update(asAdmin, 'ConfigMap', inDefault(name), (object) => ({ ...object, data: { n: String(n) } }));

interface Place {
  readonly name: string;
  readonly skip: string | undefined;
  locate(open: TestStore): Promise<QueueLocation>;
}
const places: readonly Place[] = [
  { name: 'Postgres', skip: undefined, locate: async ({ url }) => ({ postgresUrl: url }) },
  { name: 'Redis', skip: noRedis, locate: async () => ({ redisUrl: await testRedis() }) },
];

describe.each(places)('on $name', ({ name, skip, locate }) => {
  if (skip !== undefined) console.warn(`Queues on ${name} are not tested: ${skip}`);
  const check = it.skipIf(skip !== undefined);

  check(
    'reconciles each of 200 keys after its last change, never one twice at a time, and failing ones recover',
    async () => {
      const open = await testStore();
      const random = seeded('runtime');
      const seen = new Map<string, number>();
      const { controller, twice, until } = fake(async (key, run) => {
        if (run % 7 === 3) throw new Error('a bad moment');
        if (run % 7 === 5) throw new StoreError('Conflict', 'a newer object');
        const object = await open.store.get(asAdmin, 'ConfigMap', key);
        await sleep(random() * 8);
        seen.set(key.name, Number(object?.data?.['n']));
        return run % 7 === 1 ? againAfter(random() * 40) : done;
      });
      await testRuntime(open, [controller], { location: await locate(open) });
      const names = Array.from({ length: 200 }, (_, index) => `key-${index}`);
      await Promise.all(names.map((one) => write(open, one)));
      const changes: Promise<unknown>[] = [];
      for (let n = 1; n <= 800; n++) {
        changes.push(change(open, names[Math.floor(random() * names.length)]!, n)); // within the list
        if (n % 16 === 0) await changes.at(-1);
      }
      await Promise.all(changes);
      const { items } = await open.store.list(asAdmin, 'ConfigMap', { namespace: 'default' });
      const last = new Map(items.map((object) => [object.metadata.name, Number(object.data?.['n'])]));
      expect(last.size).toBe(200);
      await until(() => names.every((one) => seen.get(one) === last.get(one)));
      expect(twice).toEqual([]);
    },
  );

  check('looks again after the time that was asked for', async () => {
    const open = await testStore();
    const { controller, until, runsOf } = fake((_, run) => (run < 4 ? againAfter(30) : done));
    await testRuntime(open, [controller], { location: await locate(open) });
    await write(open, 'again');
    await until(() => runsOf('again') === 4);
  });

  check('runs a key that waits for later at once when it changes, also when it changed during the run', async () => {
    const open = await testStore();
    const { controller, until, runsOf } = fake(async ({ name: one }, run) => {
      if (one === 'during' && run === 1) {
        await change(open, one, 1);
        // The change is dispatched while this run goes on.
        await until(() => runsOf('after') > 0);
        await sleep(50);
      }
      return againAfter(longAfterMs);
    });
    await testRuntime(open, [controller], { location: await locate(open) });
    await write(open, 'during');
    await write(open, 'after');
    await until(() => runsOf('during') === 2 && runsOf('after') === 1);
    await change(open, 'after', 2);
    await until(() => runsOf('after') === 2);
  });

  check('backs off from failures, not from conflicts, and lets be what is terminal', async () => {
    const open = await testStore();
    const starts: number[] = [];
    const { controller, until, runsOf } = fake(({ name: one }, run) => {
      if (one === 'failing') starts.push(performance.now());
      if (one === 'terminal') throw new TerminalError('never');
      if (run > 4) return done;
      throw one === 'conflict' && run <= 3 ? new StoreError('Conflict', 'a newer object') : new Error('not yet');
    });
    await testRuntime(open, [controller], { location: await locate(open) });
    await Promise.all(['failing', 'conflict', 'terminal'].map((one) => write(open, one)));
    await until(() => runsOf('failing') === 5 && runsOf('conflict') === 5);
    expect(runsOf('terminal')).toBe(1);
    const waits = starts.slice(1).map((start, index) => start - starts[index]!); // one less than starts
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThan(0.7 * 50 * 2 ** index);
  });
});

it('takes up at its start what is there, and after a restart what changed meanwhile', async () => {
  const open = await testStore();
  await write(open, 'before');
  const first = fake(() => done);
  const runtime = await testRuntime(open, [first.controller]);
  await first.until(() => first.runsOf('before') === 1);
  await runtime.close();
  await write(open, 'meanwhile');
  const second = fake(() => done);
  await testRuntime(open, [second.controller]);
  await second.until(() => second.runsOf('meanwhile') === 1);
  expect(second.runsOf('before')).toBe(0);
});

it('looks at everything from time to time', async () => {
  const open = await testStore();
  const { controller, until, runsOf } = fake(() => done);
  await write(open, 'quiet');
  await testRuntime(open, [controller], { scanEveryMs: 100 });
  await until(() => runsOf('quiet') >= 3);
});

it('scans in full when the history it needs is gone', async () => {
  const open = await testStore();
  await write(open, 'old');
  const { controller, until, runsOf } = fake(() => done);
  await open.pool.query(`insert into reader_cursor (reader, revision) values ('dispatcher', 0)`);
  await open.pool.query('update meta set floor = (select max(revision) from change)');
  await open.pool.query('delete from change');
  // A store that is opened now remembers nothing of it.
  await testRuntime(await testStore(open), [controller]);
  await until(() => runsOf('old') === 1);
});

it('has one dispatcher at work, and another that takes over', async () => {
  const open = await testStore();
  const { controller, until, runsOf } = fake(() => done);
  const runtime = await testRuntime(open, [controller]);
  await write(open, 'one');
  await until(() => runsOf('one') === 1);
  const added: string[] = [];
  const standby = startDispatcher({
    ...open,
    controllers: [controller],
    queues: { ...runtime.queues, add: async (name, keys) => (added.push(...keys), runtime.queues.add(name, keys)) },
    logger: pino({ level: 'silent' }),
  });
  await write(open, 'two');
  await until(() => runsOf('two') === 1);
  expect(added).toEqual([]);
  await runtime.dispatcher.close();
  await write(open, 'three');
  await until(() => runsOf('three') === 1);
  expect(added).toEqual(['default//default/three']);
  await standby.close();
});

it('refuses two controllers that write one field of status', async () => {
  const open = await testStore();
  const queues = await openQueues({ postgresUrl: open.url });
  const writing = (name: string, writes: string[]) => fake(() => done, { name, writes }).controller;
  const start = (...controllers: Controller[]) =>
    startWorkers({ controllers, queues, logger: pino({ level: 'silent' }) });
  const clash = /each field of status has one writer/;
  await expect(start(writing('a', ['Network.status.ipam']), writing('b', ['Network.status.ipam']))).rejects.toThrow(
    clash,
  );
  await expect(
    start(writing('a', ['Network.status.ipam']), writing('b', ['Network.status.ipam.subnets'])),
  ).rejects.toThrow(clash);
  await expect(
    start(writing('a', ['Network.status.conditions[Ready]']), writing('b', ['Network.status.conditions'])),
  ).rejects.toThrow(clash);
  await expect(
    start(writing('a', ['X.status.conditions[Ready:One]']), writing('b', ['X.status.conditions[Ready]'])),
  ).rejects.toThrow(clash);
  await expect(start(writing('a', []), writing('a', []))).rejects.toThrow('Two controllers are named a');
  const fine = await start(
    writing('a', ['X.status.conditions[Ready:One]']),
    writing('b', ['X.status.conditions[Ready:Two]', 'X.status.a']),
  );
  await fine.close();
  await queues.close();
});
