import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { AfterFault, StartedFault } from '../faults/apply.ts';
import { beginFault, errorAfterCommit } from '../faults/apply.ts';
import type { FaultSet } from '../faults/fault-set.ts';
import type { Fault } from '../faults/rule.ts';
import type { AnswerCheck } from '../schema/answer-check.ts';
import type { ApiErrorDetail } from './api-error.ts';
import { ApiError, apiError, notImplemented } from './api-error.ts';
import type { ApiRequest } from './api-request.ts';
import { apiOf, errorEnvelope } from './envelope.ts';
import { selectFields } from './field-mask.ts';
import { refuseUnknownQuery } from './query.ts';
import { readJsonBody } from './read-body.ts';
import type { RequestLog } from './request-log.ts';
import { loggableBody } from './request-log.ts';
import type { RouteMatch, Router } from './router.ts';

export interface ApiServerParts {
  readonly world: World;
  readonly router: Router;
  readonly faults: FaultSet;
  readonly log: RequestLog;
  /** Present when answers are to be checked by Google's schema. */
  readonly check: AnswerCheck | undefined;
  /** Aborts when the emulator closes. */
  readonly closing: AbortSignal;
}

/** What goes out. Without a body the connection is cut. */
interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly html?: string;
  readonly reason?: string;
  readonly truncated?: boolean;
}

interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly match: RouteMatch | undefined;
}

/** Answers requests to Google's APIs, whatever host they were meant for. */
export function createApiListener(parts: ApiServerParts) {
  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startMs = performance.now();
    const [path = '', query = ''] = (message.url ?? '').split('?', 2);
    const method = message.method ?? 'GET';
    const incoming = { method, path, query: new URLSearchParams(query), match: parts.router.match(method, path) };
    let body: JsonObject = {};
    let fault: Fault | undefined;
    let answer: Answer;
    try {
      body = await readJsonBody(message);
      fault = parts.faults.next(incoming);
      answer = await answerWithFault(parts, incoming, body, fault);
    } catch (error) {
      answer = errorAnswer(path, error);
    }
    const headers = message.headers;
    const requestId = incoming.query.get('requestId');
    const shown = loggableBody(body, Number(headers['content-length'] ?? 0));
    parts.log.add({
      at: new Date(parts.world.clock.now()).toISOString(),
      method,
      path,
      query,
      ...(requestId === null ? {} : { requestId }),
      ...(typeof headers['x-goog-api-version'] === 'string' ? { apiVersion: headers['x-goog-api-version'] } : {}),
      ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'] }),
      ...(incoming.match === undefined ? {} : { route: incoming.match.route.pattern }),
      ...(shown === undefined ? {} : { body: shown }),
      status: answer.status,
      ...(answer.reason === undefined ? {} : { reason: answer.reason }),
      ...(fault === undefined ? {} : { fault: fault.kind }),
      lastedMs: Math.round(performance.now() - startMs),
    });
    send(response, answer, fault);
  };
}

async function answerWithFault(
  parts: ApiServerParts,
  incoming: Incoming,
  body: JsonObject,
  fault: Fault | undefined,
): Promise<Answer> {
  const started: StartedFault = fault === undefined ? {} : await beginFault(fault, parts.closing);
  if (started.drop === true) return { status: 0 };
  if (started.html !== undefined) return { status: 503, html: started.html };
  const answer = await answerTo(parts, { ...incoming, body, operationFault: started.operation });
  return started.after === undefined ? answer : spoil(answer, started.after);
}

async function answerTo(
  parts: ApiServerParts,
  { match, ...request }: Incoming & Pick<ApiRequest, 'body' | 'operationFault'>,
): Promise<Answer> {
  if (match === undefined) throw notImplemented(`${request.method} ${request.path}`);
  refuseUnknownQuery(request.query, match.route.parameters);
  const { world, check, closing } = parts;
  const apiRequest: ApiRequest = { ...request, params: match.params, caller: undefined, signal: closing };
  world.timers.settle();
  const run = () => match.route.handler(apiRequest);
  const result = match.route.waits === true ? await run() : await world.database.transaction(run);
  // What Google does by itself after a change begins at once, not when somebody next looks.
  world.timers.settle();
  const violation = check?.violation(request.method, match.route.pattern, result);
  if (violation !== undefined) throw apiError(500, 'schemaViolation', violation);
  return { status: 200, body: selectFields(result, request.query.get('fields')) };
}

/** What becomes of an answer when the request was done and the caller must not learn of it. */
function spoil(answer: Answer, fault: AfterFault): Answer {
  switch (fault.kind) {
    case 'lost-answer':
      return { status: 0 };
    case 'truncated':
      return { ...answer, truncated: true };
    case 'commit-then-error':
      throw errorAfterCommit(fault);
  }
}

function errorAnswer(path: string, error: unknown): Answer {
  const detail: ApiErrorDetail =
    error instanceof ApiError
      ? error.detail
      : { httpStatus: 500, reason: 'internalError', message: `The GCP emulator failed: ${String(error)}` };
  return { status: detail.httpStatus, reason: detail.reason, body: errorEnvelope(apiOf(path), detail) };
}

function send(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  if (answer.status === 0) {
    response.socket?.destroy();
    return;
  }
  const text = answer.html ?? JSON.stringify(answer.body ?? {});
  const sent = answer.truncated === true ? text.slice(0, text.length >> 1) : text;
  response.writeHead(answer.status, {
    'content-type': answer.html === undefined ? 'application/json; charset=UTF-8' : 'text/html; charset=UTF-8',
    'content-length': Buffer.byteLength(sent),
    ...(fault?.kind === 'http' ? fault.headers : {}),
  });
  response.end(sent);
}
