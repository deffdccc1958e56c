import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../test/support/graphql.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { noRedis, testRedis } from '../../../test/support/redis.ts';
import { type Backlog, createFairOrder } from './fair-order.ts';
import { openQueues } from './open-queues.ts';
import type { QueueLocation } from './queues.ts';

const keysOf = (project: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${project}//default/${n}`);

describe('rounds', () => {
  const idle: Backlog = { isEmpty: true, lowestRound: undefined };

  it('are not needed while little is added or nothing waits', async () => {
    let looks = 0;
    const rounds = createFairOrder(async () => {
      looks += 1;
      return idle;
    });
    for (let n = 0; n < 320; n += 1) expect(await rounds('q', [`a//d/${n}`])).toEqual([0]);
    expect(looks).toBeLessThanOrEqual(10);
  });

  it('are taken in turns by projects, and begin at the one that runs', async () => {
    let backlog: Backlog = idle;
    const rounds = createFairOrder(async () => backlog);
    expect(await rounds('q', keysOf('a', 40))).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    backlog = { isEmpty: false, lowestRound: 7 };
    expect(await rounds('q', ['b//d/x', 'a//d/x', 'b//d/y', 'c//d/x'])).toEqual([7, 41, 8, 7]);
    backlog = { isEmpty: false, lowestRound: 60 };
    expect(await rounds('q', ['a//d/y', 'b//d/z'])).toEqual([60, 60]);
    // Another queue has rounds of its own.
    expect(await rounds('other', ['a//d/x'])).toEqual([0]);
  });

  it('go on behind what was put off when all have run', async () => {
    let backlog: Backlog = idle;
    const rounds = createFairOrder(async () => backlog);
    await rounds('q', keysOf('a', 100));
    backlog = idle;
    expect((await rounds('q', keysOf('b', 40)))[0]).toBe(100);
  });

  it('end at the highest priority that there is', async () => {
    let backlog: Backlog = { isEmpty: false, lowestRound: 2 ** 21 - 2 };
    const rounds = createFairOrder(async () => backlog);
    const all = await rounds('q', keysOf('a', 40));
    expect(Math.max(...all)).toBe(2 ** 21 - 1);
    backlog = idle;
    expect((await rounds('q', keysOf('a', 40)))[0]).toBe(1);
  });
});

const places: Record<string, () => Promise<QueueLocation>> = {
  Postgres: async () => ({ postgresUrl: await testDatabase() }),
  Redis: async () => ({ redisUrl: await testRedis() }),
};

for (const [place, locate] of Object.entries(places)) {
  describe.skipIf(place === 'Redis' && noRedis !== undefined)(`projects in a queue on ${place}`, () => {
    /** A queue whose first job runs until it is let go, while others are added; then all run in order, one at a time. */
    async function held() {
      const queues = await openQueues(await locate());
      const order: string[] = [];
      const gate = Promise.withResolvers<void>();
      const consumer = await queues.consume(
        'q',
        async ({ data }) => {
          order.push(data.key);
          await gate.promise;
        },
        { concurrency: 1, backoffMs: () => 10, onError: () => {} },
      );
      onTestFinished(async () => {
        gate.resolve();
        await consumer.close();
        await queues.close();
      });
      await queues.add('q', ['first//default/x']);
      await eventually(
        async () => order.length,
        (count) => count === 1,
      );
      return {
        queues,
        async run(count: number): Promise<readonly string[]> {
          gate.resolve();
          await eventually(
            async () => order.length,
            (ran) => ran === count + 1,
          );
          return order.slice(1);
        },
      };
    }

    it('a single key runs among the first, whoever added hundreds before', async () => {
      const { queues, run } = await held();
      for (let start = 0; start < 600; start += 100)
        await queues.add('q', keysOf('flood', 600).slice(start, start + 100));
      // A key that waits already stays one.
      await queues.add('q', keysOf('flood', 600).slice(0, 50));
      await queues.add('q', ['single//default/x']);
      expect(await queues.counts(['q'])).toMatchObject([{ waiting: 601, active: 1 }]);
      const order = await run(601);
      expect(new Set(order).size).toBe(601);
      expect(order.indexOf('single//default/x')).toBeLessThan(3);
    });

    it('a single key of many small batches is not behind them either', async () => {
      const { queues, run } = await held();
      for (const key of keysOf('flood', 200)) await queues.add('q', [key]);
      await queues.add('q', ['single//default/x']);
      const order = await run(201);
      // Those that were added before there was a backlog come first.
      expect(order.indexOf('single//default/x')).toBeLessThan(36);
    });

    it('two that add hundreds take turns, the later one too', async () => {
      const { queues, run } = await held();
      await queues.add('q', keysOf('early', 300));
      await queues.add('q', keysOf('late', 300));
      const half = (await run(600)).slice(0, 200);
      const early = half.filter((key) => key.startsWith('early/')).length;
      expect(early).toBeGreaterThan(90);
      expect(early).toBeLessThan(110);
    });
  });
}
