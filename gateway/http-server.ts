import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { httpOptions, limitConnections, type Patience } from '../access/limits/listening.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import { isEventStream, type UnderWay } from '../access/limits/under-way.ts';
import { countRequest } from '../telemetry/requests.ts';
import { enterTrace, isTracing } from '../telemetry/tracing/span.ts';
import type { ServeConsole } from './console-files.ts';
import { type AllowedOrigins, answerOrigin } from './cross-origin.ts';
import { refusalBody } from './errors.ts';
import { securityHeaders } from './security-headers.ts';
import { isEndpoint, manyProjects, projectHeader, projectNamed, withoutProject } from './target.ts';

/** Keys of a server, PEM. */
export interface ServerKeys {
  readonly cert: string;
  readonly key: string;
}

export interface HttpOptions {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => unknown;
  /** What keeps the gateway from serving; undefined when nothing does. */
  readonly notReady: () => string | undefined | Promise<string | undefined>;
  readonly maxBodyBytes: number;
  readonly limits: RequestLimits;
  readonly patience: Patience;
  readonly underWay: UnderWay;
  /** Absent: plain HTTP. */
  readonly tls?: ServerKeys | undefined;
  readonly allowedOrigins: AllowedOrigins;
  /** Absent: there is no console. */
  readonly serveConsole?: ServeConsole | undefined;
  /** Origins that the console may talk to beside its own. */
  readonly connectOrigins: readonly string[];
}

/** The HTTP server around the gateway: its health and the console's files, which are open to all, and the endpoint. */
export function createHttpServer(options: HttpOptions): Server {
  const { handle, notReady, maxBodyBytes, limits, patience, underWay, tls, allowedOrigins, serveConsole } = options;
  const setSecurityHeaders = securityHeaders(options.connectOrigins, tls !== undefined);
  const server = tls === undefined ? createServer(httpOptions(patience)) : secureServer(tls, patience);
  limitConnections(server, limits.addresses);
  // An event stream says something more often than this, unless its client does not listen.
  server.timeout = patience.stalledMs;
  server.on('request', (request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    underWay.add(response);
    setSecurityHeaders(response);
    const { url = '' } = request;
    if (url.length > patience.maxUrlBytes) return answer(response, 414, 'the URL is too long', 'text/plain');
    if (answerOrigin(request, response, allowedOrigins)) return undefined;
    if (isEndpoint(url)) return serveEndpoint(request, response);
    const [path] = url.split('?', 1);
    switch (path) {
      case '/livez':
        return answer(response, 200, 'ok', 'text/plain');
      case '/readyz': {
        const reason = await notReady();
        return reason === undefined
          ? answer(response, 200, 'ok', 'text/plain')
          : answer(response, 503, reason, 'text/plain');
      }
      default:
        return serveConsole?.(request, response) === true
          ? undefined
          : answer(response, 404, 'not found', 'text/plain');
    }
  }

  function serveEndpoint(request: IncomingMessage, response: ServerResponse): unknown {
    const startMs = performance.now();
    response.once('close', () => {
      countRequest('graphql', isEventStream(response) ? 'WATCH' : (request.method ?? ''), response.statusCode, startMs);
    });
    const [status, code] = bodyProblem(request, maxBodyBytes) ?? [];
    response.setHeader('cache-control', 'no-store');
    if (status !== undefined && code !== undefined) {
      const body = refusalBody(`The body may have ${maxBodyBytes} bytes`, code, '');
      return answer(response, status, body, 'application/json');
    }
    const project = projectNamed(request);
    if (project === manyProjects) {
      const body = refusalBody('The path and the header name different projects', 'BAD_USER_INPUT', '');
      return answer(response, 400, body, 'application/json');
    }
    // From here on the header alone says it.
    if (project !== undefined) request.headers[projectHeader] = project;
    request.url = withoutProject(request.url ?? '');
    if (isTracing()) trace(request, response);
    return handle(request, response);
  }

  return server;
}

/** Begins the span of a request. From here on its header says where it is in the trace, or nothing. */
function trace(request: IncomingMessage, response: ServerResponse): void {
  const span = enterTrace(`graphql ${request.method}`, {
    kind: 'server',
    parent: request.headers['traceparent'] as string | undefined,
    attributes: { 'http.request.method': request.method ?? '', 'url.path': '/graphql' },
  });
  delete request.headers['traceparent'];
  if (span === undefined) return;
  request.headers['traceparent'] = span.traceparent;
  response.once('close', () => {
    const { statusCode } = response;
    const requestId = response.getHeader('x-request-id');
    span.end(
      {
        'http.response.status_code': statusCode,
        ...(typeof requestId === 'string' ? { 'datum.request_id': requestId } : {}),
      },
      statusCode >= 500 ? String(statusCode) : undefined,
    );
  });
}

function secureServer({ cert, key }: ServerKeys, patience: Patience): Server {
  const server = createSecureServer({
    ...httpOptions(patience),
    cert,
    key,
    handshakeTimeout: patience.handshakeMs,
    minVersion: 'TLSv1.2',
  });
  // Port scans and broken handshakes are no news.
  server.on('tlsClientError', () => {});
  return server;
}

function bodyProblem({ method, headers }: IncomingMessage, maxBodyBytes: number): [number, string] | undefined {
  if (method !== 'POST') return undefined;
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] === undefined ? undefined : [411, 'LENGTH_REQUIRED'];
  return Number(length) > maxBodyBytes ? [413, 'TOO_LARGE'] : undefined;
}

function answer(response: ServerResponse, status: number, body: string, contentType: string): void {
  response
    .writeHead(status, {
      'content-type': `${contentType}; charset=utf-8`,
      ...(status >= 411 ? { connection: 'close' } : {}),
    })
    .end(body);
}
