import type { IncomingMessage, Server } from 'node:http';
import { getGraphQLWSOptions, type GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Identity } from '../access/identity.ts';
import { impersonationInHeaders, impersonationInParams } from '../access/impersonation-in.ts';
import type { AuthenticateFrom } from '../access/limits/authenticate-from.ts';
import { isTracing, type Span } from '../telemetry/tracing/span.ts';
import { createPurse } from '../access/limits/purse.ts';
import type { RequestLimits } from '../access/limits/request-limits.ts';
import { inSlices } from '../access/limits/slices.ts';
import { TooMany, tooMany } from '../access/limits/too-many.ts';
import { whileValid } from '../access/sessions/while-valid.ts';
import { type AllowedOrigins, mayConnect } from './cross-origin.ts';
import { type Doorkeepers, enterAs, type Entered } from './entrance.ts';
import { originOf } from './origin.ts';
import { callerOnConnection } from './sessions.ts';
import { createSocketWork } from './socket-work.ts';
import { isEndpoint, manyProjects, projectNamed } from './target.ts';
import { tooManyError } from './too-many.ts';
import { traceOperation } from './traced-operation.ts';

/** Close codes, as graphql-ws names them; it has none for a project that is not there. */
const unauthorizedCode = 4401;
const forbiddenCode = 4403;
const unknownProjectCode = 4404;
const tooManyCode = 4429;
const initTimeoutMs = 5_000;
/** Messages of one connection, whatever they say. */
const messages = { perSecond: 200, burst: 2_000 };
/** Operations that are refused on one connection, before it is cut. */
const mostRefused = 5;
/** Operations that run at a time on one connection. */
const mostOperations = 200;

interface Extra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  identity?: Identity;
  /** Operations that were refused on it because of limits. */
  refused?: number;
  /** Stops looking whether the identity is still good. */
  leave?: () => void;
  /** Spans of its operations that are under way, by id. */
  spans?: Map<string, Span>;
}

export interface WebSocketOptions {
  readonly authenticate: AuthenticateFrom;
  readonly doorkeepers: Doorkeepers;
  readonly limits: RequestLimits;
  readonly maxMessageBytes: number;
  readonly pingMs: number;
  /** How long operations that owe an answer are waited for when the server stops. */
  readonly leaveMs: number;
  readonly allowedOrigins: AllowedOrigins;
}

