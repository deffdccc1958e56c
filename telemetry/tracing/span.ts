import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { readTraceparent, type TracePoint, traceparentOf } from './traceparent.ts';

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';
/** Never secrets, and nothing that a user wrote but names. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A span that has ended. */
export interface EndedSpan extends TracePoint {
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** In ms since 1970, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly links: readonly TracePoint[];
  /** Name of what went wrong; never its message, which may quote anything. */
  readonly failure: string | undefined;
}

/** Work that is under way. */
export interface Span extends TracePoint {
  readonly traceparent: string;
  /** Whether a call under it asked a cloud to change something. */
  hasChangedCloud: boolean;
  /** Ends it, once; `failure` is the name of what went wrong. */
  end(more?: Attributes, failure?: string): void;
}

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** A `traceparent`, of a client or of ours. */
  readonly parent?: string | undefined;
  readonly attributes?: Attributes;
  /** `traceparent`s of other traces that the same work is for. */
  readonly links?: readonly string[];
}

export interface Tracing {
  /** Share of traces that are recorded, of those that begin here. */
  readonly ratio: number;
  readonly onEnd: (span: EndedSpan) => void;
}

let tracing: Tracing | undefined;
const current = new AsyncLocalStorage<Span | undefined>();

/** Begins to record spans in this process; undefined ends it. */
export function setTracing(next: Tracing | undefined): void {
  tracing = next;
}

/** Whether spans are recorded at all: asked before anything is made for them. */
export function isTracing(): boolean {
  return tracing !== undefined;
}

/** The span that the running work belongs to. */
export function currentSpan(): Span | undefined {
  return tracing === undefined ? undefined : current.getStore();
}

/** What finds the trace in logs, for each line of the running work. */
export function traceOfLog(): { traceId?: string } {
  const span = currentSpan();
  return span === undefined ? {} : { traceId: span.traceId };
}

/** Does work that belongs to a span; the span is ended by whoever began it. */
export function runIn<T>(span: Span, work: () => T): T {
  return current.run(span, work);
}

/** Does work that goes on beside the running one, such as for many: it belongs to no span. */
export function outsideSpans<T>(work: () => T): T {
  return currentSpan() === undefined ? work() : current.run(undefined, work);
}

/** A span of a trace that a client or an earlier step began; undefined where there is none or it is not recorded. */
export function continueTrace(name: string, options: SpanOptions): Span | undefined {
  const parent = readTraceparent(options.parent);
  return tracing === undefined || parent?.isSampled !== true ? undefined : begin(tracing, name, parent, options);
}

/** A span of the client's trace, or of a new one where the client has none; undefined for those that are not recorded. */
export function enterTrace(name: string, options: SpanOptions): Span | undefined {
  if (tracing === undefined) return undefined;
  const parent = readTraceparent(options.parent);
  if (parent !== undefined) return parent.isSampled ? begin(tracing, name, parent, options) : undefined;
  return Math.random() < tracing.ratio ? begin(tracing, name, undefined, options) : undefined;
}

function begin({ onEnd }: Tracing, name: string, parent: TracePoint | undefined, options: SpanOptions): Span {
  const point = { traceId: parent?.traceId ?? randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
  const startMs = nowMs();
  let hasEnded = false;
  return {
    ...point,
    traceparent: traceparentOf(point),
    hasChangedCloud: false,
    end(more, failure) {
      if (hasEnded) return;
      hasEnded = true;
      onEnd({
        ...point,
        parentSpanId: parent?.spanId,
        name,
        kind: options.kind ?? 'internal',
        startMs,
        endMs: nowMs(),
        attributes: { ...options.attributes, ...more },
        links: (options.links ?? []).flatMap((link) => readTraceparent(link) ?? []),
        failure,
      });
    },
  };
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** What an error is called, for a span. */
export function failureName(error: unknown): string {
  const { code, name } = error instanceof Error ? (error as Error & { code?: unknown }) : { code: undefined, name: '' };
  return typeof code === 'string' ? code : name || 'Error';
}
