import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from './backoff.ts';
import { checkClaims } from './claims.ts';
import type { Controller } from './controller.ts';
import type { Consumer, Queues } from './queue/queues.ts';
import { createProcess } from './run-job.ts';

const defaultConcurrency = 4;
/** How long runs that have begun may take to end at a stop; others take up what is left. */
const closePatienceMs = 7000;

export interface Workers {
  /** Takes nothing new and waits for what runs, at most 7 s. */
  close(): Promise<void>;
}

/** Works on the queues of these controllers. Throws when two of them claim the same field of status. */
export async function startWorkers(options: {
  readonly controllers: readonly Controller[];
  readonly queues: Queues;
  readonly logger: Logger;
}): Promise<Workers> {
  const { controllers, queues, logger } = options;
  checkClaims(controllers);

  async function start(controller: Controller): Promise<Consumer> {
    const { name } = controller;
    const consumer: Consumer = await queues.consume(
      name,
      createProcess({
        controller,
        takeNewer: (key) => consumer.takeNewer(key),
        add: (key) => queues.add(name, [key]),
        traces: queues.traces,
        logger,
      }),
      {
        concurrency: controller.concurrency ?? defaultConcurrency,
        // Only for jobs whose place in the queue could not be changed: errors of a reconcile are dealt with before.
        backoffMs: () => backoffMs(1),
        onError: (error) => logger.warn({ controller: name, err: error }, 'queue trouble'),
      },
    );
    return consumer;
  }

  const consumers = await Promise.all(controllers.map(start));
  return {
    async close() {
      const closed = Promise.all(consumers.map((consumer) => consumer.close()));
      const patience = new AbortController();
      await Promise.race([closed, sleep(closePatienceMs, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
    },
  };
}
