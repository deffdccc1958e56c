import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Caller } from '../access/identity.ts';
import { gatewayCalls, type GatewayCalls } from '../access/internal/gateway-calls.ts';
import { createRequestLimits, type RequestLimits } from '../access/limits/request-limits.ts';
import { httpOptions, patience } from '../access/limits/listening.ts';
import { createUnderWay } from '../access/limits/under-way.ts';
import { startApollo } from './server/apollo.ts';
import { httpHandler } from './server/http-handler.ts';
import { websocketHandler } from './server/websocket-handler.ts';
import { subgraphs } from './subgraphs.ts';
import { callerContext, type SubgraphServices } from './uniform/context.ts';
import { createExecutor } from './uniform/executor.ts';
import { subgraphSchema } from './uniform/schema.ts';
import { createServices, type ServiceParts } from './uniform/services.ts';
import type { Subgraph } from './uniform/subgraph.ts';

export interface SubgraphServerOptions extends ServiceParts {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Keys of the product, the newest first; without them only gateways of this process are let in. */
  readonly keys?: readonly Buffer[];
  /** Whose turn it is to read for its watches; counted alone by default. */
  readonly limits?: RequestLimits;
  /** PEM; absent: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly log: Logger;
  /** Aborts when the process begins to leave: it serves on, and every connection ends with its next answer. */
  readonly leaving?: AbortSignal;
  /** What keeps the store from serving; asked by `/readyz`. */
  readonly notReady?: () => string | undefined | Promise<string | undefined>;
}

export interface RunningSubgraphs {
  /** By name: `http://127.0.0.1:4020/networking`; subscriptions at the same place over WebSocket. */
  readonly urls: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Serves all subgraphs on one port, each at a path of its own. Rejects when the port is taken. */
export async function startSubgraphs(options: SubgraphServerOptions): Promise<RunningSubgraphs> {
  const services = createServices(options);
  const calls = gatewayCalls(options.keys);
  const { limits = createRequestLimits() } = options;
  const served = new Map<string, Served>();
  for (const subgraph of subgraphs)
    served.set(`/${subgraph.area}`, await serve({ log: options.log, limits }, services, calls, subgraph));
  const server = newServer(options.tls);
  server.maxConnections = mostConnections;
  const closing = new AbortController();
  const leaving = AbortSignal.any([closing.signal, ...(options.leaving === undefined ? [] : [options.leaving])]);
  const underWay = createUnderWay(leaving);
  server.on('request', async (request, response) => {
    underWay.add(response);
    const path = pathOf(request);
    const handler = served.get(path);
    if (handler !== undefined) return handler.handle(request, response);
    const reason = path === '/readyz' ? (leaving.aborted ? 'stopping' : await options.notReady?.()) : undefined;
    if (path !== '/livez' && path !== '/readyz') response.writeHead(404).end();
    else response.writeHead(reason === undefined ? 200 : 503, { 'content-type': 'text/plain' }).end(reason ?? 'ok');
  });
  server.on('upgrade', (request, socket, head) => {
    const handler = served.get(pathOf(request));
    if (handler === undefined) return socket.destroy();
    handler.sockets.handleUpgrade(request, socket, head, (client) =>
      handler.sockets.emit('connection', client, request),
    );
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urls: new Map(
      [...served.keys()].map((path) => [
        path.slice(1),
        `${options.tls === undefined ? 'http' : 'https'}://${options.host}:${port}${path}`,
      ]),
    ),
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      await underWay.settled(patience.leaveMs);
      await Promise.all([...served.values()].map((each) => each.close()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Gateways have a few each; nobody else has any business here. */
const mostConnections = 10_000;

function newServer(tls: SubgraphServerOptions['tls']): Server {
  if (tls === undefined) return createServer(httpOptions(patience));
  return createSecureServer({ ...httpOptions(patience), ...tls, handshakeTimeout: patience.handshakeMs });
}

type Served = Awaited<ReturnType<typeof serve>>;

async function serve(
  { log, limits }: Pick<SubgraphServerOptions, 'log'> & { readonly limits: RequestLimits },
  services: SubgraphServices,
  calls: GatewayCalls,
  { area, extra }: Subgraph,
) {
  const ownLog = log.child({ subgraph: area });
  const schema = subgraphSchema(services, area, extra);
  const contextOf = (caller: Caller) =>
    callerContext(services, { ...caller, watchTurns: limits.watchTurns(caller.identity) });
  const apollo = await startApollo(schema, ownLog);
  const path = `/${area}`;
  const execute = createExecutor(schema, ownLog);
  const { sockets, close } = websocketHandler({ schema, path, execute, calls, contextOf });
  return {
    handle: httpHandler(apollo, path, calls, contextOf),
    sockets,
    close: () => Promise.all([close(), apollo.stop()]),
  };
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}
