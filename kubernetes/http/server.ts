import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { followAnswer } from '../../access/limits/follow-answer.ts';
import { httpOptions, limitConnections, type Patience } from '../../access/limits/listening.ts';
import { createUnderWay } from '../../access/limits/under-way.ts';
import { countRequest } from '../../telemetry/requests.ts';
import { enterTrace, isTracing, runIn, type Span } from '../../telemetry/tracing/span.ts';
import type { Connection, RequestLimits } from '../../access/limits/request-limits.ts';
import { TooMany } from '../../access/limits/too-many.ts';
import { ApiError } from '../status/status.ts';
import type { Answer } from './call.ts';
import { rawCall, type RawCall } from './raw-call.ts';
import { protocolOptions, tameSession } from './protocol.ts';
import { answerOf, respond } from './respond.ts';
import { createTurn, refusedTurn, type Turn } from './turn.ts';

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

export interface HttpsServer {
  readonly port: number;
  /** Takes no more requests, ends streams, and waits a moment for the rest. */
  close(): Promise<void>;
}

/** Connections that may wait to be accepted: all informers come back at once when a server has started. */
const backlog = 4096;
/** For what was written to leave, when the server closes. */
const flushMs = 1_000;

/** Serves HTTP/1.1 and HTTP/2 over TLS. `answer` may throw ApiError; anything else is a fault of ours and masked. */
export async function startHttpsServer(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsKeys;
  readonly answer: (call: RawCall) => Promise<Answer>;
  readonly log: Logger;
  readonly limits: RequestLimits;
  readonly patience: Patience;
  /** Aborts when the process begins to leave: it serves on, and connections of HTTP/1.1 end with their next answer. */
  readonly leaving: AbortSignal;
}): Promise<HttpsServer> {
  const { tls, answer, log, limits, patience } = options;
  const stopping = new AbortController();
  const underWay = createUnderWay(AbortSignal.any([options.leaving, stopping.signal]));
  const sockets = new Set<TLSSocket>();
  const server = createSecureServer({
    ...httpOptions(patience),
    ...protocolOptions(patience),
    key: tls.key,
    cert: tls.cert,
    allowHTTP1: true,
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
  });
  limitConnections(server, limits.addresses);
  server.on('session', (session) => tameSession(session, patience.keepAliveMs));
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
    const startMs = performance.now();
    const requestId = randomUUID();
    // A broken stream says so by closing; without a listener it would end the process.
    response.on('error', () => {});
    underWay.add(response);
    const connection = connectionOf(request);
    const turn = createTurn(limits, connection);
    const span = isTracing() ? requestSpan(request, requestId) : undefined;
    try {
      const call = rawCall({
        request,
        response,
        requestId,
        trace: span?.traceparent,
        stopping: stopping.signal,
        turn,
        bodyMs: patience.requestMs,
      });
      const answered = await (span === undefined
        ? answerTo(request, call)
        : runIn(span, () => answerTo(request, call)));
      span?.end(
        { 'http.response.status_code': answered?.status ?? 0 },
        answered !== undefined && answered.status >= 500 ? String(answered.status) : undefined,
      );
      if (answered === undefined) return void connection.destroy();
      const client = { turn, stalledMs: patience.stalledMs };
      const isStream = typeof answered.body === 'function';
      if (isStream) countRequest('kubernetes', 'WATCH', answered.status, startMs);
      await respond(response, requestId, answered, request.method === 'HEAD', client);
      if (!isStream) countRequest('kubernetes', request.method ?? '', answered.status, startMs);
      finish(response, turn, answered);
    } catch (error) {
      // The stream broke, or the answer could not be written: the client finds out by the connection.
      if (!response.destroyed) log.warn({ err: error, requestId }, 'an answer could not be written');
      response.destroy();
    } finally {
      turn.end();
      span?.end({}, 'broken');
      // A body that nobody read would keep its part of an HTTP/2 connection's window for ever.
      request.resume();
    }
  }

  function answerTo(request: IncomingMessage, call: RawCall): Promise<Answer | undefined> {
    const { url = '' } = request;
    const answered = url.length > patience.maxUrlBytes ? Promise.reject(urlTooLong()) : answer(call);
    return answered.catch((error: unknown) => refusal(error, call));
  }

  /** What was written may not be with the client yet. */
  function finish(response: ServerResponse, turn: Turn, { body }: Answer): void {
    const identity = turn.identity();
    if (identity === undefined || typeof body === 'function') return;
    if (response.writableLength > 0) response.setTimeout(patience.stalledMs, () => void response.destroy());
    followAnswer(limits, identity, response, {
      bytes: body.length,
      waitingBytes: response.writableLength,
      price: 'copied',
    });
  }

  /** What to say of an error; undefined where nothing is to be said to one who asks too much. */
  async function refusal(error: unknown, call: RawCall): Promise<Answer | undefined> {
    const { requestId, method, path, headers, socket, turn } = call;
    // Being told late keeps nobody waiting.
    if (error instanceof TooMany) turn.leave();
    const from = { address: socket.remoteAddress ?? '', bodyBytes: Number(headers['content-length'] ?? 0) };
    const known = error instanceof TooMany ? await refusedTurn(error, limits, turn, from) : error;
    if (known === undefined) return undefined;
    if (known instanceof ApiError) return answerOf(known, headers.accept);
    log.error({ err: error, requestId, method, path }, 'request failed');
    return answerOf(
      new ApiError(500, 'InternalError', `Internal error occurred: the request could not be served (${requestId})`, {
        details: { causes: [{ message: `see the log for request ${requestId}` }] },
      }),
    );
  }

  const port = await listen(server, options.port, options.host);
  return {
    port,
    async close() {
      stopping.abort();
      // Connections without a request under way are closed; those of HTTP/2 are told that no more is taken.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await underWay.settled(patience.leaveMs);
      // Connections end by themselves when all was sent; a socket of HTTP/2 does not know what its session still has to send.
      const grace = setTimeout(() => sockets.forEach((socket) => socket.destroy()), flushMs);
      await closed;
      clearTimeout(grace);
    },
  };
}

/** Begins the span of a request. The path is told without its query, which may say anything. */
function requestSpan({ method = '', url = '', headers }: IncomingMessage, requestId: string): Span | undefined {
  return enterTrace(`kubernetes ${method}`, {
    kind: 'server',
    parent: headers['traceparent'] as string | undefined,
    attributes: {
      'http.request.method': method,
      'url.path': url.split('?', 1)[0]?.slice(0, 1024) ?? '',
      'datum.request_id': requestId,
    },
  });
}

/** What carries a request: with HTTP/2 each stream has a socket of its own, which is none. */
function connectionOf(request: IncomingMessage | Http2ServerRequest): Connection {
  const session = 'stream' in request ? request.stream.session : undefined;
  return session ?? request.socket;
}

function urlTooLong(): ApiError {
  return new ApiError(414, 'RequestURITooLong', 'the URL of the request is too long');
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
