import type { Server } from 'node:http';
import { getGraphQLWSOptions, type GatewayRuntime } from '@graphql-hive/gateway-runtime';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Authenticate } from '../access/authenticate.ts';
import type { Identity } from '../access/identity.ts';
import { whileValid } from '../access/sessions/while-valid.ts';
import { graphqlPath } from './runtime.ts';
import { callerOnConnection } from './sessions.ts';

/** Close code for a connection of nobody, as graphql-ws names it. */
const unauthorizedCode = 4401;
const initTimeoutMs = 5_000;

interface Extra extends Record<PropertyKey, unknown> {
  identity?: Identity;
  /** Stops looking whether the identity is still good. */
  leave?: () => void;
}

/** Serves GraphQL over WebSocket (graphql-ws) on the server of the HTTP endpoint. */
export function serveWebSocket(
  server: Server,
  runtime: GatewayRuntime,
  authenticate: Authenticate,
  maxPayload: number,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ server, path: graphqlPath, maxPayload });
  const options = getGraphQLWSOptions<Record<string, unknown>, { readonly socket: WebSocketLike } & Extra>(
    runtime,
    ({ extra }) => {
      if (extra.identity === undefined) throw new Error('operation on a connection without identity');
      return { caller: callerOnConnection(extra.identity) };
    },
  );
  const handler = useServer<Record<string, unknown>, Extra>(
    {
      ...(options as object),
      connectionInitWaitTimeout: initTimeoutMs,
      async onConnect({ connectionParams, extra }) {
        const authorization = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
        const identity = await authenticate(typeof authorization === 'string' ? authorization : undefined);
        const refuse = (): void => extra.socket.close(unauthorizedCode, 'Unauthorized');
        if (identity === undefined) {
          refuse();
          return false;
        }
        extra.identity = identity;
        extra.leave = whileValid(identity, refuse);
        return true;
      },
      onClose({ extra }) {
        extra.leave?.();
      },
    },
    sockets,
  );
  return { close: async () => handler.dispose() };
}

interface WebSocketLike {
  close(code: number, reason: string): void;
}
