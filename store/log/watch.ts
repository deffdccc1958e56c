import type { Change, Revision, WatchEvent } from '../types.ts';
import type { Resource } from '../../kinds/object.ts';
import type { ChangeLog } from './change-log.ts';

/** Events that may wait for a slow reader; with more it is cut off and resumes. */
const queueLimit = 8192;

/** What a watcher sees. */
export interface WatchScope {
  readonly project: string;
  readonly kind: string;
  readonly matches: (object: Resource) => boolean;
  readonly bookmarkEveryMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The watcher's view of one change: an object that starts or stops matching is ADDED or DELETED for it. */
function eventOf(change: Change, matches: (object: Resource) => boolean): WatchEvent<Resource> | undefined {
  const { object, revision } = change;
  const isIn = matches(object);
  const wasIn = change.previous === undefined ? isIn : matches(change.previous);
  switch (change.type) {
    case 'ADDED':
      return isIn ? { type: 'ADDED', object, revision } : undefined;
    case 'DELETED':
      // The last write may remove a finalizer and a label at once: what counts is what the watcher saw.
      return wasIn ? { type: 'DELETED', object: change.previous ?? object, revision } : undefined;
    case 'MODIFIED':
      if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object, revision };
      return wasIn ? { type: 'DELETED', object: change.previous ?? object, revision } : undefined;
  }
}

/**
 * Live events after `from`: first what the log already holds, then what comes. Subscribes before it replays, so nothing
 * falls between. Ends normally when the reader is too slow or the log closes: the reader goes on from its last revision.
 */
export async function* follow(log: ChangeLog, scope: WatchScope, from: Revision): AsyncIterable<WatchEvent<Resource>> {
  const queue: WatchEvent<Resource>[] = [];
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
        if (change.kind !== scope.kind || change.project !== scope.project || change.revision <= from) continue;
        const event = eventOf(change, scope.matches);
        if (event === undefined) continue;
        if (queue.length >= queueLimit) {
          ended = true;
          break;
        }
        queue.push(event);
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
    queue.push({ type: 'BOOKMARK', revision: log.position() > from ? log.position() : from });
    wake();
  }, scope.bookmarkEveryMs / 2);
  scope.signal?.addEventListener('abort', wake, { once: true });

  try {
    for await (const changes of log.replay(from, position)) {
      for (const change of changes) {
        if (change.kind !== scope.kind || change.project !== scope.project) continue;
        const event = eventOf(change, scope.matches);
        if (event !== undefined) yield event;
      }
    }
    while (!scope.signal?.aborted) {
      const event = queue.shift();
      if (event !== undefined) {
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
