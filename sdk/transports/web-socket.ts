import { ConnectionError, RequestError, UnauthenticatedError } from '../client/errors.ts';
import { type Connection, openConnection, RefusedError } from './connection.ts';
import { createQueue } from './queue.ts';
import type { Answer, Endpoint, MakeStreamTransport, StreamTransport } from './transport.ts';

/** Close codes of the server: for a connection of nobody, and for a project that its caller does not know. */
const unauthorizedCode = 4401;
const unknownProjectCode = 4404;
/** A reader that is this many answers behind is cut off, where it can go on later. */
const maxUnread = 1_000;

export interface WebSocketOptions {
  /** By default the platform's own. */
  readonly WebSocket?: typeof WebSocket;
}

/** Streams over one WebSocket (graphql-transport-ws), which is open while there are streams. */
export function webSocket(options: WebSocketOptions = {}): MakeStreamTransport {
  return (endpoint) => createTransport(endpoint, options.WebSocket ?? globalThis.WebSocket);
}

function createTransport(endpoint: Endpoint, WebSocketImpl: typeof WebSocket): StreamTransport {
  const url = endpoint.url.replace(/^http/, 'ws');
  let current: Promise<Connection> | undefined;
  let wanted = 0;
  let isClosed = false;

  /** The connection in use, or a new one. */
  function connection(): Promise<Connection> {
    const opened = (current ??= connect());
    return opened.then(
      (open) => {
        if (open.isOpen) return open;
        if (current === opened) current = undefined;
        return connection();
      },
      (error: unknown) => {
        if (current === opened) current = undefined;
        throw error;
      },
    );
  }

  async function connect(mayRefresh = true): Promise<Connection> {
    const token = await endpoint.credentials.token();
    try {
      const { headers, project } = endpoint;
      const authorization = token === undefined ? undefined : `Bearer ${token}`;
      return await openConnection(WebSocketImpl, url, { ...headers, authorization, project });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.closeCode === unknownProjectCode)
        throw new RequestError(error.message, { code: 'NOT_FOUND', cause: error });
      if (error.closeCode !== unauthorizedCode) throw error;
      if (mayRefresh && (await endpoint.credentials.refresh(token))) return connect(false);
      throw new UnauthenticatedError(token === undefined ? 'a token is needed' : 'the token is not taken');
    }
  }

  return {
    async *subscribe(operation, { signal, onOpen, mayCut }) {
      if (isClosed) throw new ConnectionError('the client was closed');
      signal.throwIfAborted();
      let stop = (): void => {};
      const queue = createQueue<Answer>(() => stop());
      const abort = (): void => queue.end(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      wanted += 1;
      let open: Connection | undefined;
      try {
        open = await Promise.race([connection(), rejectOn(signal)]);
        stop = open.start(operation, {
          next(answer) {
            queue.push(answer);
            if (queue.length < maxUnread || mayCut?.() !== true) return;
            stop();
            queue.end();
          },
          end: queue.end,
        });
        onOpen?.();
        yield* queue;
      } finally {
        wanted -= 1;
        stop();
        signal.removeEventListener('abort', abort);
        // Nobody needs it any more: an open socket would keep a program from ending.
        if (wanted === 0) void current?.then((last) => wanted === 0 && last.close()).catch(() => {});
      }
    },
    close() {
      isClosed = true;
      void current?.then((open) => open.close()).catch(() => {});
    },
  };
}

async function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
