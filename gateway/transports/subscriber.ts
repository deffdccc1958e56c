import type { ExecutionResult } from 'graphql';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Caller } from '../../access/identity.ts';
import type { GatewayCalls } from '../../access/internal/gateway-calls.ts';

/** Subscriptions on one subgraph: one connection for each identity and project, closed with its last subscription. */
export interface Subscriber {
  subscribe(request: SubscribePayload, caller: Caller): AsyncIterable<ExecutionResult>;
  close(): Promise<void>;
}

/** A subscriber for the subgraph at an HTTP URL. */
export function createSubscriber(url: string, calls: GatewayCalls): Subscriber {
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
    subscribe: (request, caller) => clientOf(caller).iterate(request) as AsyncIterableIterator<ExecutionResult>,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.dispose()));
    },
  };
}
