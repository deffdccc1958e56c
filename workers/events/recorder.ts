import { isStoreError } from '../../store/errors.ts';
import type { Store } from '../../store/types.ts';
import { outsideSpans } from '../../telemetry/tracing/span.ts';
import { keyOfOccurrence, type Occurrences } from './event-object.ts';
import type { Occurrence } from './occurrence.ts';
import { createSpamFilter } from './spam-filter.ts';
import { writeEvent } from './write-event.ts';

/** How long occurrences are collected before they are written. */
const defaultCollectMs = 1000;
/** Events that are written at a time; the rest waits for the next. */
const maxBatch = 100;
/** Events that wait at most; what comes beyond is dropped. */
const maxWaiting = 5000;
const maxKnown = 5000;

export interface EventRecorder {
  /** Takes note of an occurrence; never throws and never waits. */
  record(occurrence: Occurrence): void;
  /** Writes what waits, takes nothing more, and resolves when that is done. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly store: Store;
  /** Told of events that could not be written; they are lost. */
  readonly onError: (error: unknown) => void;
  readonly collectMs?: number;
  readonly now?: () => number;
}

/** Collects occurrences, counts those that are the same, and writes them as events in the background. */
export function createEventRecorder(options: RecorderOptions): EventRecorder {
  const { store, onError, collectMs = defaultCollectMs, now = Date.now } = options;
  const spam = createSpamFilter();
  const waiting = new Map<string, Occurrences>();
  /** Keys of events that were written by this process lately. */
  const known = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  function record(occurrence: Occurrence): void {
    if (closed) return;
    const key = keyOfOccurrence(occurrence);
    const nowMs = now();
    const before = waiting.get(key);
    if (before === undefined) {
      const { about, reason } = occurrence;
      if (waiting.size >= maxWaiting || !spam.takes(`${about.uid} ${reason}`, nowMs)) return;
    }
    waiting.set(key, { occurrence, count: (before?.count ?? 0) + 1, firstMs: before?.firstMs ?? nowMs, lastMs: nowMs });
    // Others' occurrences are written with it.
    timer ??= outsideSpans(later);
  }

  function later(): NodeJS.Timeout {
    return setTimeout(() => {
      writing = writeSome().then(() => {
        timer = waiting.size > 0 && !closed ? later() : undefined;
      });
    }, collectMs).unref();
  }

  async function writeSome(): Promise<void> {
    const batch = [...waiting].slice(0, maxBatch);
    for (const [key] of batch) waiting.delete(key);
    await Promise.all(batch.map(([key, occurrences]) => write(key, occurrences)));
  }

  async function write(key: string, occurrences: Occurrences): Promise<void> {
    try {
      await writeEvent(store, occurrences, known.has(key));
      remember(key);
    } catch (error) {
      // Its namespace is going or gone, and the event with it.
      if (!isStoreError(error, 'NamespaceTerminating') && !isStoreError(error, 'NotFound')) onError(error);
    }
  }

  function remember(key: string): void {
    known.delete(key);
    known.add(key);
    const [oldest] = known;
    if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
  }

  return {
    record,
    async close() {
      closed = true;
      clearTimeout(timer);
      await writing;
      while (waiting.size > 0) await writeSome();
    },
  };
}
