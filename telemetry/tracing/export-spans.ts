import { otlpRequest } from './otlp.ts';
import type { Attributes, EndedSpan } from './span.ts';

const batchSpans = 512;
/** More than this wait for a collector that does not answer; then the newest are dropped. */
const mostWaiting = 8192;
const everyMs = 1000;
const timeoutMs = 5000;
const warnEveryMs = 60_000;

export interface ExportOptions {
  /** Where a collector takes traces: `http://collector:4318/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What these spans are of: `service.name` and the like. */
  readonly service: Attributes;
  /** Told of trouble, at most once a minute. */
  readonly onTrouble: (error: unknown, dropped: number) => void;
}

/** What sends spans to a collector. */
export interface SpanExport {
  add(span: EndedSpan): void;
  /** Sends what waits, and no more after that. */
  close(): Promise<void>;
}

/** Sends spans to a collector of OpenTelemetry (OTLP over HTTP, JSON), in batches. Who traces never waits for it. */
export function exportSpans({ url, headers, service, onTrouble }: ExportOptions): SpanExport {
  let waiting: EndedSpan[] = [];
  let dropped = 0;
  let warnedAtMs = -Infinity;
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function add(span: EndedSpan): void {
    if (waiting.length >= mostWaiting) dropped += 1;
    else waiting.push(span);
    if (waiting.length >= batchSpans) void flush();
    else timer ??= setTimeout(() => void flush(), everyMs).unref();
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    return (sending ??= sendAll().finally(() => {
      sending = undefined;
      // What a failure left, or what came last.
      if (waiting.length > 0) timer ??= setTimeout(() => void flush(), everyMs).unref();
    }));
  }

  /** Sends batch after batch, until one fails: that one is sent again with the next. */
  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSpans);
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: otlpRequest(service, batch),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        await response.arrayBuffer();
        // What a collector does not take now it may take later; what it refuses it refuses for good.
        if (response.status === 429 || response.status >= 500)
          throw new Error(`the collector answered ${response.status}`);
        waiting = waiting.slice(batch.length);
        if (!response.ok) {
          dropped += batch.length;
          warn(new Error(`the collector answered ${response.status}`));
        }
      } catch (error) {
        return warn(error);
      }
    }
  }

  function warn(error: unknown): void {
    if (performance.now() - warnedAtMs < warnEveryMs) return;
    warnedAtMs = performance.now();
    onTrouble(error, dropped);
    dropped = 0;
  }

  return {
    add,
    async close() {
      await sending;
      await flush();
      clearTimeout(timer);
    },
  };
}
