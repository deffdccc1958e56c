import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { refusalBody } from './errors.ts';
import { graphqlPath } from './runtime.ts';

export interface HttpOptions {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => unknown;
  /** What keeps the gateway from serving; undefined when nothing does. */
  readonly notReady: () => string | undefined | Promise<string | undefined>;
  readonly maxBodyBytes: number;
}

/** The HTTP server around the gateway: its health, which is open to all, and the endpoint. */
export function createHttpServer({ handle, notReady, maxBodyBytes }: HttpOptions): Server {
  return createServer(async (request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    switch (path) {
      case '/livez':
        return answer(response, 200, 'ok', 'text/plain');
      case '/readyz': {
        const reason = await notReady();
        return reason === undefined
          ? answer(response, 200, 'ok', 'text/plain')
          : answer(response, 503, reason, 'text/plain');
      }
      case graphqlPath: {
        const [status, code] = bodyProblem(request, maxBodyBytes) ?? [];
        if (status === undefined || code === undefined) return handle(request, response);
        return answer(
          response,
          status,
          refusalBody(`The body may have ${maxBodyBytes} bytes`, code, ''),
          'application/json',
        );
      }
      default:
        return answer(response, 404, 'not found', 'text/plain');
    }
  });
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
