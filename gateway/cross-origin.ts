import type { IncomingMessage, ServerResponse } from 'node:http';

/** Origins of pages elsewhere that may use the API from a browser: `https://console.example.com`. */
export type AllowedOrigins = ReadonlySet<string>;

const preflightSecs = '600';

/**
 * Tells a browser what pages of other origins may do: those that are listed may send requests and read the answers, never
 * with cookies; all others nothing. Answers true where that was all there is to say, as to a preflight.
 */
export function answerOrigin(request: IncomingMessage, response: ServerResponse, allowed: AllowedOrigins): boolean {
  const { origin } = request.headers;
  if (allowed.size > 0) response.setHeader('vary', 'Origin');
  const isAllowed = origin !== undefined && allowed.has(origin);
  if (isAllowed) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'retry-after, x-request-id');
  }
  if (request.method !== 'OPTIONS') return false;
  if (isAllowed) {
    response.setHeader('access-control-allow-methods', 'GET, POST');
    response.setHeader(
      'access-control-allow-headers',
      'accept, authorization, content-type, x-graphql-yoga-csrf, apollo-require-preflight, graphql-require-preflight, x-request-id, datum-project',
    );
    response.setHeader('access-control-max-age', preflightSecs);
  }
  response.writeHead(204).end();
  return true;
}

/** Whether a page may open a WebSocket: one of ours, one that is listed, or no page at all. */
export function mayConnect({ headers: { origin, host } }: IncomingMessage, allowed: AllowedOrigins): boolean {
  if (origin === undefined || allowed.has(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
