import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

type Value = { readonly stringValue?: string; readonly intValue?: string; readonly boolValue?: boolean };

/** A span as it came over the wire, with its attributes by name. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, string>>;
  /** Roles of the process that it is from. */
  readonly roles: string;
}

interface Keyed {
  readonly key: string;
  readonly value: Value;
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Keyed[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'attributes'> & { readonly attributes: readonly Keyed[] })[];
    }[];
  }[];
}

export interface OtlpCollector {
  readonly origin: string;
  readonly spans: CollectedSpan[];
  /** Everything that was sent, as text. */
  received(): string;
  readonly headers: IncomingHttpHeaders[];
  /** What it answers from now on; default 200. */
  answerWith(status: number): void;
}

/** What takes traces as a collector of OpenTelemetry does (OTLP over HTTP, JSON). Closed when the running test ends. */
export async function startCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let received = '';
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method !== 'POST' || request.url !== '/v1/traces') return void response.writeHead(404).end();
    headers.push(request.headers);
    if (status === 200) {
      received += body;
      spans.push(...spansOf(JSON.parse(body) as TraceRequest));
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    received: () => received,
    headers,
    answerWith: (next) => void (status = next),
  };
}

function spansOf({ resourceSpans }: TraceRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        ...span,
        attributes: byName(span.attributes),
        roles: byName(resource.attributes)['datum.roles'] ?? '',
      })),
    ),
  );
}

function byName(attributes: readonly Keyed[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]));
}