/** Serves GraphQL over WebSocket (graphql-ws) on the server of the HTTP endpoint. */
export function serveWebSocket(
  server: Server,
  runtime: GatewayRuntime,
  { authenticate, doorkeepers, limits, maxMessageBytes, pingMs, leaveMs, allowedOrigins }: WebSocketOptions,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    server,
    maxPayload: maxMessageBytes,
    // Others have their turn between two messages that came in one piece, and what is cut off is not read on.
    allowSynchronousEvents: false,
    verifyClient: ({ req }: { req: IncomingMessage }) => mayConnect(req, allowedOrigins),
  });
  sockets.shouldHandle = ({ url = '' }) => isEndpoint(url);
  sockets.on('connection', limitMessages);
  const work = createSocketWork();
  const options = getGraphQLWSOptions<Record<string, unknown>, Extra>(runtime, ({ extra }) => {
    if (extra.identity === undefined) throw new Error('operation on a connection without identity');
    return { caller: callerOnConnection(extra.identity, limits, originOf(extra.request)) };
  }) as unknown as ServerOptions<Record<string, unknown>, Extra>;

  /** Who opens a connection; undefined for one that is closed. */
  async function admit(
    params: Readonly<Record<string, unknown>> | undefined,
    { socket, request }: Extra,
  ): Promise<Identity | undefined> {
    try {
      const authorization = params?.['authorization'] ?? params?.['Authorization'];
      const given = typeof authorization === 'string' ? authorization : undefined;
      const identity = await authenticate(given, request.socket.remoteAddress ?? '');
      if (identity === undefined) {
        doorkeepers.onUnknown?.(originOf(request));
        socket.close(unauthorizedCode, 'Unauthorized');
        return undefined;
      }
      limits.useConnection(identity, request.socket);
      // Whoever is cut off would be back at once.
      limits.spend(identity, 'watch');
      const project = projectNamed(request, params?.['project']);
      const inParams = impersonationInParams(params);
      const inHeaders = impersonationInHeaders(Object.entries(request.headers));
      if (inParams !== undefined && inHeaders !== undefined) {
        // One would silently win over the other.
        socket.close(forbiddenCode, 'Impersonation in headers and in parameters');
        return undefined;
      }
      const asked = inParams ?? inHeaders;
      const entered =
        project === manyProjects
          ? unknownHere
          : enterAs(doorkeepers, identity, { project, asked, origin: originOf(request) });
      if ('identity' in entered) return entered.identity;
      if ('unknown' in entered) socket.close(unknownProjectCode, 'Project not found');
      else socket.close(forbiddenCode, closeReason(entered.refused));
      return undefined;
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      socket.close(tooManyCode, error.message);
      return undefined;
    }
  }

  const handler = useServer<Record<string, unknown>, Extra>(
    {
      ...options,
      connectionInitWaitTimeout: initTimeoutMs,
      async onConnect({ connectionParams, extra }) {
        const identity = await admit(connectionParams, extra);
        if (identity === undefined) return false;
        extra.identity = identity;
        extra.leave = whileValid(identity, () => extra.socket.close(unauthorizedCode, 'Unauthorized'));
        return true;
      },
      async onSubscribe(context, id, payload) {
        const { extra, subscriptions } = context;
        const running = Object.keys(subscriptions).length;
        // Many may come in one piece.
        await inSlices(async () => {});
        try {
          if (running > mostOperations)
            throw tooMany(`at most ${mostOperations} operations run at a time on one connection`, 1000);
          if (extra.identity !== undefined) limits.spend(extra.identity, 'read');
        } catch (error) {
          if (!(error instanceof TooMany)) throw error;
          extra.refused = (extra.refused ?? 0) + 1;
          if (extra.refused > mostRefused) cut(extra.socket);
          return [tooManyError(error)];
        }
        // Its answer could not be sent any more.
        if (extra.socket.readyState !== extra.socket.OPEN) return [new GraphQLError('The connection is closing')];
        const prepared = await options.onSubscribe?.(context, id, payload);
        if (Array.isArray(prepared)) return prepared;
        work.begin(extra.socket, id);
        if (isTracing() && prepared) {
          const span = traceOperation(prepared as ExecutionArgs, payload, context.connectionParams, extra.request);
          if (span !== undefined) (extra.spans ??= new Map()).set(id, span);
        }
        return prepared;
      },
      onOperation({ extra }, id, _payload, _args, result) {
        if (Symbol.asyncIterator in Object(result)) work.end(extra.socket, id);
      },
      onComplete({ extra }, id) {
        work.end(extra.socket, id);
        extra.spans?.get(id)?.end();
        extra.spans?.delete(id);
      },
      onClose({ extra }) {
        for (const span of extra.spans?.values() ?? []) span.end();
        extra.leave?.();
      },
    },
    sockets,
    pingMs,
  );
  return {
    async close() {
      await work.leave(sockets, leaveMs);
      await handler.dispose();
    },
  };
}

const unknownHere: Entered = { unknown: 'project' };

/** The reason of a close frame has 123 bytes at most. */
function closeReason(text: string): string {
  return Buffer.from(text)
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

/** Closes a connection that sends too many messages. */
function limitMessages(socket: WebSocket): void {
  const purse = createPurse(messages);
  socket.on('message', () => {
    if (purse.take(1) === 0) return;
    socket.close(tooManyCode, 'Too many messages');
    cut(socket);
  });
}

/** Ends a connection at once. What came on it already is not looked at. */
function cut(socket: WebSocket): void {
  socket.removeAllListeners('message');
  socket.terminate();
}
