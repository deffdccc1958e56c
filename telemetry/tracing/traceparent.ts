/** Where in a trace something happens, as W3C Trace Context names it. */
export interface TracePoint {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** Version 00, or a later one that begins as 00 does. */
const form = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.{0,200})?$/;
const sampledFlag = 1;

/** What a `traceparent` says; undefined for one that is none. */
export function readTraceparent(text: unknown): (TracePoint & { readonly isSampled: boolean }) | undefined {
  if (typeof text !== 'string') return undefined;
  const [, traceId = '', spanId = '', flags = ''] = form.exec(text) ?? [];
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & sampledFlag) === sampledFlag };
}

/** The `traceparent` of a point that is recorded. */
export function traceparentOf({ traceId, spanId }: TracePoint): string {
  return `00-${traceId}-${spanId}-01`;
}
