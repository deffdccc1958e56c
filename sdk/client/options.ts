import type { MakeStreamTransport } from '../transports/transport.ts';
import type { RetryOptions } from './backoff.ts';
import type { TokenProvider } from './credentials.ts';
import type { Tracer } from './tracing.ts';

/** What a client needs to know. */
export interface ClientOptions {
  /** Of the GraphQL endpoint: `https://datum.example/graphql`. */
  readonly url: string;
  /** Bearer token, or where to get one. */
  readonly token?: string | TokenProvider;
  /** Name of the project to work in. By default that of the token, or that of the url. */
  readonly project?: string;
  /** How watches are carried: `webSocket()` by default, or `sse`. */
  readonly streams?: MakeStreamTransport;
  readonly retry?: RetryOptions;
  /** Longest time for one request, in ms; default 30,000. Does not hold for watches. */
  readonly timeoutMs?: number;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By default the platform's own. */
  readonly fetch?: typeof fetch;
  /** Under which name applies own their fields; default `datum-sdk`. */
  readonly fieldManager?: string;
  /** A tracer of OpenTelemetry; each call becomes a span. */
  readonly tracer?: Tracer;
}

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
