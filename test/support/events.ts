import type { Resource } from '../../kinds/object.ts';
import type { WatchEvent } from '../../store/types.ts';

/** Reads a watch in the background; `until` waits for a state of what was read. */
export interface EventReader {
  readonly events: WatchEvent<Resource>[];
  /** Resolves when the predicate holds; rejects after `timeoutMs` with what was read. */
  until(predicate: (events: readonly WatchEvent<Resource>[]) => boolean, timeoutMs?: number): Promise<void>;
  /** Resolves when the stream ends by itself; rejects with its error. */
  readonly ended: Promise<void>;
  /** Stops reading; resolves when the stream has ended, rejects with its error. */
  stop(): Promise<void>;
}

export function readEvents(start: (signal: AbortSignal) => AsyncIterable<WatchEvent<Resource>>): EventReader {
  const abort = new AbortController();
  const events: WatchEvent<Resource>[] = [];
  const waiting = new Set<() => void>();
  const notify = (): void => waiting.forEach((check) => check());
  const ended = (async () => {
    for await (const event of start(abort.signal)) {
      events.push(event);
      notify();
    }
  })().finally(notify);
  ended.catch(() => {});
  return {
    events,
    ended,
    until(predicate, timeoutMs = 60_000) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(check);
          settle();
        };
        const check = (): void => {
          if (predicate(events)) finish(resolve);
        };
        const timer = setTimeout(
          () => finish(() => reject(new Error(`not seen within ${timeoutMs} ms; events: ${describe(events)}`))),
          timeoutMs,
        );
        waiting.add(check);
        check();
      });
    },
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

function describe(events: readonly WatchEvent<Resource>[]): string {
  return events
    .map((event) => `${event.type}${event.type === 'BOOKMARK' ? '' : ` ${event.object.metadata.name}`}`)
    .join(', ');
}
