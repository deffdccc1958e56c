import type { ExecutionResult } from 'graphql';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Subscriptions on one subgraph: one connection for each identity, closed with its last subscription. */
export interface Subscriber {
  subscribe(request: SubscribePayload, authorization: string | undefined): AsyncIterable<ExecutionResult>;
  close(): Promise<void>;
}

/** A subscriber for the subgraph at an HTTP URL. */
export function createSubscriber(url: string): Subscriber {
  const clients = new Map<string, Client>();
  const clientOf = (authorization: string): Client => {
    let client = clients.get(authorization);
    if (client === undefined) {
      client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        // Whoever watches resumes by token; a silent reconnection could lose events.
        retryAttempts: 0,
        on: { closed: () => void clients.delete(authorization) },
      });
      clients.set(authorization, client);
    }
    return client;
  };
  return {
    subscribe: (request, authorization = '') =>
      clientOf(authorization).iterate(request) as AsyncIterableIterator<ExecutionResult>,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.dispose()));
    },
  };
}
