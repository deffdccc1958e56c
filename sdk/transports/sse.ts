import { ConnectionError } from '../client/errors.ts';
import { post } from './http.ts';
import { readEvents } from './read-events.ts';
import type { Answer, Endpoint, StreamTransport } from './transport.ts';

/** Longest silence, in ms; the server sends something more often than that. */
const silenceTimeoutMs = 45_000;

/**
 * Streams over server-sent events, in the mode of graphql-sse that has a connection for each: works where only fetch does.
 * Browsers that speak HTTP/1.1 open six connections to a server at most, so that WebSocket is better for many streams.
 */
export function sse(endpoint: Endpoint): StreamTransport {
  const all = new AbortController();
  return {
    async *subscribe(operation, { signal, onOpen }) {
      const silence = new AbortController();
      const anyOf = AbortSignal.any([signal, all.signal, silence.signal]);
      const response = await post(endpoint, operation, 'text/event-stream', { signal: anyOf });
      if (
        !response.ok ||
        response.body === null ||
        !response.headers.get('content-type')?.startsWith('text/event-stream')
      ) {
        yield (await response.json().catch(() => {
          throw new ConnectionError(`HTTP ${response.status} instead of a stream of events`);
        })) as Answer;
        return;
      }
      onOpen?.();
      try {
        for await (const { event, data } of readEvents(response.body, silenceTimeoutMs)) {
          if (event === 'complete') return;
          if (event === 'next') yield JSON.parse(data) as Answer;
        }
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof ConnectionError ? error : new ConnectionError('the stream broke', error);
      } finally {
        silence.abort();
      }
      throw new ConnectionError('the stream ended without an end');
    },
    close: () => all.abort(new ConnectionError('the client was closed')),
  };
}
