import { createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { testToken } from './gateway.ts';

/** Event of a watch subscription; the object stands under the kind's own field. */
export type WatchedEvent = { readonly type: string; readonly resumeToken: string | null } & Readonly<
  Record<string, any>
>;

export interface Watcher {
  readonly events: WatchedEvent[];
  /** Resolves with the events when the predicate holds. */
  until(predicate: (events: readonly WatchedEvent[]) => boolean, timeoutMs?: number): Promise<readonly WatchedEvent[]>;
  /** Resolves when the stream ends by itself; rejects with its error. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Watches with graphql-ws's own client; stopped when the running test ends. */
export function watchOverWebSocket(url: string, query: string, variables: Record<string, unknown> = {}): Watcher {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${testToken}` },
  });
  const watcher = collect(client.iterate({ query, variables }) as AsyncIterableIterator<any>, () => client.dispose());
  onTestFinished(() => watcher.stop());
  return watcher;
}

/** Collects what a stream of results brings. */
export function collect(stream: AsyncIterableIterator<any>, close: () => void | Promise<void>): Watcher {
  const events: WatchedEvent[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    for await (const { data, errors } of stream) {
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      events.push(...(Object.values(data) as WatchedEvent[]));
      for (const check of waiting) check();
    }
  })();
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
          if (predicate(events)) finish(() => resolve(events));
        };
        const describe = (): string => events.map(({ type }) => type).join(', ');
        const timer = setTimeout(
          () => finish(() => reject(new Error(`not seen within ${timeoutMs} ms; events: ${describe()}`))),
          timeoutMs,
        );
        ended.catch((error: unknown) => finish(() => reject(error)));
        waiting.add(check);
        check();
      });
    },
    async stop() {
      await stream.return?.();
      await close();
      await ended.catch(() => {});
    },
  };
}
