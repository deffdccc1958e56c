/** A tracer of OpenTelemetry, as far as the client uses one: `trace.getTracer('my-program')` is one. */
export interface Tracer {
  startSpan(name: string, options?: { kind?: number; attributes?: Record<string, string | number | boolean> }): Span;
}

export interface Span {
  setAttribute(name: string, value: string | number | boolean): unknown;
  recordException(error: Error): void;
  setStatus(status: { code: number; message?: string }): unknown;
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  end(): void;
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const clientKind = 2;
const errorStatus = 2;

/** Runs a call in a span, and hands it the headers that make the server's spans part of the same trace. */
export async function traced<T>(
  tracer: Tracer | undefined,
  name: string,
  attributes: Record<string, string | number | boolean>,
  call: (headers: Record<string, string>, span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (tracer === undefined) return call({}, undefined);
  const span = tracer.startSpan(name, { kind: clientKind, attributes });
  try {
    return await call({ traceparent: traceParent(span) }, span);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    span.recordException(failure);
    span.setStatus({ code: errorStatus, message: failure.message });
    throw error;
  } finally {
    span.end();
  }
}

function traceParent(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
