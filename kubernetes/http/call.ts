import type { IncomingHttpHeaders } from 'node:http';
import type { Identity, Origin } from '../../access/identity.ts';

/** One request, as handlers see it; nothing in it is trusted but `identity`. */
export interface Call {
  readonly method: string;
  /** What precedes the path, for addresses in answers: `/projects/shop/control-plane`, or nothing. */
  readonly prefix: string;
  /** Path within the project, without query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly identity: Identity;
  /** Where the request came from. */
  readonly origin: Origin;
  /** Finds the request in logs, audit and the `Audit-Id` header. */
  readonly requestId: string;
  /** `traceparent` of the request, where it is traced. */
  readonly trace?: string | undefined;
  /** The whole body, at most 3 MiB; throws 413 beyond. Empty when there is none. */
  body(): Promise<Buffer>;
  /** Aborts when the client is gone or the server stops. Made when somebody asks for it: most requests end before. */
  signal(): AbortSignal;
}

/** Where a streaming handler writes. */
export interface Output {
  /** Answers false when the client reads too slowly to take more now. */
  write(chunk: string | Buffer): boolean;
  /** Resolves when what was written has left, or the client is gone. */
  drained(): Promise<void>;
  /** Whether the client is gone: nobody reads what is written. */
  gone(): boolean;
  /** Bytes that wait for the client. */
  waiting(): number;
}

/** What a handler answers: a whole body, or a stream that ends when the promise resolves. */
export interface Answer {
  readonly status: number;
  /** Content type; default `application/json`, empty for none. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Texts for `Warning` headers, unescaped. */
  readonly warnings?: readonly string[];
  readonly body: string | Buffer | ((out: Output) => Promise<void>);
}

export type Handler = (call: Call) => Promise<Answer>;
