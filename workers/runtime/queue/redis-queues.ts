import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { addKeys, workerOptions } from './job-options.ts';
import type { KeyJob, Queues } from './queues.ts';
import { redisTraces } from './redis-traces.ts';

const prefix = 'datum';

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

  return {
    add: (name, keys) => addKeys(queueOf(name), keys),
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
          const counts = await queueOf(name).getJobCounts('waiting', 'active', 'delayed');
          return {
            name,
            waiting: counts['waiting'] ?? 0,
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
