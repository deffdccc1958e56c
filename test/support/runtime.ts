import pino, { type Logger } from 'pino';
import { onTestFinished } from 'vitest';
import { type Dispatcher, startDispatcher } from '../../workers/runtime/dispatcher/dispatcher.ts';
import type { Controller } from '../../workers/runtime/controller.ts';
import { openQueues } from '../../workers/runtime/queue/open-queues.ts';
import type { QueueLocation, Queues } from '../../workers/runtime/queue/queues.ts';
import { startWorkers, type Workers } from '../../workers/runtime/start-workers.ts';
import type { TestStore } from './store.ts';

export interface TestRuntime {
  readonly queues: Queues;
  readonly workers: Workers;
  readonly dispatcher: Dispatcher;
  /** Stops all three; also done when the test ends. */
  close(): Promise<void>;
}

const silent: Logger = pino({ level: 'silent' });

/** Runs controllers on a test's store, as a process with the roles worker and dispatcher would. */
export async function testRuntime(
  open: TestStore,
  controllers: readonly Controller[],
  options: { readonly location?: QueueLocation; readonly logger?: Logger; readonly scanEveryMs?: number } = {},
): Promise<TestRuntime> {
  const { location = { postgresUrl: open.url }, logger = silent, ...more } = options;
  const queues = await openQueues(location);
  const workers = await startWorkers({ controllers, queues, logger });
  const dispatcher = startDispatcher({ ...open, controllers, queues, logger, ...more });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= dispatcher
      .close()
      .then(() => workers.close())
      .then(() => queues.close()));
  onTestFinished(close);
  return { queues, workers, dispatcher, close };
}
