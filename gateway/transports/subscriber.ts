import type { ExecutionResult } from 'graphql';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';

/** Who subscribes, and in which project. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly project: string;
}

/** Subscriptions on one subgraph: one connection for each identity and project, closed with its last subscription. */
export interface Subscriber {
  subscribe(request: SubscribePayload, as: Credentials): AsyncIterable<ExecutionResult>;
  close(): Promise<void>;
}

/** A subscriber for the subgraph at an HTTP URL. */
export function createSubscriber(url: string): Subscriber {
  const clients = new Map<string, Client>();
  const clientOf = ({ authorization = '', project }: Credentials): Client => {
    const key = `${project} ${authorization}`;
    let client = clients.get(key);
    if (client === undefined) {
      client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization, project },
        // Whoever watches resumes by token; a silent reconnection could lose events.
        retryAttempts: 0,
        on: { closed: () => void clients.delete(key) },
      });
      clients.set(key, client);
    }
    return client;
  };
  return {
    subscribe: (request, as) => clientOf(as).iterate(request) as AsyncIterableIterator<ExecutionResult>,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.dispose()));
    },
  };
}
