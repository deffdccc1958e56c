import type { Change, Revision, WatchEvent } from '../types.ts';
import type { Resource } from '../../kinds/object.ts';
import type { ChangeLog } from './change-log.ts';
import { concerns, seenBy, type Sight } from './seen-by.ts';

/** Events that may wait for a slow reader; with more it is cut off and resumes. */
const queueLimit = 8192;

/** What a watcher sees, and for how long. */
export interface WatchScope extends Sight {
  readonly bookmarkEveryMs: number;
  readonly signal?: AbortSignal | undefined;
}

function eventOf(scope: WatchScope, change: Change): WatchEvent<Resource> | undefined {
  const seen = seenBy(scope, change);
  return seen && { type: seen.type, object: seen.stored.object(), revision: change.revision };
}

/**
 * Live events after `from`: first what the log already holds, then what comes. Subscribes before it replays, so nothing
 * falls between. Ends normally when the reader is too slow or the log closes: the reader goes on from its last revision.
 */
export async function* follow(log: ChangeLog, scope: WatchScope, from: Revision): AsyncIterable<WatchEvent<Resource>> {
  /** Changes, and bookmarks: parsed by the reader, whose fault it is when that fails. */
  const queue: (Change | Revision)[] = [];
  /** The reader was too slow, or the log closed: deliver what is queued, then end. */
  let ended = false;
  let wakeReader: (() => void) | undefined;
  let lastSent = Date.now();
  const wake = (): void => {
    wakeReader?.();
    wakeReader = undefined;
  };

  const { position, unsubscribe } = log.subscribe(
    (changes) => {
      for (const change of changes) {
        if (change.revision <= from || !concerns(scope, change)) continue;
        if (queue.length >= queueLimit) {
          ended = true;
          break;
        }
        queue.push(change);
      }
      if (queue.length > 0 || ended) wake();
    },
    () => {
      ended = true;
      wake();
    },
  );
  const bookmarks = setInterval(() => {
    if (Date.now() - lastSent < scope.bookmarkEveryMs / 2 || queue.length > 0) return;
    queue.push(log.position() > from ? log.position() : from);
    wake();
  }, scope.bookmarkEveryMs / 2);
  scope.signal?.addEventListener('abort', wake, { once: true });

  try {
    for await (const changes of log.replay(from, position, scope)) {
      for (const change of changes) {
        const event = eventOf(scope, change);
        if (event !== undefined) yield event;
      }
    }
    while (!scope.signal?.aborted) {
      const next = queue.shift();
      if (next !== undefined) {
        const event: WatchEvent<Resource> | undefined =
          typeof next === 'bigint' ? { type: 'BOOKMARK', revision: next } : eventOf(scope, next);
        if (event === undefined) continue;
        lastSent = Date.now();
        yield event;
      } else if (ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
          if (queue.length > 0 || ended || scope.signal?.aborted) resolve();
        });
      }
    }
  } finally {
    clearInterval(bookmarks);
    unsubscribe();
    scope.signal?.removeEventListener('abort', wake);
  }
}
