import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { continueTrace, currentSpan, type Span } from '../../../telemetry/tracing/span.ts';
import type { Breaker } from './breaker.ts';
import { httpFault, transportFault } from './classify.ts';
import { GcpError, ownLimit } from './errors.ts';
import type { Limiter } from './limiter.ts';
import { type Bucket, bucketOf, circuitOf } from './limits.ts';
import { currentPriority } from './priority.ts';

/** A request as the googleapis client hands it to its credentials. */
export interface ClientRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers: Headers;
  readonly params?: object;
  readonly paramsSerializer?: (params: object) => string;
  readonly data?: unknown;
  readonly signal?: AbortSignal;
}

export interface ClientResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly data: object;
}

/** One finished call, for traces and metrics. The path holds no query and no body. */
export interface CallReport {
  readonly method: string;
  readonly path: string;
  readonly durationMs: number;
  readonly status?: number;
  readonly code?: string;
}

export interface TransportOptions {
  readonly limiter: Limiter;
  /** Keeps calls from a project that answers none; absent: all are sent. */
  readonly breaker?: Breaker;
  /** Headers that authenticate a call; none for an emulator that needs none. `refused` is what Google did not take. */
  readonly credentials?: (url: string, refused?: string) => Promise<Readonly<Record<string, string>>>;
  /** From the first byte sent to the last received, in milliseconds. Default 30 s. */
  readonly timeoutMs?: number;
  readonly onCall?: (report: CallReport) => void;
}

/**
 * What the googleapis client sends its requests through, in the place of its credentials: one call out, no retry, an
 * answer that is a JSON object, or a GcpError. The client's own sender would retry some methods and not others, take
 * truncated JSON for success, attach request and secrets to its errors, and cost three times the processor time.
 */
export function createTransport(options: TransportOptions): {
  request(request: ClientRequest): Promise<ClientResponse>;
  close(): void;
} {
  const { limiter, breaker, credentials, timeoutMs = 30_000, onCall } = options;
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  async function exchange(request: ClientRequest, method: string, path: string): Promise<ClientResponse> {
    const bucket = bucketOf(method, path);
    const circuit = breaker && circuitOf(bucket);
    if (circuit !== undefined) breaker?.admit(circuit);
    try {
      const response = await counted(request, method, bucket);
      if (circuit !== undefined) breaker?.note(circuit, undefined);
      return response;
    } catch (error) {
      if (circuit !== undefined) breaker?.note(circuit, error);
      throw error;
    }
  }

  async function counted(request: ClientRequest, method: string, bucket: Bucket): Promise<ClientResponse> {
    const taken = limiter.take(bucket, currentPriority());
    const waitMs = taken instanceof Promise ? await taken : taken;
    if (waitMs !== undefined) {
      throw new GcpError(
        { code: ownLimit, class: 'throttle', message: `our own limit for ${bucket.key} is reached` },
        { retryAfterMs: waitMs },
      );
    }
    const plain = Object.fromEntries(request.headers);
    const shown = await credentials?.(request.url);
    let answer = await send(request, method, { ...plain, ...shown });
    // A token may have been taken back before its time.
    if (answer.status === 401 && credentials !== undefined)
      answer = await send(request, method, { ...plain, ...(await credentials(request.url, shown?.['authorization'])) });
    const { status, text, retryAfterMs } = answer;
    const body = parsed(text);
    if (status >= 200 && status < 300) {
      if (typeof body === 'object' && body !== null) return { status, headers: new Headers(), data: body };
      throw new GcpError(transportFault('truncatedAnswer', 'Google answered with something that is no JSON object'), {
        status,
      });
    }
    const fault = httpFault(status, body);
    const drainedMs = fault.class === 'throttle' ? limiter.drain(bucket) : undefined;
    throw new GcpError(fault, { status, retryAfterMs: retryAfterMs ?? drainedMs });
  }

  function send(request: ClientRequest, method: string, headers: Record<string, string>) {
    const { data, params, paramsSerializer, signal } = request;
    const query = params && paramsSerializer ? paramsSerializer(params) : '';
    const url = new URL(query === '' ? request.url : `${request.url}?${query}`);
    const body = data === undefined ? undefined : JSON.stringify(data);
    if (body !== undefined) headers['content-type'] = 'application/json';
    return new Promise<{ status: number; text: string; retryAfterMs: number | undefined }>((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method,
        headers,
        agent: secure ? agents.https : agents.http,
      });
      const timer = setTimeout(
        () => outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
        timeoutMs,
      );
      const abort = () => outgoing.destroy(Object.assign(new Error('aborted'), { code: 'ABORT_ERR' }));
      signal?.addEventListener('abort', abort, { once: true });
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const fail = (error: NodeJS.ErrnoException) => {
        settle();
        const code = error.code ?? 'ECONNRESET';
        reject(new GcpError(transportFault(code, `no answer from ${url.host} (${code})`)));
      };
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        textOf(incoming).then((text) => {
          settle();
          resolve({
            status: incoming.statusCode ?? 0,
            text,
            retryAfterMs: retryAfterMsOf(incoming.headers['retry-after']),
          });
        }, fail);
      });
      outgoing.end(body);
    });
  }

  return {
    async request(request) {
      const method = request.method ?? 'GET';
      const path = new URL(request.url).pathname;
      const parent = currentSpan();
      if (parent !== undefined) return traced(parent, request, method, path);
      return reported(request, method, path);
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };

  /** A call within a span of its own, whose place in the trace is told to whom is called. */
  async function traced(parent: Span, request: ClientRequest, method: string, path: string): Promise<ClientResponse> {
    if (method !== 'GET') parent.hasChangedCloud = true;
    const span = continueTrace(`gcp ${method} ${collectionOf(path)}`, {
      kind: 'client',
      parent: parent.traceparent,
      attributes: { 'http.request.method': method, 'url.path': path },
    });
    if (span === undefined) return reported(request, method, path);
    request.headers.set('traceparent', span.traceparent);
    try {
      const response = await reported(request, method, path);
      span.end({ 'http.response.status_code': response.status });
      return response;
    } catch (error) {
      const { status, fault } = error instanceof GcpError ? error : { status: undefined, fault: undefined };
      span.end(status === undefined ? {} : { 'http.response.status_code': status }, fault?.code ?? 'internal');
      throw error;
    }
  }

  async function reported(request: ClientRequest, method: string, path: string): Promise<ClientResponse> {
    if (onCall === undefined) return exchange(request, method, path);
    const startMs = performance.now();
    try {
      const response = await exchange(request, method, path);
      onCall({ method, path, durationMs: performance.now() - startMs, status: response.status });
      return response;
    } catch (error) {
      const { status, fault } = error instanceof GcpError ? error : { status: undefined, fault: { code: 'internal' } };
      onCall({
        method,
        path,
        durationMs: performance.now() - startMs,
        code: fault.code,
        ...(status === undefined ? {} : { status }),
      });
      throw error;
    }
  }
}

/** What a path is about, without names: `instances` of `…/zones/z/instances/web`, `setLabels` of `…/instances/web/setLabels`. */
function collectionOf(path: string): string {
  const parts = path.split('/');
  const project = parts.indexOf('projects');
  // Collections and names take turns, but for `global`, which is a place without a name.
  const rest = parts.slice(parts[project + 2] === 'global' ? project + 3 : Math.max(0, project));
  return rest[(rest.length - 1) & ~1] ?? '';
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const bytes = await buffer(incoming);
  return (incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Retry-After in milliseconds; only the form in seconds is used by Google. */
function retryAfterMsOf(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header === undefined || !Number.isFinite(seconds) ? undefined : seconds * 1_000;
}
