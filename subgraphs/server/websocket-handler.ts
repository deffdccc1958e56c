import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Caller, Identity } from '../../access/identity.ts';
import { whileValid } from '../../access/sessions/while-valid.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import type { Identify } from './identify.ts';
import type { SubgraphExecutor } from '../uniform/executor.ts';

/** Close code for a connection of nobody, as graphql-ws names it. */
const unauthorizedCode = 4401;

interface Extra extends Record<PropertyKey, unknown> {
  identity?: Identity;
  /** Stops looking whether the identity is still good. */
  leave?: () => void;
}

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly execute: SubgraphExecutor;
  readonly identify: Identify;
  readonly contextOf: (caller: Caller) => SubgraphContext;
}

/** Serves one subgraph's operations, above all its watches, over graphql-ws. Upgrade requests are handed to the result. */
export function websocketHandler({ schema, execute, identify, contextOf }: WebSocketOptions): {
  readonly sockets: WebSocketServer;
  close(): Promise<void>;
} {
  const sockets = new WebSocketServer({ noServer: true });
  const run = ({ document, operationName, variableValues, contextValue }: ExecutionArgs) =>
    execute(
      { document, operationName: operationName ?? undefined, variables: variableValues ?? undefined },
      contextValue as SubgraphContext,
    );
  const handler = useServer<Record<string, unknown>, Extra>(
    {
      schema,
      execute: run,
      subscribe: run,
      async onConnect({ connectionParams, extra }) {
        const textOf = (name: string): string | undefined => {
          const value = connectionParams?.[name];
          return typeof value === 'string' ? value : undefined;
        };
        const identity = await identify(textOf('authorization'), textOf('project'));
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
      context({ extra, connectionParams }) {
        if (extra.identity === undefined) throw new Error('operation on a connection without identity');
        return contextOf({ identity: extra.identity, requestId: String(connectionParams?.['requestId'] ?? '') });
      },
    },
    sockets,
  );
  return { sockets, close: async () => handler.dispose() };
}
