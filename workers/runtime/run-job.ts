import { DelayedError, WaitingError } from 'bullmq';
import type { Logger } from 'pino';
import { isStoreError } from '../../store/errors.ts';
import { countRun } from '../../telemetry/reconciles.ts';
import { isTracing } from '../../telemetry/tracing/span.ts';
import { backoffMs } from './backoff.ts';
import type { Controller, ReconcileKey } from './controller.ts';
import type { MovableJob, Process, TraceNotes } from './queue/queues.ts';
import { keyOfText } from './reconcile-key.ts';
import { TerminalError } from './terminal-error.ts';
import { tracedRun } from './traced-run.ts';

/** Conflicts in a row that are tried again at once; more than that is not chance. */
const promptConflicts = 3;

export interface RunOptions {
  readonly controller: Controller;
  /** Whether the key was added again since its job began; the answer is given once. */
  readonly takeNewer: (key: string) => Promise<boolean>;
  readonly add: (key: string) => Promise<void>;
  readonly traces: TraceNotes;
  readonly logger: Logger;
}

/** Where a job goes after its run. */
type Next = { readonly go: 'done' } | { readonly go: 'wait' } | { readonly go: 'delay'; readonly delayMs: number };

/** How a job of a controller's queue is run: one reconcile, and its outcome or error as a place in the queue. */
export function createProcess({ controller, takeNewer, add, traces, logger }: RunOptions): Process {
  /** Failures in a row by key. */
  const failures = new Map<string, number>();

  async function run(text: string): Promise<Next> {
    const key = keyOfText(text);
    const start = performance.now();
    try {
      const outcome = await controller.reconcile(key);
      failures.delete(text);
      countRun(controller.name, 'againAfterMs' in outcome ? 'again' : 'done', start);
      logger.debug({ controller: controller.name, key, outcome, durationMs: performance.now() - start }, 'reconciled');
      return 'againAfterMs' in outcome ? { go: 'delay', delayMs: outcome.againAfterMs } : { go: 'done' };
    } catch (error) {
      return afterError(text, key, error, start);
    }
  }

  function afterError(text: string, key: ReconcileKey, error: unknown, start: number): Next {
    const log = { controller: controller.name, key, err: error };
    if (error instanceof TerminalError) {
      failures.delete(text);
      countRun(controller.name, 'terminal', start);
      logger.warn(log, 'reconcile gave up until the object changes');
      return { go: 'done' };
    }
    const count = (failures.get(text) ?? 0) + 1;
    failures.set(text, count);
    if (isStoreError(error, 'Conflict') && count <= promptConflicts) {
      countRun(controller.name, 'conflict', start);
      logger.debug(log, 'reconcile met a newer object');
      return { go: 'wait' };
    }
    countRun(controller.name, 'error', start);
    const delayMs = backoffMs(count);
    logger.warn({ ...log, failures: count, delayMs }, 'reconcile failed');
    return { go: 'delay', delayMs };
  }

  /** Puts the job off. A change during the run was kept apart for after the job: now that it waits, it makes the job due. */
  async function putOff(job: MovableJob, token: string | undefined, delayMs: number): Promise<void> {
    await job.moveToDelayed(Date.now() + delayMs, token);
    if (await takeNewer(job.data.key)) await add(job.data.key);
  }

  return async (job, token) => {
    const { key } = job.data;
    const next = await (isTracing() ? tracedRun(traces, controller.name, key, () => run(key)) : run(key));
    switch (next.go) {
      case 'done':
        return;
      case 'wait':
        await job.moveToWait(token);
        throw new WaitingError();
      case 'delay':
        await putOff(job, token, next.delayMs);
        throw new DelayedError();
      default:
        next satisfies never;
    }
  };
}
