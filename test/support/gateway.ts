import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { adminToken } from '../../access/authenticate.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { type GatewayOptions, type RunningGateway, startGateway } from '../../gateway/start-gateway.ts';
import { embeddedSubgraphs } from '../../subgraphs/embedded.ts';
import { startSubgraphs } from '../../subgraphs/start-subgraphs.ts';
import { tokensOf } from './authentication.ts';
import { type TestStore, testStore } from './store.ts';

/** Token that may do all at a test gateway. */
export const testToken = 'test-token-0123456789';

/** Answer of a GraphQL request. */
export interface Answer {
  readonly status: number;
  // Tests look into answers of every shape.
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
}

export interface TestGateway extends RunningGateway {
  readonly store: TestStore;
  /** Sends one operation as admin. */
  query(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
}

/** A gateway with its subgraphs in this process, on a store of its own; closed when the running test ends. */
export async function testGateway(
  options: Partial<GatewayOptions> & { readonly on?: TestStore } = {},
): Promise<TestGateway> {
  const { on, subgraphs, ...rest } = options;
  const store = on ?? (await testStore());
  const log = options.log ?? pino({ level: 'error' });
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    authenticate: adminToken(testToken),
    ...(subgraphs === undefined
      ? embeddedSubgraphs({
          store: store.store,
          audit: store.audit,
          inventory: store.inventory,
          registry: store.registry,
          authority: createPolicies(),
          ...tokensOf(store),
          log,
        })
      : { subgraphs }),
    log,
    ...rest,
  });
  onTestFinished(() => gateway.close());
  return { ...gateway, store, query: (query, variables, headers) => send(gateway.url, query, variables, headers) };
}

/** A gateway whose subgraphs are behind HTTP and WebSocket, as in separate processes. */
export async function remoteTestGateway(
  options: Partial<GatewayOptions> & { readonly on?: TestStore } = {},
): Promise<TestGateway & { readonly subgraphUrls: ReadonlyMap<string, string>; closeSubgraphs(): Promise<void> }> {
  const store = options.on ?? (await testStore());
  const subgraphs = await startSubgraphs({
    host: '127.0.0.1',
    port: 0,
    store: store.store,
    audit: store.audit,
    inventory: store.inventory,
    registry: store.registry,
    authority: createPolicies(),
    ...tokensOf(store),
    log: pino({ level: 'error' }),
  });
  let closing: Promise<void> | undefined;
  const closeSubgraphs = (): Promise<void> => (closing ??= subgraphs.close());
  onTestFinished(closeSubgraphs);
  const gateway = await testGateway({ ...options, on: store, subgraphs: subgraphs.urls });
  return { ...gateway, subgraphUrls: subgraphs.urls, closeSubgraphs };
}

/** Sends one operation over HTTP, as admin unless the headers say otherwise. */
export async function send(
  url: string,
  query: string,
  variables?: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${testToken}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}
