import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { GatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { Logger } from 'pino';
import { type ActAs, onlyThemselves } from '../access/act-as.ts';
import type { OnUnknown } from '../access/note-denied.ts';
import type { Authenticate } from '../access/authenticate.ts';
import { gatewayCalls } from '../access/internal/gateway-calls.ts';
import { authenticateFrom } from '../access/limits/authenticate-from.ts';
import { defaultDemandLimits, type DemandLimits } from '../access/limits/demand/demand-limits.ts';
import { patience, type Patience } from '../access/limits/listening.ts';
import { createUnderWay } from '../access/limits/under-way.ts';
import { createRequestLimits, type RequestLimits } from '../access/limits/request-limits.ts';
import { type EnterProject, stayInOwn } from '../access/projects/projects.ts';
import { consoleFiles } from './console-files.ts';
import { type ConsoleLogin, originsOf, withLogins } from './console-logins.ts';
import { createHttpServer, type ServerKeys } from './http-server.ts';
import { createRuntime, type RuntimeOptions } from './runtime.ts';
import { graphqlPath } from './target.ts';
import { remoteSubgraph } from './transports/remote-subgraph.ts';
import type { SubgraphExecutor } from './transports/subgraph-executor.ts';
import { serveWebSocket } from './websocket.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly authenticate: Authenticate;
  /** Takes callers into other projects than their own; without it nobody gets there. */
  readonly enterProject?: EnterProject;
  /** Lets callers act as others; without it nobody does. */
  readonly actAs?: ActAs;
  readonly onUnknown?: OnUnknown;
  /** By name: in this process, or the URL where one is. */
  readonly subgraphs: ReadonlyMap<string, SubgraphExecutor | string>;
  /** All subgraphs in one pass, where all are in this process: then nothing needs a plan. */
  readonly joined?: SubgraphExecutor;
  readonly log: Logger;
  /** What keeps what is behind the gateway from serving; asked by `/readyz`. */
  readonly notReady?: () => string | undefined | Promise<string | undefined>;
  /** Aborts when the process begins to leave: it serves on, and every connection ends with its next answer. */
  readonly leaving?: AbortSignal;
  /** Default true. */
  readonly introspection?: boolean;
  /** What one operation may demand. */
  readonly demand?: Partial<DemandLimits>;
  /** What one identity may demand; without it the gateway counts alone, with the limits that are set by default. */
  readonly limits?: RequestLimits;
  readonly patience?: Partial<Patience>;
  /** Keys of the product, the newest first, by which subgraphs elsewhere know the gateway. */
  readonly keys?: readonly Buffer[];
  /** Absent: plain HTTP. */
  readonly tls?: ServerKeys | undefined;
  /** Origins of pages elsewhere that may use the API; none by default. */
  readonly allowedOrigins?: readonly string[];
  /** Folder of the console that was built; without one none is served. */
  readonly consoleFolder?: string | undefined;
  /** How people sign in to the console, beside by token. */
  readonly consoleLogins?: readonly ConsoleLogin[];
  /** Default `none` with `joined`, else `native`, where there is a build for the platform. */
  readonly planner?: RuntimeOptions['planner'];
}

export interface RunningGateway {
  /** `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** `http://127.0.0.1:4000/`; undefined where no console is served. */
  readonly consoleUrl: string | undefined;
  close(): Promise<void>;
}

/** Starts the public GraphQL endpoint. Rejects when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { host, port, subgraphs, log, introspection = true, limits = createRequestLimits() } = options;
  const { enterProject = stayInOwn, actAs = onlyThemselves, onUnknown } = options;
  const doorkeepers = { enterProject, actAs, onUnknown };
  const times = { ...patience, ...options.patience };
  const demand = { ...defaultDemandLimits, ...options.demand };
  const authenticate = authenticateFrom(options.authenticate, limits.addresses);
  const allowedOrigins = new Set(options.allowedOrigins);
  const calls = gatewayCalls(options.keys);
  const remotes = [...subgraphs].flatMap(([name, at]) =>
    typeof at === 'string' ? [[name, remoteSubgraph(name, at, calls)] as const] : [],
  );
  const executors = new Map(
    [...subgraphs].flatMap(([name, at]) => (typeof at === 'string' ? [] : [[name, at] as const])),
  );
  for (const [name, remote] of remotes) executors.set(name, remote.execute);

  const runtime = await plannedRuntime({
    authenticate,
    doorkeepers,
    executors,
    introspection,
    demand,
    limits,
    log,
    joined: options.joined,
    planner: options.planner ?? (options.joined === undefined ? 'native' : 'none'),
  });
  const files = options.consoleFolder === undefined ? undefined : consoleFiles(options.consoleFolder);
  const logins = options.consoleLogins ?? [];
  const serveConsole = files && withLogins(files, logins);
  const closing = new AbortController();
  const leaving = AbortSignal.any([closing.signal, ...(options.leaving === undefined ? [] : [options.leaving])]);
  const underWay = createUnderWay(leaving);
  const notReady = async (): Promise<string | undefined> => (leaving.aborted ? 'stopping' : await options.notReady?.());
  const server = createHttpServer({
    handle: runtime,
    notReady,
    maxBodyBytes: demand.maxBodyBytes,
    limits,
    patience: times,
    underWay,
    tls: options.tls,
    allowedOrigins,
    serveConsole,
    connectOrigins: originsOf(logins),
  });
  server.listen(port, host);
  await once(server, 'listening').catch(async (error: unknown) => {
    await runtime.dispose();
    throw error;
  });
  // Only now, since the WebSocket server would report a port that is taken as a fault of its own.
  const sockets = serveWebSocket(server, runtime, {
    authenticate,
    doorkeepers,
    limits,
    maxMessageBytes: demand.maxBodyBytes,
    pingMs: times.pingMs,
    leaveMs: times.leaveMs,
    allowedOrigins,
  });
  const { port: actualPort } = server.address() as AddressInfo;
  const origin = `${options.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
  return {
    url: `${origin}${graphqlPath}`,
    consoleUrl: serveConsole === undefined ? undefined : `${origin}/`,
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      await Promise.all([sockets.close(), underWay.settled(times.leaveMs)]);
      await runtime.dispose();
      server.closeAllConnections();
      await closed;
      await Promise.all(remotes.map(([, remote]) => remote.close()));
    },
  };
}

/** A runtime whose supergraph is loaded; without the native planner where that cannot be loaded. */
async function plannedRuntime(options: RuntimeOptions): Promise<GatewayRuntime> {
  const runtime = createRuntime(options);
  try {
    await runtime.getSchema();
    return runtime;
  } catch (err) {
    if (options.planner !== 'native') throw err;
    options.log.warn({ err }, 'no native query planner on this platform, planning in JavaScript');
    await runtime.dispose();
    return plannedRuntime({ ...options, planner: 'javascript' });
  }
}
