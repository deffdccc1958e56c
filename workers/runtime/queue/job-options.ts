import type { JobsOptions, WorkerOptions } from 'bullmq';
import type { ConsumerOptions, KeyJob } from './queues.ts';

/** Jobs of one call: in Postgres they share a transaction that locks every key until it commits. */
const addChunk = 50;
const jobName = 'reconcile';

/** A BullMQ queue of either place, as far as jobs are added to it. */
interface JobQueue {
  add(name: string, data: KeyJob, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: KeyJob; opts: JobsOptions }[]): Promise<unknown>;
}

/**
 * Adds a job for each key, those of the first rounds first. In Postgres a single one costs half of a bulk of one, and in a bulk
 * of 50 each costs a third.
 */
export async function addKeys(queue: JobQueue, keys: readonly string[], rounds: readonly number[]): Promise<void> {
  const [first] = keys;
  if (first !== undefined && keys.length === 1) {
    await queue.add(jobName, { key: first }, jobOptions(first, rounds[0]));
    return;
  }
  const jobs = keys
    .map((key, index) => ({ name: jobName, data: { key }, opts: jobOptions(key, rounds[index]) }))
    .toSorted((a, b) => (a.opts.priority ?? 0) - (b.opts.priority ?? 0));
  for (let start = 0; start < jobs.length; start += addChunk) await queue.addBulk(jobs.slice(start, start + addChunk));
}

/**
 * What makes a BullMQ queue a controller's work queue: at most one job of a key waits and at most one runs, a job that waits
 * for later becomes due when its key is added, and one that fails is tried again for ever. No custom job id: a job that is
 * added while its namesake ends would be lost.
 */
function jobOptions(key: string, round = 0): JobsOptions {
  return {
    ...(round === 0 ? {} : { priority: round }),
    deduplication: { id: key, keepLastIfActive: true, reschedule: true },
    attempts: 1_000_000_000,
    backoff: { type: 'custom' },
    stackTraceLimit: 1,
    removeOnComplete: true,
    removeOnFail: true,
  };
}

/**
 * A run is one short step, so its lock is short: the objects of a worker that dies are taken up by another within 10 s (5 s
 * until the lock ends, and two looks 2 s apart).
 */
export function workerOptions({ concurrency, backoffMs }: ConsumerOptions): Omit<WorkerOptions, 'connection'> {
  return {
    concurrency,
    lockDuration: 5000,
    stalledInterval: 2000,
    maxStalledCount: 1_000_000_000,
    // Longest silence before it looks by itself, in seconds: a wake-up may be lost with a connection.
    drainDelay: 5,
    // How soon it tries again when the queue cannot be reached, in ms.
    runRetryDelay: 1000,
    settings: { backoffStrategy: (_attempts, _type, _error, job) => backoffMs(String(job?.data.key)) },
  };
}
