import { request } from '../transports/http.ts';
import type { Endpoint, Operation } from '../transports/transport.ts';
import { delayMs, type Retry, retryOf, sleep } from './backoff.ts';
import { ConnectionError, DatumError, RequestError } from './errors.ts';
import type { ClientOptions } from './options.ts';
import { traced } from './tracing.ts';
import { withoutNulls } from './without-nulls.ts';

/** A call: an operation, and how it may be made. */
export interface Call extends Operation {
  /** For spans: `workloads.list`. */
  readonly name: string;
  /** Whether the server may do it twice: then a call that may or may not have been done is made again. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Makes calls; each answers its data, without what is null. */
export type Caller = <T>(call: Call) => Promise<T>;

const defaultTimeoutMs = 30_000;

/** The calls of a client. */
export function createCaller(endpoint: Endpoint, options: ClientOptions): Caller {
  const { timeoutMs = defaultTimeoutMs, tracer } = options;
  const retry = retryOf(options.retry);
  return <T>({ name, document, variables, repeatable, signal }: Call): Promise<T> =>
    traced(tracer, `datum ${name}`, { 'datum.operation': name }, async (headers, span) => {
      for (let attempt = 1; ; attempt += 1) {
        if (attempt > 1) span?.setAttribute('datum.attempt', attempt);
        try {
          return withoutNulls(
            await within(timeoutMs, signal, endpoint, { document, ...(variables && { variables }) }, headers),
          );
        } catch (error) {
          if (attempt >= retry.attempts || signal?.aborted || !mayRepeat(error, repeatable)) throw error;
          await sleep(waitMs(retry, attempt, error), signal);
        }
      }
    });
}

/** One request, given up as broken after a time. */
async function within<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  endpoint: Endpoint,
  operation: Operation,
  headers: Record<string, string>,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await request<T>(endpoint, operation, {
      headers,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw new ConnectionError(`no answer within ${timeoutMs} ms`, error);
    throw error;
  }
}

/** A refusal because of too many requests comes before anything is done; all else that may be tried again may have been done. */
function mayRepeat(error: unknown, repeatable: boolean): boolean {
  if (error instanceof RequestError && error.status === 429) return true;
  return repeatable && error instanceof DatumError && error.retryable;
}

function waitMs(retry: Retry, attempt: number, error: unknown): number {
  const asked = error instanceof RequestError ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(asked, retry.maxDelayMs) + delayMs(retry, attempt);
}
