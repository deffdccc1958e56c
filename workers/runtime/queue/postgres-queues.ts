import {
  createPostgresBackend,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  Queue,
  Worker,
} from 'bullmq';
import { addKeys, workerOptions } from './job-options.ts';
import { createFairOrder } from './fair-order.ts';
import { openQueuePool } from './postgres-pool.ts';
import { postgresTraces } from './postgres-traces.ts';
import { prepareQueueSchema } from './postgres-schema.ts';
import type { KeyJob, QueueCounts, Queues } from './queues.ts';

type PostgresQueue = Queue<KeyJob, void, string, KeyJob, void, string, PostgresQueueBackend, PostgresConnectionOptions>;

/** What runs next, and what runs next of those that take turns: two looks into the index that jobs are taken by. */
const backlog = `select
    (select priority from job where queue = $1 and state = 'waiting' order by priority, seq limit 1) as first,
    (select priority from job where queue = $1 and state = 'waiting' and priority > 0 order by priority, seq limit 1) as lowest`;

/** Queues in the product's own Postgres, in a schema of their own: for one worker process. */
export async function openPostgresQueues(url: string): Promise<Queues> {
  await prepareQueueSchema(url);
  const pool = openQueuePool(url);
  const queues = new Map<string, PostgresQueue>();

  function queueOf(name: string): PostgresQueue {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, { connection: pool, skipMetasUpdate: true }, createPostgresBackend);
      queue.on('error', () => {});
      queues.set(name, queue);
    }
    return queue;
  }

  const rounds = createFairOrder(async (name) => {
    const { rows } = await pool.query(backlog, [name]);
    const [{ first, lowest }] = rows as [{ first: number | null; lowest: number | null }];
    return { isEmpty: first === null, lowestRound: lowest ?? undefined };
  });

  return {
    add: async (name, keys) => addKeys(queueOf(name), keys, await rounds(name, keys)),
    async consume(name, process, options) {
      const worker = new Worker<KeyJob, void, string, PostgresQueueBackend, never, PostgresConnectionOptions>(
        name,
        process,
        { ...workerOptions(options), connection: pool },
        createPostgresBackend,
      );
      worker.on('error', options.onError);
      await worker.waitUntilReady();
      return {
        async takeNewer(key) {
          const { rows } = await pool.query(
            'delete from dedup_next where queue = $1 and dedup_id = $2 returning queue',
            [name, key],
          );
          return rows.length > 0;
        },
        close: () => worker.close(),
      };
    },
    async counts(names) {
      const { rows } = await pool.query(
        `select queue as name, count(*) filter (where state = 'waiting')::int as waiting,
           count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'delayed')::int as delayed
         from job where queue = any ($1) and state in ('waiting', 'active', 'delayed') group by queue`,
        [names],
      );
      return rows as QueueCounts[];
    },
    traces: postgresTraces(pool),
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await pool.close();
    },
  };
}
