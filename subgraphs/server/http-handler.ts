import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Caller } from '../../access/identity.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import { type Identify, projectHeader } from './identify.ts';

/** Size of a request's body that is read at most. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Serves one Apollo server over HTTP; whoever asks proves itself here too, whatever stands before. */
export function httpHandler(
  server: ApolloServer<SubgraphContext>,
  identify: Identify,
  contextOf: (caller: Caller) => SubgraphContext,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization, [projectHeader]: project } = request.headers;
    const identity = await identify(authorization, typeof project === 'string' ? project : undefined);
    const requestId = String(request.headers['x-request-id'] ?? '');
    if (identity === undefined) {
      const errors = [
        { message: 'Unauthenticated', extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId } },
      ];
      response
        .writeHead(401, { 'content-type': 'application/json; charset=utf-8', 'www-authenticate': 'Bearer' })
        .end(JSON.stringify({ errors }));
      return;
    }
    const body = await readJson(request);
    if (body === undefined) {
      response.writeHead(400).end();
      return;
    }
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? 'POST',
        headers: new HeaderMap(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        search: new URL(request.url ?? '/', 'http://subgraph').search,
        body,
      },
      context: async () => contextOf({ identity, requestId }),
    });
    response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
    if (answer.body.kind === 'complete') response.write(answer.body.string);
    else for await (const chunk of answer.body.asyncIterator) response.write(chunk);
    response.end();
  };
}

/** The request's body; undefined for one that is too large or not JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as unknown;
  } catch {
    return undefined;
  }
}
