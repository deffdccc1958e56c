import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { ApiError } from '../status/status.ts';
import type { Answer, Call } from './call.ts';
import { readBody } from './read-body.ts';
import { answerOf, respond } from './respond.ts';

/** Keys of a server, PEM. */
export interface TlsKeys {
  readonly key: string;
  /** The server's certificate, with what leads to its authority. */
  readonly cert: string;
  /** Authority of client certificates; absent: none are taken. */
  readonly clientCa?: string;
  /** Whether that is our own, which may name groups of the product; default false. */
  readonly clientCaIsOwn?: boolean;
}

/** A request before anybody knows who sent it. */
export interface RawCall extends Omit<Call, 'identity' | 'origin' | 'prefix'> {
  readonly socket: TLSSocket;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

export interface HttpsServer {
  readonly port: number;
  /** Takes no more requests, ends streams, and waits a moment for the rest. */
  close(): Promise<void>;
}

/** Why a request is over: one for all, since an error of its own for each would cost more than many an answer. */
const over = new Error('the request is over');

/** Connections that may wait to be accepted: all informers come back at once when a server has started. */
const backlog = 4096;

const closeGraceMs = 2000;

/** Serves HTTP/1.1 and HTTP/2 over TLS. `answer` may throw ApiError; anything else is a fault of ours and masked. */
export async function startHttpsServer(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsKeys;
  readonly answer: (call: RawCall) => Promise<Answer>;
  readonly log: Logger;
}): Promise<HttpsServer> {
  const { tls, answer, log } = options;
  const stopping = new AbortController();
  const sockets = new Set<TLSSocket>();
  const server = createSecureServer({
    key: tls.key,
    cert: tls.cert,
    allowHTTP1: true,
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
  });
  // Port scans and broken handshakes are no news.
  server.on('tlsClientError', () => {});
  server.on('sessionError', () => {});
  // The same interface for both versions of HTTP, says Node; its types do not.
  server.on(
    'request',
    (request, response) => void serve(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    // A broken stream says so by closing; without a listener it would end the process.
    response.on('error', () => {});
    try {
      const call = rawCall(request, response, requestId, stopping.signal);
      await respond(
        response,
        requestId,
        await answer(call).catch((error: unknown) => refusal(error, log, call)),
        request.method === 'HEAD',
      );
    } catch (error) {
      // The stream broke, or the answer could not be written: the client finds out by the connection.
      if (!response.destroyed) log.warn({ err: error, requestId }, 'an answer could not be written');
      response.destroy();
    } finally {
      // A body that nobody read would keep its part of an HTTP/2 connection's window for ever.
      request.resume();
    }
  }

  const port = await listen(server, options.port, options.host);
  return {
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      stopping.abort();
      const grace = setTimeout(() => sockets.forEach((socket) => socket.destroy()), closeGraceMs);
      for (const socket of sockets) if (isIdle(socket)) socket.end();
      await closed;
      clearTimeout(grace);
    },
  };
}

function rawCall(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  stopping: AbortSignal,
): RawCall {
  const { url = '/', method = 'GET' } = request;
  const mark = url.indexOf('?');
  let body: Promise<Buffer> | undefined;
  let signal: AbortSignal | undefined;
  return {
    method,
    path: mark === -1 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    requestId,
    // Most requests end before anybody asks for it.
    get signal() {
      return (signal ??= goneSignal(response, stopping));
    },
    socket: request.socket as TLSSocket,
    body: () => (body ??= readBody(request, request.headers['content-length'])),
  };
}

/** Aborts when the client is gone or the server stops. */
function goneSignal(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const stop = (): void => {
    stopping.removeEventListener('abort', stop);
    gone.abort(over);
  };
  if (stopping.aborted || response.destroyed) gone.abort(over);
  else {
    response.on('close', stop);
    stopping.addEventListener('abort', stop);
  }
  return gone.signal;
}

function refusal(error: unknown, log: Logger, { requestId, method, path, headers }: RawCall): Answer {
  if (error instanceof ApiError) return answerOf(error, headers.accept);
  log.error({ err: error, requestId, method, path }, 'request failed');
  return answerOf(
    new ApiError(500, 'InternalError', `Internal error occurred: the request could not be served (${requestId})`, {
      details: { causes: [{ message: `see the log for request ${requestId}` }] },
    }),
  );
}

/** Whether nothing is under way on a connection of HTTP/1.1; those of HTTP/2 end by themselves. */
function isIdle(socket: TLSSocket): boolean {
  return socket.writableLength === 0;
}

async function listen(server: Http2SecureServer, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
