import { delayMs, type Retry, sleep } from '../client/backoff.ts';
import { DatumError, RequestError } from '../client/errors.ts';
import type { Metadata } from '../client/kind.ts';
import { withoutNulls } from '../client/without-nulls.ts';
import { dataOf } from '../transports/answer-errors.ts';
import type { Operation, StreamTransport } from '../transports/transport.ts';
import { createFirstState, type FirstState } from './first-state.ts';
import type { WatchEvent, WatchOptions, WatchStatus } from './watch.types.ts';

/** How a watch reaches the server. */
export interface WatchSource {
  readonly streams: StreamTransport;
  readonly retry: Retry;
  /** The subscription that goes on behind a token. */
  operation(from: string | undefined): Operation;
}

interface RawEvent<T> {
  readonly type: WatchEvent<T>['type'];
  readonly resumeToken?: string;
  readonly object?: T;
}

/**
 * Events of a watch, each once and in order, through broken connections, restarts of the server, expired credentials and
 * history. Ends when its reader stops; throws what cannot be mended by trying again, and the signal's reason when aborted.
 */
export function watch<T extends { readonly metadata: Metadata }>(
  source: WatchSource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void> {
  const stop = new AbortController();
  const { signal = stop.signal } = options;
  const events = run<T>(source, options, AbortSignal.any([signal, stop.signal]));
  const end = events.return.bind(events);
  // A reader that stops while it waits for the next event must not have to wait for it.
  return Object.assign(events, {
    return(value: void) {
      stop.abort(stopped);
      return end(value);
    },
  });
}

/** Reason of an end that the reader asked for. */
const stopped = new DOMException('the watch was stopped', 'AbortError');

async function* run<T extends { readonly metadata: Metadata }>(
  { operation, retry, streams }: WatchSource,
  { from, onStatus }: WatchOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>, void> {
  let token = from;
  let first: FirstState<T> | undefined = from === undefined ? createFirstState() : undefined;
  let attempt = 0;
  const say = (state: WatchStatus['state'], error?: unknown): void =>
    onStatus?.({ state, since: new Date(), ...(error === undefined ? {} : { error }) });
  say('connecting');
  for (;;) {
    let reason: unknown;
    try {
      const answers = streams.subscribe(operation(first === undefined ? token : undefined), {
        signal,
        onOpen: () => say('live'),
        // What has no tokens would begin again.
        mayCut: () => first === undefined,
      });
      for await (const answer of answers) {
        signal.throwIfAborted();
        const { type, resumeToken, object } = withoutNulls(dataOf<{ event: RawEvent<T> }>(answer)).event;
        attempt = 0;
        if (type === 'RESYNC') {
          first = createFirstState();
          yield { type };
        } else if (type === 'BOOKMARK') {
          yield* first?.complete() ?? [];
          first = undefined;
          // A bookmark has a token by the protocol; one without would keep the last.
          token = resumeToken ?? token;
          yield { type, resumeToken: token ?? '' };
        } else if (object !== undefined) {
          token = resumeToken ?? token;
          if (first === undefined) yield { type, object, ...(resumeToken === undefined ? {} : { resumeToken }) };
          else yield* first.add(object);
        }
      }
    } catch (error) {
      if (signal.reason === stopped) return;
      signal.throwIfAborted();
      if (!mayResume(error)) throw error;
      reason = error;
    }
    first?.again();
    say('reconnecting', reason);
    attempt += 1;
    await sleep(delayMs(retry, attempt), signal).catch((error: unknown) => {
      if (signal.reason !== stopped) throw error;
    });
    if (signal.aborted) return;
  }
}

/** Whether the same watch may go on: not when the server refuses the watch itself. */
function mayResume(error: unknown): boolean {
  if (!(error instanceof DatumError)) return false;
  return error.retryable || (error instanceof RequestError && error.code === 'INTERNAL');
}
