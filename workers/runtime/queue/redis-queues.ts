import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { addKeys, workerOptions } from './job-options.ts';
import { createFairOrder } from './fair-order.ts';
import type { KeyJob, Queues } from './queues.ts';
import { redisTraces } from './redis-traces.ts';

const prefix = 'datum';
/** Of BullMQ: a job's score is its priority times this, and its place among those of the same. */
const scorePerPriority = 2 ** 32;

/** Queues in Redis or Valkey: for several worker processes. */
export async function openRedisQueues(url: string): Promise<Queues> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const queues = new Map<string, Queue<KeyJob>>();

  function queueOf(name: string): Queue<KeyJob> {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = new Queue<KeyJob>(name, { connection, prefix, skipMetasUpdate: true });
      queue.on('error', () => {});
      queues.set(name, queue);
    }
    return queue;
  }

  const rounds = createFairOrder(async (name) => {
    const [waiting, ranked] =
      (await connection
        .pipeline()
        .llen(`${prefix}:${name}:wait`)
        .zrange(`${prefix}:${name}:prioritized`, 0, '0', 'WITHSCORES')
        .exec()) ?? [];
    const score = (ranked?.[1] as string[] | undefined)?.[1];
    return {
      isEmpty: waiting?.[1] === 0 && score === undefined,
      lowestRound: score === undefined ? undefined : Math.floor(Number(score) / scorePerPriority),
    };
  });

  return {
    add: async (name, keys) => addKeys(queueOf(name), keys, await rounds(name, keys)),
    async consume(name, process, options) {
      const worker = new Worker<KeyJob, void>(name, process, { ...workerOptions(options), connection, prefix });
      worker.on('error', options.onError);
      await worker.waitUntilReady();
      return {
        takeNewer: async (key) => (await connection.del(`${prefix}:${name}:dn:${key}`)) > 0,
        close: () => worker.close(),
      };
    },
    counts: (names) =>
      Promise.all(
        names.map(async (name) => {
          const counts = await queueOf(name).getJobCounts('waiting', 'prioritized', 'active', 'delayed');
          return {
            name,
            waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
            active: counts['active'] ?? 0,
            delayed: counts['delayed'] ?? 0,
          };
        }),
      ),
    traces: redisTraces(connection, prefix),
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      connection.disconnect();
    },
  };
}
