import { ConnectionError } from '../client/errors.ts';
import type { AnswerError, Answer, Operation } from './transport.ts';

const protocol = 'graphql-transport-ws';
const ackTimeoutMs = 15_000;
/** After this silence the server is asked whether it is there; after twice as much the connection counts as broken. */
const heartbeatMs = 15_000;

/** What a stream gets. */
export interface Sink {
  next(answer: Answer): void;
  /** The stream is over: by an end, or by an error. */
  end(error?: unknown): void;
}

/** A connection that the server has taken. */
export interface Connection {
  /** Starts an operation; answers how to stop it. */
  start(operation: Operation, sink: Sink): () => void;
  readonly isOpen: boolean;
  close(): void;
}

/** The server closed the connection before it took it. */
export class RefusedError extends ConnectionError {
  readonly closeCode: number;

  constructor(closeCode: number, reason: string) {
    super(reason === '' ? `the connection was closed (${closeCode})` : `${reason} (${closeCode})`);
    this.closeCode = closeCode;
  }
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** Opens a connection (graphql-transport-ws). Rejects with RefusedError when the server does not take it. */
export function openConnection(
  WebSocketImpl: typeof WebSocket,
  url: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocketImpl(url, protocol);
    const sinks = new Map<string, Sink>();
    let isOpen = true;
    let started = 0;
    let heardAtMs = Date.now();
    const send = (message: Message): void => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    };
    const end = (error: ConnectionError): void => {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(ackTimer);
      clearInterval(heartbeat);
      for (const sink of sinks.values()) sink.end(error);
      sinks.clear();
      reject(error);
      socket.close();
    };
    const ackTimer = setTimeout(
      () => end(new ConnectionError(`not connected within ${ackTimeoutMs} ms`)),
      ackTimeoutMs,
    );
    const heartbeat = setInterval(() => {
      const silentMs = Date.now() - heardAtMs;
      if (silentMs >= 2 * heartbeatMs) end(new ConnectionError(`silent for ${silentMs} ms`));
      else if (silentMs >= heartbeatMs) send({ type: 'ping' });
    }, heartbeatMs);

    const connection: Connection = {
      get isOpen() {
        return isOpen;
      },
      start({ document, variables }, sink) {
        const id = String((started += 1));
        if (!isOpen) sink.end(new ConnectionError('the connection was closed'));
        else sinks.set(id, sink);
        send({ type: 'subscribe', id, payload: { query: document, variables } });
        return () => {
          if (sinks.delete(id)) send({ type: 'complete', id });
        };
      },
      close: () => end(new ConnectionError('the connection was closed')),
    };

    const take = ({ type, id = '', payload: body }: Message): void => {
      const sink = sinks.get(id);
      switch (type) {
        case 'connection_ack':
          clearTimeout(ackTimer);
          return resolve(connection);
        case 'ping':
          return send({ type: 'pong' });
        case 'next':
          return sink?.next(body as Answer);
        case 'error':
          sinks.delete(id);
          sink?.next({ errors: body as readonly AnswerError[] });
          return sink?.end();
        case 'complete':
          sinks.delete(id);
          return sink?.end();
        default:
      }
    };
    socket.addEventListener('open', () => send({ type: 'connection_init', payload }));
    socket.addEventListener('message', ({ data }) => {
      heardAtMs = Date.now();
      if (isOpen) take(JSON.parse(String(data)) as Message);
    });
    socket.addEventListener('error', () => end(new ConnectionError(`${url} does not answer`)));
    socket.addEventListener('close', ({ code, reason }) => end(new RefusedError(code, reason)));
  });
}
