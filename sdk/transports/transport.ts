import type { Credentials } from '../client/credentials.ts';

/** One GraphQL operation. */
export interface Operation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** An error as GraphQL answers it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly retryable?: boolean;
    readonly requestId?: string;
    readonly field?: string;
  };
}

/** What the server answers to an operation. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
}

/** Where the server is, and how to come in. */
export interface Endpoint {
  /** Of GraphQL: `https://datum.example/graphql`. */
  readonly url: string;
  readonly credentials: Credentials;
  readonly fetch: typeof fetch;
  readonly project: string | undefined;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Called when the server has the operation. */
  readonly onOpen?: () => void;
  /** Whether the stream may end early because its reader is slow; it can then go on from where it is. */
  readonly mayCut?: () => boolean;
}

/** Streams of answers. A stream ends when the server ends it, and throws when the connection breaks. */
export interface StreamTransport {
  subscribe(operation: Operation, options: StreamOptions): AsyncIterable<Answer>;
  /** Ends all streams. */
  close(): void;
}

/** Makes the transport for an endpoint. */
export type MakeStreamTransport = (endpoint: Endpoint) => StreamTransport;
