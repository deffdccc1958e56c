import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { readPath } from '../../kubernetes/http/path.ts';
import { answerOf, respond } from '../../kubernetes/http/respond.ts';
import type { Answer, Call } from '../../kubernetes/http/call.ts';
import { isTrue } from '../../kubernetes/http/verb.ts';
import { createPolicies } from '../../access/rbac/policies.ts';
import { wantedOf } from '../../access/wanted.ts';
import { getObject } from '../../kubernetes/read/get-object.ts';
import { listObjects } from '../../kubernetes/read/list-objects.ts';
import { servedResources } from '../../kubernetes/served/served-resources.ts';
import { ApiError } from '../../kubernetes/status/status.ts';
import { watchObjects } from '../../kubernetes/watch/watch-objects.ts';
import type { TestStore } from './store.ts';
import { asAdmin } from './store.ts';

/** The reading half of the Kubernetes API over plain HTTP, without identities. */
export interface ReadServer {
  readonly port: number;
  /** Errors that answers ended with, as the server would log them. */
  readonly errors: unknown[];
  /** Sockets of clients. */
  readonly sockets: ReadonlySet<Socket>;
  /** A whole answer. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: any }>;
  /** Opens a stream; lines arrive in `lines`. */
  watch(path: string, headers?: Record<string, string>): Promise<WatchedStream>;
  /** Ends all streams as a server does that stops. */
  stop(): void;
}

export interface WatchedStream {
  readonly status: number;
  readonly lines: { type: string; object: any }[];
  /** Whether the server ended the stream in good order; undefined while it runs. */
  ended(): 'clean' | 'cut' | undefined;
  readonly response: IncomingMessage;
  close(): void;
}

/** Serves get, list and watch of a store until the running test ends. */
export async function serveReads({ store, registry }: Pick<TestStore, 'store' | 'registry'>): Promise<ReadServer> {
  const served = servedResources(registry.all());
  const stopping = new AbortController();
  const errors: unknown[] = [];
  const sockets = new Set<Socket>();

  async function answer(call: Call): Promise<Answer> {
    const route = readPath(call.path);
    const found = route.to === 'resource' ? served.find(route.group, route.version, route.plural) : undefined;
    if (route.to !== 'resource' || found === undefined) throw new Error(`nothing at ${call.path}`);
    const { namespace, name } = route;
    const wanted = wantedOf(found, 'watch', { namespace });
    const target = {
      served: found,
      namespace,
      wanted,
      store,
      context: asAdmin,
      ...(name === undefined ? {} : { name }),
    };
    if (name !== undefined) return getObject(call, target);
    return isTrue(call.query.get('watch'))
      ? watchObjects(call, target, { authority: createPolicies() })
      : listObjects(call, target);
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '', 'http://x');
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const call: Call = {
      method: 'GET',
      prefix: '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      identity: { user: 'admin', groups: ['system:masters'], project: asAdmin.project },
      origin: { door: 'kubernetes' },
      requestId: 'test',
      body: async () => Buffer.alloc(0),
      signal: () => AbortSignal.any([gone.signal, stopping.signal]),
    };
    const patient = { turn: { away: <T>(_bytes: number, wait: () => Promise<T>) => wait() }, stalledMs: 60_000 };
    try {
      const refused = (error: unknown): Answer => {
        if (error instanceof ApiError) return answerOf(error);
        throw error;
      };
      await respond(response, 'test', await answer(call).catch(refused), false, patient);
    } catch (error) {
      errors.push(error);
      response.destroy();
    }
  }

  const server = createServer((incoming, response) => void serve(incoming, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    stopping.abort();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject).end();
    });

  return {
    port,
    errors,
    sockets,
    stop: () => stopping.abort(),
    async get(path, headers = {}) {
      const response = await open(path, headers);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      return { status: response.statusCode ?? 0, body: text === '' ? '' : JSON.parse(text) };
    },
    async watch(path, headers = {}) {
      const response = await open(path, headers);
      const lines: WatchedStream['lines'] = [];
      let rest = '';
      let ended: 'clean' | 'cut' | undefined;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) lines.push(JSON.parse(part));
      });
      response.on('end', () => (ended ??= 'clean'));
      response.on('error', () => (ended ??= 'cut'));
      response.on('close', () => (ended ??= 'cut'));
      return { status: response.statusCode ?? 0, lines, ended: () => ended, response, close: () => response.destroy() };
    },
  };
}
