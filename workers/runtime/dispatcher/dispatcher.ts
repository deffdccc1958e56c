import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from '../../../kinds/registry.ts';
import { isStoreError } from '../../../store/errors.ts';
import { leadWhileLocked } from '../../../store/leader.ts';
import { readReaderCursor, saveReaderCursor } from '../../../store/reader-cursor.ts';
import type { Change, Revision, Store } from '../../../store/types.ts';
import type { Controller } from '../controller.ts';
import type { Queues } from '../queue/queues.ts';
import { textOfKey } from '../reconcile-key.ts';
import { scanAll } from './full-scan.ts';
import { createChangeMap } from './map-change.ts';
import { saveLatest } from './save-latest.ts';
import { createDispatchTraces } from './traces.ts';

/** Name of the dispatcher among the readers of the change log, and of its lock. */
const reader = 'dispatcher';
const defaultScanEveryMs = 600_000;
/** A cursor that is heard of keeps its history, also while nothing changes. */
const touchEveryMs = 60_000;
const retryMs = 200;
/** Batches that are read while others are still being added, so that one project's change is not kept behind another's thousands. */
const mostAhead = 32;

export interface DispatcherOptions {
  readonly url: string;
  readonly pool: Pool;
  readonly store: Store;
  readonly registry: Registry;
  readonly controllers: readonly Controller[];
  readonly queues: Queues;
  readonly logger: Logger;
  /** How often every key is looked at without cause, in ms; it must find nothing to do. Default 10 minutes. */
  readonly scanEveryMs?: number;
  /** Whether to scan at start too: where the queues may have been lost while nobody looked. Default false. */
  readonly scanAtStart?: boolean;
}

export interface Dispatcher {
  close(): Promise<void>;
}

/**
 * Turns the change log into work: maps each change to keys of controllers and enqueues them. One process at a time does it,
 * the others stand by. It goes on from its cursor, which is saved behind what was enqueued.
 */
export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const stop = new AbortController();
  const { url, logger } = options;
  const ended = leadWhileLocked({
    url,
    name: reader,
    signal: stop.signal,
    lead: (signal) => dispatch(options, signal),
    onError: (error) => logger.warn({ err: error }, 'the dispatcher starts again'),
  });
  return {
    async close() {
      stop.abort();
      await ended;
    },
  };
}

async function dispatch(options: DispatcherOptions, signal: AbortSignal): Promise<void> {
  const { pool, store, queues, controllers, logger, scanEveryMs = defaultScanEveryMs, scanAtStart = false } = options;
  const mapChange = createChangeMap({
    ...options,
    onError: (error, controller, { kind, key }) =>
      logger.error({ err: error, controller, kind, key }, 'a change could not be mapped'),
  });
  const cursor = saveLatest<Revision>((revision) => saveReaderCursor(pool, reader, revision));
  const scan = (): Promise<void> => scanAll({ pool, controllers, queues, signal });
  const scanInBackground = (): void =>
    void scan().catch((error: unknown) => logger.warn({ err: error }, 'a full scan failed'));

  async function follow(from: Revision): Promise<void> {
    const failed = new AbortController();
    /** Batches that are being added, the oldest first. */
    const ahead: Promise<void>[] = [];
    let before: Promise<void> = Promise.resolve();
    try {
      for await (const batch of store.changes(from, AbortSignal.any([signal, failed.signal]))) {
        const last = batch.at(-1)?.revision;
        const add = await mapAll(batch);
        // The cursor passes a batch when it and all before it are in the queue.
        before = Promise.all([before, add()]).then(() => {
          if (last !== undefined) cursor.save((position = last));
        });
        before.catch(() => failed.abort());
        ahead.push(before);
        if (ahead.length > mostAhead) await ahead.shift();
      }
      await before;
    } finally {
      // Whoever goes on from elsewhere must not be put back by it.
      await before.catch(() => {});
    }
  }

  /** Finds the keys of a batch; the answer adds them to their queues. */
  async function mapAll(batch: readonly Change[]): Promise<() => Promise<void>> {
    const keys = new Map<string, Set<string>>();
    const traces = createDispatchTraces(batch);
    const woken = await Promise.all(batch.map(async (change) => ({ change, woken: await mapChange(change) })));
    for (const { change, woken: all } of woken) {
      for (const { controller, key } of all) {
        const text = textOfKey({ ...key, project: key.project ?? change.project });
        keys.set(controller, (keys.get(controller) ?? new Set()).add(text));
        traces?.wakes(change, controller, text);
      }
    }
    return async () => {
      await traces?.note(queues.traces);
      await Promise.all([...keys].map(([controller, texts]) => untilAdded(controller, [...texts])));
      traces?.end();
    };
  }

  /** A queue that cannot be reached stops the dispatcher, never a change. */
  async function untilAdded(controller: string, texts: readonly string[]): Promise<void> {
    while (!signal.aborted) {
      try {
        return await queues.add(controller, texts);
      } catch (error) {
        logger.warn({ err: error, controller }, 'the queue does not take work');
        await sleep(retryMs, undefined, { signal }).catch(() => {});
      }
    }
    // The cursor must not pass what was not enqueued.
    throw new Error('the dispatcher was stopped while the queue took no work');
  }

  const known = await readReaderCursor(pool, reader);
  let position = known ?? (await store.revision());
  if (known === undefined || scanAtStart) await scan();
  cursor.save(position);
  const scans = setInterval(scanInBackground, scanEveryMs);
  const touch = setInterval(() => cursor.save(position), touchEveryMs);
  try {
    while (!signal.aborted) {
      try {
        await follow(position);
      } catch (error) {
        if (!isStoreError(error, 'Expired')) throw error;
        // Changes were forgotten before they were read: look at everything instead.
        position = await store.revision();
        await scan();
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(scans);
    clearInterval(touch);
    await cursor.settled();
  }
}
