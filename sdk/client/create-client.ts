import { dataOf } from '../transports/answer-errors.ts';
import type { Endpoint, StreamTransport } from '../transports/transport.ts';
import { webSocket } from '../transports/web-socket.ts';
import { retryOf } from './backoff.ts';
import { createCaller } from './caller.ts';
import { createCredentials } from './credentials.ts';
import type { Kind, KindType } from './kind.ts';
import type { CallOptions, ClientOptions } from './options.ts';
import { createResource } from './resource.ts';
import type { Resource } from './resource.types.ts';
import { withoutNulls } from './without-nulls.ts';

/** What every client has, whatever its kinds. */
export interface ClientCore {
  /** Runs a query or mutation of your own and answers its data, without what is null. A query is tried again when that is safe. */
  execute<T>(document: string, variables?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<T>;
  /** Runs a subscription of your own on one connection. It does not go on by itself after a break; watches do. */
  subscribe<T>(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): AsyncIterable<T>;
  /** The objects of a kind that the client was not made with, such as one that `discoverKind` found. */
  resource<T extends KindType>(kind: Kind<T>): Resource<T>;
  /** Ends all watches and their connection. */
  close(): void;
}

/** Kinds by the name that their part of a client has. */
export type Kinds = Readonly<Record<string, Kind>>;

type TypeOf<K> = K extends Kind<infer T extends KindType> ? T : never;

/** A client of some kinds: `client.workloads` for the kind `workloads`. */
export type Client<K extends Kinds> = ClientCore & { readonly [P in keyof K]: Resource<TypeOf<K[P]>> };

/**
 * A client that knows the given kinds. What is not used can be left out by bundlers: import only the kinds that a program
 * needs. Nothing is connected before the first call.
 */
export function createClient<const K extends Kinds>(options: ClientOptions & { readonly kinds: K }): Client<K> {
  const endpoint: Endpoint = {
    url: options.url,
    credentials: createCredentials(options.token),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    project: options.project,
    headers: options.headers ?? {},
  };
  const kinds: readonly (readonly [string, Kind])[] = Object.entries(options.kinds);
  const byType = new Map(kinds.map(([, kind]) => [kind.type, kind]));
  const call = createCaller(endpoint, options);
  const streams: StreamTransport = (options.streams ?? webSocket())(endpoint);
  const context = {
    call,
    streams,
    retry: { ...retryOf(options.retry), attempts: Infinity },
    find: (type: string) => byType.get(type),
    fieldManager: options.fieldManager ?? 'datum-sdk',
  };
  const core: ClientCore = {
    execute: (document, variables, { signal } = {}) =>
      call({
        name: 'execute',
        document,
        ...(variables && { variables }),
        repeatable: !/^\s*mutation\b/m.test(document),
        signal,
      }),
    async *subscribe<T>(document: string, variables = {}, { signal }: CallOptions = {}) {
      const stop = new AbortController();
      const anyOf = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
      for await (const answer of streams.subscribe({ document, variables }, { signal: anyOf }))
        yield withoutNulls(dataOf<T>(answer));
    },
    resource: (kind) => createResource(kind, context),
    close: () => streams.close(),
  };
  const resources = Object.fromEntries(kinds.map(([name, kind]) => [name, createResource(kind, context)]));
  return { ...core, ...resources } as Client<K>;
}
