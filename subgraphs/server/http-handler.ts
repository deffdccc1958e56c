import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Caller } from '../../access/identity.ts';
import { type GatewayCalls, signatureHeader } from '../../access/internal/gateway-calls.ts';
import { continueTrace } from '../../telemetry/tracing/span.ts';
import type { SubgraphContext } from '../uniform/context.ts';

/** Size of a request's body that is read at most. */
const maxBodyBytes = 8 * 1024 * 1024;

/** Serves one Apollo server over HTTP to gateways of the product, which say for whom they ask; to nobody else. */
export function httpHandler(
  server: ApolloServer<SubgraphContext>,
  path: string,
  calls: GatewayCalls,
  contextOf: (caller: Caller) => SubgraphContext,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const signature = request.headers[signatureHeader];
    // Whoever has none is not listened to.
    const text = typeof signature === 'string' ? await readText(request) : '';
    if (text === undefined) return void response.writeHead(413, { connection: 'close' }).end();
    const call = calls.verify(path, text, typeof signature === 'string' ? signature : undefined);
    if (call === undefined) return refuse(request, response);
    const { content } = call;
    const span =
      call.caller.trace === undefined
        ? undefined
        : continueTrace(`serve ${path.slice(1)}`, {
            kind: 'server',
            parent: call.caller.trace,
            attributes: { 'datum.request_id': call.caller.requestId },
          });
    if (span !== undefined)
      response.once('close', () => span.end({ 'http.response.status_code': response.statusCode }));
    const caller = span === undefined ? call.caller : { ...call.caller, trace: span.traceparent };
    const answer = await server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? 'POST',
        headers: new HeaderMap(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
        search: '',
        body: content,
      },
      context: async () => contextOf(caller),
    });
    response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
    if (answer.body.kind === 'complete') response.write(answer.body.string);
    else for await (const chunk of answer.body.asyncIterator) response.write(chunk);
    response.end();
  };
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = String(request.headers['x-request-id'] ?? '');
  const extensions = { code: 'UNAUTHENTICATED', retryable: false, requestId };
  response
    .writeHead(401, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
    .end(JSON.stringify({ errors: [{ message: 'Only gateways of the product may ask here', extensions }] }));
}

/** The request's body; undefined for one that is too large. */
async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
