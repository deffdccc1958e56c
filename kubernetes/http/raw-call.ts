import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Call } from './call.ts';
import { maxBodyBytes, readBody } from './read-body.ts';
import type { Turn } from './turn.ts';

/** A request before anybody knows who sent it. */
export interface RawCall extends Omit<Call, 'identity' | 'origin' | 'prefix'> {
  readonly socket: TLSSocket;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly turn: Turn;
}

interface RawCallParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly trace: string | undefined;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  readonly turn: Turn;
  readonly bodyMs: number;
}

/** Why a request is over: one for all, since an error of its own for each would cost more than many an answer. */
const over = new Error('the request is over');

/** The call of a request. The body must be there within `bodyMs`. */
export function rawCall({ request, response, requestId, trace, stopping, turn, bodyMs }: RawCallParts): RawCall {
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
    trace,
    signal: () => (signal ??= goneSignal(response, stopping)),
    socket: request.socket as TLSSocket,
    turn,
    body: () =>
      (body ??= turn.away(bodyBytes(request), () => readBody(request, request.headers['content-length'], bodyMs))),
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

/** How many bytes a body may bring; one that does not say so may bring all that is allowed. */
function bodyBytes({ headers, httpVersionMajor }: IncomingMessage): number {
  const length = headers['content-length'];
  if (length !== undefined) return Math.min(Number(length), maxBodyBytes);
  return headers['transfer-encoding'] === undefined && httpVersionMajor < 2 ? 0 : maxBodyBytes;
}
