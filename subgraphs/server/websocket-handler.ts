import { type ExecutionArgs, GraphQLError, type GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Caller } from '../../access/identity.ts';
import type { GatewayCalls } from '../../access/internal/gateway-calls.ts';
import { whileValid } from '../../access/sessions/while-valid.ts';
import type { SubgraphContext } from '../uniform/context.ts';
import type { SubgraphExecutor } from '../uniform/executor.ts';
import { tooDemanding } from './demand.ts';

/** Close code for a connection of nobody, as graphql-ws names it. */
const unauthorizedCode = 4401;
const initTimeoutMs = 5_000;
const maxMessageBytes = 8 * 1024 * 1024;

interface Extra extends Record<PropertyKey, unknown> {
  caller?: Caller;
  /** Stops looking whether the identity is still good. */
  leave?: () => void;
}

export interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  readonly execute: SubgraphExecutor;
  readonly calls: GatewayCalls;
  readonly contextOf: (caller: Caller) => SubgraphContext;
}

/** Serves one subgraph's operations, above all its watches, to gateways over graphql-ws. Upgrade requests are handed to the result. */
export function websocketHandler({ schema, path, execute, calls, contextOf }: WebSocketOptions): {
  readonly sockets: WebSocketServer;
  close(): Promise<void>;
} {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  const run = (args: ExecutionArgs) => {
    const { document, operationName, variableValues, contextValue } = args;
    const refusal = tooDemanding(args);
    if (refusal !== undefined) return { errors: [new GraphQLError(refusal)] };
    return execute(
      { document, operationName: operationName ?? undefined, variables: variableValues ?? undefined },
      contextValue as SubgraphContext,
    );
  };
  const handler = useServer<Record<string, unknown>, Extra>(
    {
      schema,
      execute: run,
      subscribe: run,
      connectionInitWaitTimeout: initTimeoutMs,
      async onConnect({ connectionParams, extra }) {
        const { text, signature } = connectionParams ?? {};
        const call =
          typeof text === 'string' && typeof signature === 'string'
            ? calls.verify(`ws ${path}`, text, signature)
            : undefined;
        const refuse = (): void => extra.socket.close(unauthorizedCode, 'Unauthorized');
        if (call === undefined) {
          refuse();
          return false;
        }
        extra.caller = call.caller;
        extra.leave = whileValid(call.caller.identity, refuse);
        return true;
      },
      onClose({ extra }) {
        extra.leave?.();
      },
      context({ extra }) {
        if (extra.caller === undefined) throw new Error('operation on a connection without a caller');
        return contextOf(extra.caller);
      },
    },
    sockets,
  );
  return { sockets, close: async () => handler.dispose() };
}
