import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '../core/json.ts';
import type { World } from '../core/world.ts';
import type { AfterFault, StartedFault } from '../faults/apply.ts';
import { beginFault, errorAfterCommit } from '../faults/apply.ts';
import type { FaultSet, Hit } from '../faults/fault-set.ts';
import type { Fault } from '../faults/rule.ts';
import type { AnswerCheck } from '../schema/answer-check.ts';
import type { ApiErrorDetail } from './api-error.ts';
import { ApiError, apiError, notImplemented } from './api-error.ts';
import type { ApiRequest } from './api-request.ts';
import { apiOf, errorEnvelope } from './envelope.ts';
import { selectFields } from './field-mask.ts';
import { authorize } from '../iam/authorize.ts';
import { callerOf } from '../iam/caller.ts';
import { requireUsable } from '../projects/state.ts';
import type { RateLimiter } from '../quota/rate-limits.ts';
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
  readonly limiter: RateLimiter;
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
  /** How the body is sent, if not whole and at once. */
  readonly spoiled?: Extract<AfterFault, { kind: 'truncated' | 'cut-body' | 'slow-body' }>;
}

interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly match: RouteMatch | undefined;
  readonly authorization: string | undefined;
}

/** Answers requests to Google's APIs, whatever host they were meant for. */
export function createApiListener(parts: ApiServerParts) {
  return async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startMs = performance.now();
    const [path = '', query = ''] = (message.url ?? '').split('?', 2);
    const method = message.method ?? 'GET';
    const incoming: Incoming = {
      method,
      path,
      query: new URLSearchParams(query),
      match: parts.router.match(method, path),
      authorization: message.headers.authorization,
    };
    let body: JsonObject = {};
    let hit: Hit | undefined;
    let answer: Answer;
    try {
      body = await readJsonBody(message);
      hit = parts.faults.next({ method, path, atMs: parts.world.clock.now() });
      answer = await answerWithFault(parts, incoming, body, hit);
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
      ...(hit === undefined ? {} : { fault: hit.fault.kind }),
      lastedMs: Math.round(performance.now() - startMs),
    });
    await send(response, answer, hit?.fault, parts);
  };
}

async function answerWithFault(
  parts: ApiServerParts,
  incoming: Incoming,
  body: JsonObject,
  hit: Hit | undefined,
): Promise<Answer> {
  const started: StartedFault = hit === undefined ? {} : await beginFault(hit.fault, hit.draw, parts.closing);
  if (started.drop === true) return { status: 0 };
  if (started.html !== undefined) return { status: 503, html: started.html };
  const request = { ...incoming, body, operationFault: started.operation };
  if (started.twice === true) await answerTo(parts, request);
  const answer = await answerTo(parts, request);
  return started.after === undefined ? answer : spoil(answer, started.after);
}

async function answerTo(
  parts: ApiServerParts,
  { match, ...request }: Incoming & Pick<ApiRequest, 'body' | 'operationFault'>,
): Promise<Answer> {
  if (match === undefined) throw notImplemented(`${request.method} ${request.path}`);
  refuseUnknownQuery(request.query, match.route.parameters);
  const { world, check, closing, limiter } = parts;
  const api = apiOf(request.path);
  const project = match.params['project'] ?? '';
  world.timers.settle();
  const apiRequest: ApiRequest = {
    ...request,
    params: match.params,
    // Who wants a token has none yet.
    caller: api === 'sts' ? undefined : callerOf(world, request.authorization),
    signal: closing,
  };
  requireUsable(world, api, project);
  limiter.take(api, request.method, request.path, project);
  authorize(world, api, apiRequest.caller, match.route.needs?.(apiRequest) ?? []);
  const run = () => match.route.handler(apiRequest);
  const result = match.route.waits === true ? await run() : await world.database.transaction(run);
  // What Google does by itself after a change begins at once, not when somebody next looks.
  world.timers.settle();
  const violation = check?.violation(match.route, result);
  if (violation !== undefined) throw apiError(500, 'schemaViolation', violation);
  return { status: 200, body: selectFields(result, request.query.get('fields')) };
}

/** What becomes of an answer when the request was done and the caller must not learn of it. */
function spoil(answer: Answer, fault: AfterFault): Answer {
  switch (fault.kind) {
    case 'lost-answer':
      return { status: 0 };
    case 'truncated':
    case 'cut-body':
    case 'slow-body':
      return { ...answer, spoiled: fault };
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

async function send(
  response: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
  { world, closing }: ApiServerParts,
): Promise<void> {
  if (answer.status === 0) {
    response.socket?.destroy();
    return;
  }
  const text = answer.html ?? JSON.stringify(answer.body ?? {});
  const { spoiled } = answer;
  const sent = spoiled?.kind === 'truncated' ? text.slice(0, text.length >> 1) : text;
  response.writeHead(answer.status, {
    'content-type': answer.html === undefined ? 'application/json; charset=UTF-8' : 'text/html; charset=UTF-8',
    'content-length': Buffer.byteLength(sent),
    date: httpDate(world.clock.wall()),
    ...(fault?.kind === 'http' || fault?.kind === 'error' ? fault.headers : {}),
  });
  if (spoiled === undefined || spoiled.kind === 'truncated') response.end(sent);
  else await sendInPieces(response, sent, spoiled, closing);
}

const PIECES = 10;

/** A body that comes slowly, or not to its end. */
async function sendInPieces(
  response: ServerResponse,
  text: string,
  spoiled: Extract<AfterFault, { kind: 'cut-body' | 'slow-body' }>,
  closing: AbortSignal,
): Promise<void> {
  if (spoiled.kind === 'cut-body') {
    response.write(text.slice(0, text.length >> 1), () => response.socket?.destroy());
    return;
  }
  const size = Math.ceil(text.length / PIECES);
  for (let start = 0; start < text.length && !response.destroyed; start += size) {
    await sleep(spoiled.ms / PIECES, undefined, { signal: closing }).catch(() => undefined);
    response.write(text.slice(start, start + size));
  }
  response.end();
}

let lastDate = { second: 0, text: '' };

/** A `Date` header, made once a second. */
function httpDate(atMs: number): string {
  const second = Math.floor(atMs / 1_000);
  if (second !== lastDate.second) lastDate = { second, text: new Date(atMs).toUTCString() };
  return lastDate.text;
}
