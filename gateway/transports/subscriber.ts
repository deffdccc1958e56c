import type { ExecutionResult } from 'graphql';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Caller } from '../../access/identity.ts';
import type { GatewayCalls } from '../../access/internal/gateway-calls.ts';
import { unavailable } from './unavailable.ts';

/** Subscriptions on one subgraph: one connection for each identity and project, closed with its last subscription. */
export interface Subscriber {
  subscribe(request: SubscribePayload, caller: Caller): AsyncIterable<ExecutionResult>;
  close(): Promise<void>;
}

/** A subscriber for the subgraph of that name at an HTTP URL. */
export function createSubscriber(name: string, url: string, calls: GatewayCalls): Subscriber {
  const clients = new Map<string, Client>();
  const purpose = `ws ${new URL(url).pathname}`;
  const clientOf = (caller: Caller): Client => {
    // All that a subgraph is told of the identity, since that is what it goes by.
    const { session: _session, ...identity } = caller.identity;
    const key = JSON.stringify(identity);
    let client = clients.get(key);
    if (client === undefined) {
      client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        // Signed when it connects: a signature does not last.
        connectionParams: () => ({ ...calls.sign(purpose, caller) }),
        // Whoever watches resumes by token; a silent reconnection could lose events.
        retryAttempts: 0,
        on: { closed: () => void clients.delete(key) },
      });
      clients.set(key, client);
    }
    return client;
  };
  return {
    subscribe: (request, caller) => reachable(name, clientOf(caller).iterate(request)),
    async close() {
      await Promise.all([...clients.values()].map((client) => client.dispose()));
    },
  };
}

/** The same results, and as one of them what graphql-ws throws: errors of the operation, or that the connection is lost. */
function reachable(name: string, results: AsyncIterableIterator<unknown>): AsyncIterableIterator<ExecutionResult> {
  const last = (cause: unknown): IteratorResult<ExecutionResult> => ({
    done: false,
    // The caller may try again where the subgraph is gone.
    value: { errors: Array.isArray(cause) ? cause : [unavailable(name, cause)] },
  });
  const iterator = {
    next: () => results.next().catch(last) as Promise<IteratorResult<ExecutionResult>>,
    return: async () => (await results.return?.()) as IteratorResult<ExecutionResult>,
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
